// SPDX-License-Identifier: Apache-2.0
#include "chain/codec/abi_reader.hpp"
#include "chain/codec/multicall.hpp"
#include "chain/codec/selector.hpp"
#include "strategy/venues/aave_v3/answers.hpp"
#include "strategy/venues/aave_v3/venue.hpp"

#include <algorithm>
#include <numeric>
#include <utility>

// The part of AaveV3Venue that asks at each block: the oracle, the sentinel, and one reserve's cash in turn.
namespace plimsoll::strategy {

using aave_v3::call_about;
using aave_v3::cash_call;
using aave_v3::plain_call;

namespace {

constexpr codec::Selector kGetAssetPrice = codec::selector("getAssetPrice(address)");
constexpr codec::Selector kIsLiquidationAllowed = codec::selector("isLiquidationAllowed()");
/// Answers for older blocks than this many are of no use any more.
constexpr std::size_t kRequestsKept = 16;

Usd price_in(const codec::CallResult& answer) {
    codec::AbiReader reader{answer.data};
    const U256 price = reader.u256();
    // The oracle reverts where it has no price, and then so does every call that needs one.
    return answer.success && reader.ok() ? Usd{price} : Usd{};
}

}  // namespace

std::vector<ReadRequest> AaveV3Venue::price_reads(const Head& block, const NextReadId& next_id) {
    // Event-driven leaves are read too: an aggregator is replaced behind its proxy without a log.
    PriceRequest request{0, block.hash, {}, {}, false};
    request.leaves.resize(leaves_.size());
    std::iota(request.leaves.begin(), request.leaves.end(), ReserveId{0});
    if (request.leaves.empty()) return {};
    std::vector<Call> calls;
    for (const ReserveId leaf : request.leaves)
        calls.push_back(call_about(market_.oracle, kGetAssetPrice, market_.reserves[leaf].underlying));
    request.cash = cash_.next_sample();
    calls.push_back(cash_call(market_, market_.reserves[*request.cash]));
    request.sentinel = !market_.sentinel.is_zero();
    if (request.sentinel) calls.push_back(plain_call(market_.sentinel, kIsLiquidationAllowed));
    request.id = next_id();
    std::vector<ReadRequest> out;
    out.push_back(ReadRequest{request.id, block.hash, std::move(calls)});
    price_requests_.push_back(std::move(request));
    if (price_requests_.size() > kRequestsKept) price_requests_.pop_front();
    return out;
}

Result<std::vector<ReserveId>> AaveV3Venue::accept_prices(const ReadResult& result) {
    const auto place =
        std::find_if(price_requests_.begin(), price_requests_.end(),
                     [&result](const PriceRequest& request) { return request.id == result.id; });
    std::vector<ReserveId> moved;
    if (place == price_requests_.end()) return moved;
    const PriceRequest request = std::move(*place);
    price_requests_.erase(place);
    if (!result.bytes) return tl::make_unexpected(result.bytes.error());
    if (!in_step_ || request.block != applied_.back().hash) return moved;
    PLIMSOLL_TRY(const std::vector<codec::CallResult> answers, codec::decode_aggregate3(*result.bytes));
    const std::size_t others = (request.cash ? 1U : 0U) + (request.sentinel ? 1U : 0U);
    if (answers.size() != request.leaves.size() + others)
        return fail(Errc::malformed_reply, "price read with missing answers");
    std::vector<ReadPrice> prices;
    for (std::size_t i = 0; i < request.leaves.size(); ++i)
        prices.push_back({request.leaves[i], price_in(answers[i])});
    take_other_answers(request, std::span{answers}.subspan(request.leaves.size()));
    leaves_.read(prices, moved);
    refresh_polled();
    return moved;
}

void AaveV3Venue::take_other_answers(const PriceRequest& request,
                                     std::span<const codec::CallResult> answers) {
    aave_v3::Answers others{answers};
    if (request.cash) {
        if (const auto cash = others.number("cash")) cash_.read(*request.cash, *cash);
    }
    if (request.sentinel) {
        const auto allowed = others.number("isLiquidationAllowed()");
        liquidations_allowed_ = allowed && !allowed->is_zero();
    }
}

}  // namespace plimsoll::strategy
