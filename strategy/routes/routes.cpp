// SPDX-License-Identifier: Apache-2.0
#include "strategy/routes/routes.hpp"

#include "chain/codec/multicall.hpp"
#include "strategy/routes/uniswap_v3.hpp"

#include <algorithm>

namespace plimsoll::strategy {

namespace {

constexpr std::size_t kLookupsPerRead = 64;
constexpr std::size_t kLookupReads = 8;  // outstanding

}  // namespace

void Routes::start(const Head& at, std::vector<RouteAsset> assets) {
    started_ = true;
    at_ = at;
    assets_ = std::move(assets);
    std::sort(assets_.begin(), assets_.end(),
              [](const RouteAsset& a, const RouteAsset& b) { return a.token < b.token; });
    assets_.erase(std::unique(assets_.begin(), assets_.end(),
                              [](const RouteAsset& a, const RouteAsset& b) { return a.token == b.token; }),
                  assets_.end());
    lookups_.clear();
    asked_.clear();
    cursor_ = 0;
    pools_.clear();
    reader_.reset(0);
    make_lookups();
}

void Routes::make_lookups() {
    for (std::size_t i = 0; i < assets_.size(); ++i) {
        for (std::size_t j = i + 1; j < assets_.size(); ++j) {
            for (const std::uint32_t fee : uniswap_v3::kFees)
                lookups_.push_back(Lookup{assets_[i].token, assets_[j].token, fee});
        }
    }
}

void Routes::discover(const NextReadId& next_id, std::vector<ReadRequest>& out) {
    while (started_ && cursor_ < lookups_.size() && asked_.size() < kLookupReads) {
        const Batch batch{cursor_, std::min(kLookupsPerRead, lookups_.size() - cursor_)};
        std::vector<Call> calls;
        for (std::size_t i = 0; i < batch.count; ++i) {
            const Lookup& pair = lookups_[batch.first + i];
            calls.push_back(uniswap_v3::get_pool(contracts_.factory, pair.token0, pair.token1, pair.fee));
        }
        const ReadId id = next_id();
        out.push_back(ReadRequest{id, at_.hash, std::move(calls)});
        asked_.emplace(id, batch);
        cursor_ += batch.count;
    }
}

Result<Routes::Taken> Routes::accept(const ReadResult& result) {
    const auto found = asked_.find(result.id);
    if (found == asked_.end()) return reader_.accept(result, pools_) ? Taken::curve : Taken::foreign;
    const Batch batch = found->second;
    asked_.erase(found);
    PLIMSOLL_CHECK(take(batch, result));
    if (discovered()) cover_all();
    return Taken::discovery;
}

Result<void> Routes::take(const Batch& batch, const ReadResult& result) {
    if (!result.bytes) return tl::make_unexpected(result.bytes.error());
    PLIMSOLL_TRY(const auto answers, codec::decode_aggregate3(*result.bytes));
    if (answers.size() != batch.count)
        return fail(Errc::malformed_reply, "answers of UniswapV3Factory.getPool");
    for (std::size_t i = 0; i < batch.count; ++i) {
        if (!answers[i].success)
            return fail(Errc::no_code, "no Uniswap V3 factory at " + to_string(contracts_.factory));
        PLIMSOLL_TRY(const Address pool, uniswap_v3::read_pool(answers[i].data));
        const Lookup& pair = lookups_[batch.first + i];
        if (!pool.is_zero()) pools_.add(pool, pair.token0, pair.token1, pair.fee);
    }
    return {};
}

const RouteAsset* Routes::asset(const Address& token) const {
    const auto found = std::lower_bound(assets_.begin(), assets_.end(), token,
                                        [](const RouteAsset& a, const Address& t) { return a.token < t; });
    return found != assets_.end() && found->token == token ? &*found : nullptr;
}

void Routes::cover_all() {
    reader_.reset(pools_.direction_count());
    for (DirectionId i = 0; i < pools_.direction_count(); ++i) {
        if (const RouteAsset* in = asset(pools_.hop(i).token_in)) reader_.cover(i, in->smallest, in->largest);
    }
}

void Routes::refresh(const Head& at, const NextReadId& next_id, std::vector<ReadRequest>& out) {
    if (discovered()) reader_.next_reads(at, pools_, next_id, out);
}

void Routes::restrict_to(std::span<const Need> needs) {
    if (!discovered()) return;
    for (DirectionId i = 0; i < pools_.direction_count(); ++i)
        reader_.ignore(i);
    for (const Need& need : needs) {
        const RouteAsset* in = asset(need.in);
        if (in == nullptr) continue;
        for (const DirectionId direction : pools_.directions(need.in, need.out))
            reader_.cover(direction, in->smallest, std::max(need.largest, in->smallest));
    }
}

void Routes::prefer(const Address& in, const Address& out, const TokenAmount& amount) {
    for (const DirectionId direction : pools_.directions(in, out))
        reader_.prefer(direction, amount);
}

void Routes::sharpen(const Address& in, const Address& out, const TokenAmount& amount) {
    for (const DirectionId direction : pools_.directions(in, out))
        reader_.sharpen(direction, amount, pools_);
}

}  // namespace plimsoll::strategy
