// SPDX-License-Identifier: Apache-2.0
#include "strategy/prices/price_guard.hpp"

#include "chain/codec/abi_reader.hpp"
#include "chain/codec/multicall.hpp"
#include "chain/codec/selector.hpp"
#include "strategy/prices/price_source.hpp"

#include <algorithm>
#include <utility>

namespace plimsoll::strategy {

namespace {

constexpr codec::Selector kAnswerOf = codec::selector("latestAnswer()");
constexpr codec::Selector kDecimalsOf = codec::selector("decimals()");
constexpr std::size_t kCallsEach = 2;
constexpr unsigned kUsdDecimals = 8;
constexpr std::uint64_t kBasisPoints = 10'000;

std::optional<U256> word_in(const codec::CallResult& result) {
    codec::AbiReader reader{result.data};
    const U256 out = reader.u256();
    if (!result.success || !reader.ok()) return std::nullopt;
    return out;
}

/// In 8 decimals; nothing for an answer that is no price.
std::optional<Usd> price_in(const codec::CallResult& answer, const codec::CallResult& decimals) {
    const auto value = word_in(answer);
    const auto places = word_in(decimals);
    if (!value || value->is_zero() || value->bit(255)) return std::nullopt;
    if (!places || *places > U256{kMostDecimals}) return std::nullopt;
    try {
        const auto digits = static_cast<unsigned>(places->low64());
        return Usd{mul_div_down(*value, pow10(kUsdDecimals), pow10(digits))};
    } catch (const ArithmeticError&) {
        return std::nullopt;
    }
}

}  // namespace

PriceGuard::PriceGuard(std::vector<SecondSource> sources, BasisPoints max_deviation, std::uint64_t max_age)
    : max_deviation_{max_deviation}, max_age_{max_age} {
    watched_.reserve(sources.size());
    for (const SecondSource& source : sources)
        watched_.push_back(Watched{source, std::nullopt, Timestamp{}});
}

std::vector<Call> PriceGuard::calls() const {
    std::vector<Call> out;
    out.reserve(watched_.size() * kCallsEach);
    for (const Watched& watched : watched_) {
        out.push_back(Call{watched.source.source, Bytes(kAnswerOf.begin(), kAnswerOf.end())});
        out.push_back(Call{watched.source.source, Bytes(kDecimalsOf.begin(), kDecimalsOf.end())});
    }
    return out;
}

Result<void> PriceGuard::accept(const Head& head, BytesView answer) {
    const auto results = codec::decode_aggregate3(answer);
    if (!results) return tl::unexpected{results.error()};
    if (results->size() != watched_.size() * kCallsEach)
        return fail(Errc::malformed_reply, "second price sources: another number of answers than of calls");
    for (std::size_t i = 0; i < watched_.size(); ++i) {
        watched_[i].price = price_in((*results)[i * kCallsEach], (*results)[i * kCallsEach + 1]);
        watched_[i].read_at = head.timestamp;
    }
    return {};
}

bool PriceGuard::agrees(const Watched& watched, const Usd& price, Timestamp now) const {
    if (!watched.price) return false;
    if (now.value > watched.read_at.value && now.value - watched.read_at.value > max_age_) return false;
    const Usd& second = *watched.price;
    const U256 apart = price > second ? (price - second).raw() : (second - price).raw();
    try {
        return apart * U256{kBasisPoints} <= second.raw() * U256{max_deviation_.value};
    } catch (const ArithmeticError&) {
        return false;
    }
}

bool PriceGuard::allows(const Address& asset, const Usd& price, Timestamp now) const {
    return std::ranges::all_of(watched_, [&](const Watched& watched) {
        return watched.source.asset != asset || agrees(watched, price, now);
    });
}

}  // namespace plimsoll::strategy
