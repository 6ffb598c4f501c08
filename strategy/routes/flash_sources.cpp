// SPDX-License-Identifier: Apache-2.0
#include "strategy/routes/flash_sources.hpp"

#include "chain/codec/abi_reader.hpp"
#include "chain/codec/abi_writer.hpp"
#include "chain/codec/multicall.hpp"

#include <algorithm>

namespace plimsoll::strategy {

namespace {

constexpr std::size_t kPoolsPerToken = 3;
constexpr std::uint64_t kMillion = 1'000'000;

Call view(const Address& to, const codec::Selector& selector) {
    codec::AbiWriter out{selector};
    return Call{to, out.take()};
}

Call balance_of(const Address& token, const Address& holder) {
    codec::AbiWriter out{codec::selector("balanceOf(address)")};
    out.address(holder);
    return Call{token, out.take()};
}

/// One word, or nothing where the call failed.
std::optional<U256> word_of(const codec::CallResult& answer) {
    codec::AbiReader in{answer.data};
    const U256 value = in.u256();
    if (!answer.success || !in.finish("flash source")) return std::nullopt;
    return value;
}

}  // namespace

void FlashSources::start(std::vector<Address> tokens) {
    tokens_ = std::move(tokens);
    std::sort(tokens_.begin(), tokens_.end());
    tokens_.erase(std::unique(tokens_.begin(), tokens_.end()), tokens_.end());
    asked_.reset();
    by_token_.clear();
    collector_.reset();
    balancer_fee_.reset();
}

/// The vault and Morpho for every token, and of the pools those of the lowest tiers.
void FlashSources::plan_balances(const PoolTable& pools) {
    planned_.clear();
    const auto add = [&](const Address& token, FlashKind kind, const Address& lender,
                         std::optional<PoolId> pool) {
        planned_.push_back(Balance{token, FlashOffer{kind, lender, {}, pool}});
    };
    std::map<Address, std::vector<std::pair<std::uint32_t, PoolId>>> by_fee;
    for (PoolId pool = 0; contracts_.pools && pool < pools.size(); ++pool) {
        if (!pools.known(pool) || pools.state(pool).slot.sqrt_price.is_zero()) continue;
        const Hop hop = pools.hop(pool * 2);
        by_fee[hop.token_in].emplace_back(hop.fee, pool);
        by_fee[hop.token_out].emplace_back(hop.fee, pool);
    }
    for (const Address& token : tokens_) {
        if (!contracts_.morpho.is_zero()) add(token, FlashKind::morpho, contracts_.morpho, std::nullopt);
        if (!contracts_.balancer_vault.is_zero())
            add(token, FlashKind::balancer_v2, contracts_.balancer_vault, std::nullopt);
        auto& own = by_fee[token];
        std::sort(own.begin(), own.end());
        own.resize(std::min(own.size(), kPoolsPerToken));
        for (const auto& [fee, pool] : own)
            add(token, FlashKind::uniswap_v3, pools.address(pool), pool);
    }
}

void FlashSources::next_reads(const Head& at, const PoolTable& pools, const NextReadId& next_id,
                              std::vector<ReadRequest>& out) {
    if (asked_ || at.hash == asked_at_ || tokens_.empty()) return;
    plan_balances(pools);
    if (planned_.empty()) return;
    asked_at_ = at.hash;
    std::vector<Call> calls;
    if (!contracts_.balancer_vault.is_zero()) {
        // The collector is told by the first answer, its fee by every later one.
        calls.push_back(collector_
                            ? view(*collector_, codec::selector("getFlashLoanFeePercentage()"))
                            : view(contracts_.balancer_vault, codec::selector("getProtocolFeesCollector()")));
    }
    for (const Balance& balance : planned_)
        calls.push_back(balance_of(balance.token, balance.offer.lender));
    asked_ = next_id();
    out.push_back(ReadRequest{*asked_, at.hash, std::move(calls)});
}

bool FlashSources::accept(const ReadResult& result) {
    if (asked_ != result.id) return false;
    asked_.reset();
    by_token_.clear();
    if (!result.bytes) return true;
    const auto answers = codec::decode_aggregate3(*result.bytes);
    const std::size_t first = contracts_.balancer_vault.is_zero() ? 0 : 1;
    if (!answers || answers->size() != planned_.size() + first) return true;
    if (first == 1) {
        const auto word = word_of(answers->front());
        if (!collector_) {
            if (word && word->bit_width() <= 160) collector_ = Address::from_word(Hash32::from_u256(*word));
        } else {
            balancer_fee_ = word;
        }
    }
    for (std::size_t i = 0; i < planned_.size(); ++i) {
        const auto held = word_of((*answers)[i + first]);
        if (!held || held->is_zero()) continue;
        FlashOffer offer = planned_[i].offer;
        offer.available = TokenAmount{*held};
        by_token_[planned_[i].token].push_back(offer);
    }
    return true;
}

void FlashSources::offers(const Address& token, const TokenAmount& amount, const ExitPath& path,
                          const PoolTable& pools, std::vector<FlashSource>& out) const {
    const auto found = by_token_.find(token);
    if (found == by_token_.end()) return;
    bool pool_offered = false;  // they come in the order of their tiers
    for (const FlashOffer& offer : found->second) {
        if (offer.available < amount || (offer.pool && (pool_offered || path.uses(*offer.pool)))) continue;
        TokenAmount fee;
        if (offer.kind == FlashKind::balancer_v2) {
            if (!balancer_fee_) continue;
            fee = mul_div(amount, *balancer_fee_, pow10(18), Rounding::up);
        } else if (offer.pool) {
            pool_offered = true;
            fee =
                mul_div(amount, U256{pools.state(*offer.pool).liquidity.fee()}, U256{kMillion}, Rounding::up);
        }
        out.push_back(FlashSource{offer.kind, offer.lender, fee});
    }
}

}  // namespace plimsoll::strategy
