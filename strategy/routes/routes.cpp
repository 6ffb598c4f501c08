// SPDX-License-Identifier: Apache-2.0
#include "strategy/routes/routes.hpp"

#include "chain/codec/multicall.hpp"
#include "strategy/routes/uniswap_v3.hpp"

#include <algorithm>

namespace plimsoll::strategy {

namespace {

constexpr std::size_t kLookupsPerRead = 64;
constexpr std::size_t kLookupReads = 8;           // outstanding
constexpr std::size_t kChosenIntermediates = 12;  // where none are named

}  // namespace

void Routes::start(const Head& at, std::vector<RouteAsset> assets, std::vector<Address> intermediates,
                   const Address& native) {
    started_ = true;
    started_reading_ = false;
    at_ = at;
    native_ = native;
    assets_ = std::move(assets);
    for (const Address& token : intermediates)
        assets_.push_back(RouteAsset{token, {}});
    std::stable_sort(assets_.begin(), assets_.end(),
                     [](const RouteAsset& a, const RouteAsset& b) { return a.token < b.token; });
    assets_.erase(std::unique(assets_.begin(), assets_.end(),
                              [](const RouteAsset& a, const RouteAsset& b) { return a.token == b.token; }),
                  assets_.end());
    intermediates_ = std::move(intermediates);
    lookups_.clear();
    asked_.clear();
    cursor_ = 0;
    pools_.clear();
    reader_.reset();
    make_lookups();
}

void Routes::make_lookups() {
    for (std::size_t i = 0; i < assets_.size(); ++i) {
        for (std::size_t j = i + 1; j < assets_.size(); ++j) {
            for (std::size_t tier = 0; tier < uniswap_v3::kTiers.size(); ++tier)
                lookups_.push_back(Lookup{assets_[i].token, assets_[j].token, tier});
        }
    }
}

void Routes::discover(const NextReadId& next_id, std::vector<ReadRequest>& out) {
    while (started_ && cursor_ < lookups_.size() && asked_.size() < kLookupReads) {
        const Batch batch{cursor_, std::min(kLookupsPerRead, lookups_.size() - cursor_)};
        std::vector<Call> calls;
        for (std::size_t i = 0; i < batch.count; ++i) {
            const Lookup& pair = lookups_[batch.first + i];
            calls.push_back(uniswap_v3::get_pool(contracts_.factory, pair.token0, pair.token1,
                                                 uniswap_v3::kTiers.at(pair.tier).fee));
        }
        const ReadId id = next_id();
        out.push_back(ReadRequest{id, at_.hash, std::move(calls)});
        asked_.emplace(id, batch);
        cursor_ += batch.count;
    }
    if (!found() || discovered()) return;
    if (!started_reading_ && intermediates_.empty()) choose_intermediates();
    started_reading_ = true;
    reader_.next_reads(
        at_, pools_, [this](const Address& token) { return sample(token); }, false, next_id, out);
}

/// The native coin, and those with pools to the most others.
void Routes::choose_intermediates() {
    std::vector<std::pair<std::size_t, Address>> ranked;
    for (const RouteAsset& asset : assets_) {
        std::size_t partners = 0;
        for (const RouteAsset& other : assets_)
            partners += pools_.directions(asset.token, other.token).empty() ? 0U : 1U;
        if (asset.token == native_) partners = assets_.size() + 1;
        if (partners > 1) ranked.emplace_back(partners, asset.token);
    }
    std::sort(ranked.begin(), ranked.end(), std::greater<>{});
    ranked.resize(std::min(ranked.size(), kChosenIntermediates));
    for (const auto& [partners, token] : ranked)
        intermediates_.push_back(token);
}

Result<Routes::Taken> Routes::accept(const ReadResult& result) {
    const auto asked = asked_.find(result.id);
    if (asked == asked_.end()) {
        PLIMSOLL_TRY(const bool ours, reader_.accept(result, pools_));
        return ours ? Taken::ours : Taken::foreign;
    }
    const Batch batch = asked->second;
    asked_.erase(asked);
    PLIMSOLL_CHECK(take(batch, result));
    return Taken::ours;
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
        if (pool.is_zero()) continue;
        const Lookup& pair = lookups_[batch.first + i];
        const uniswap_v3::Tier& tier = uniswap_v3::kTiers.at(pair.tier);
        pools_.add(pool, pair.token0, pair.token1, uniswap_v3::PoolLiquidity{tier.fee, tier.spacing});
    }
    return {};
}

TokenAmount Routes::sample(const Address& token) const {
    const auto found = std::lower_bound(assets_.begin(), assets_.end(), token,
                                        [](const RouteAsset& a, const Address& t) { return a.token < t; });
    return found != assets_.end() && found->token == token ? found->sample : TokenAmount{};
}

void Routes::refresh(const Head& at, const NextReadId& next_id, std::vector<ReadRequest>& out) {
    if (!found()) return;
    reader_.next_reads(
        at, pools_, [this](const Address& token) { return sample(token); }, true, next_id, out);
}

void Routes::prepare_hop(std::span<const DirectionId> directions, const TokenAmount& amount,
                         TokenAmount& out) {
    for (const DirectionId direction : directions) {
        if (!pools_.known(pool_of(direction))) continue;
        const uniswap_v3::SwapOutcome swap = pools_.sell(direction, amount, {});
        if (swap.end == uniswap_v3::SwapEnd::beyond)
            reader_.want_more(pool_of(direction), sells_token0(direction));
        out = std::max(out, TokenAmount{swap.amount_out});
    }
}

void Routes::prepare(const Address& in, const Address& out, const TokenAmount& amount) {
    if (!found() || amount.is_zero()) return;
    TokenAmount bought;
    prepare_hop(pools_.directions(in, out), amount, bought);
    for (const Address& middle : intermediates_) {
        if (middle == in || middle == out) continue;
        TokenAmount between;
        prepare_hop(pools_.directions(in, middle), amount, between);
        if (!between.is_zero()) prepare_hop(pools_.directions(middle, out), between, bought);
    }
}

std::size_t Routes::steps_done() const noexcept {
    std::size_t out = cursor_;
    for (PoolId pool = 0; pool < pools_.size(); ++pool)
        out += pools_.known(pool) || pools_.refused(pool) ? 1U : 0U;
    return out;
}

std::size_t Routes::refused() const noexcept {
    std::size_t out = 0;
    for (PoolId pool = 0; pool < pools_.size(); ++pool)
        out += pools_.refused(pool) ? 1U : 0U;
    return out;
}

}  // namespace plimsoll::strategy
