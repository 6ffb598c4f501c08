// SPDX-License-Identifier: Apache-2.0
#include "strategy/prices/source_probe.hpp"

#include "chain/codec/abi_reader.hpp"
#include "chain/codec/selector.hpp"

#include <optional>

namespace plimsoll::strategy {

namespace {

constexpr codec::Selector kAggregator = codec::selector("aggregator()");
constexpr codec::Selector kLatestAnswer = codec::selector("latestAnswer()");
constexpr codec::Selector kAssetToPeg = codec::selector("ASSET_TO_PEG()");
constexpr codec::Selector kPegToBase = codec::selector("PEG_TO_BASE()");
constexpr codec::Selector kDenominator = codec::selector("DENOMINATOR()");
constexpr codec::Selector kDecimals = codec::selector("DECIMALS()");

Call ask(const Address& to, const codec::Selector& selector) {
    return Call{to, Bytes(selector.begin(), selector.end())};
}

std::optional<Address> address_in(const codec::CallResult& answer) {
    codec::AbiReader reader{answer.data};
    const Address out = reader.address();
    if (!answer.success || !reader.ok() || out.is_zero()) return std::nullopt;
    return out;
}

std::optional<U256> number_in(const codec::CallResult& answer) {
    codec::AbiReader reader{answer.data};
    const U256 out = reader.u256();
    if (!answer.success || !reader.ok()) return std::nullopt;
    return out;
}

Answer answer_in(const codec::CallResult& result) {
    const std::optional<U256> word = number_in(result);
    if (!word || word->bit(255)) return {};
    return {*word};
}

}  // namespace

std::vector<Call> SourceProbe::first_calls() const {
    if (source_.is_zero()) return {};
    return {ask(source_, kAggregator), ask(source_, kLatestAnswer), ask(source_, kAssetToPeg),
            ask(source_, kPegToBase),  ask(source_, kDenominator),  ask(source_, kDecimals)};
}

void SourceProbe::accept_first(std::span<const codec::CallResult> answers) {
    if (const auto aggregator = address_in(answers[0])) {
        found_.kind = SourceKind::feed;
        found_.first = *aggregator;
        first_answer_ = answer_in(answers[1]);
        return;
    }
    const auto asset_to_peg = address_in(answers[2]);
    const auto peg_to_base = address_in(answers[3]);
    const auto denominator = number_in(answers[4]);
    const auto decimals = number_in(answers[5]);
    if (!asset_to_peg || !peg_to_base || !denominator || denominator->is_zero() || !decimals) return;
    if (*decimals > U256{kMostDecimals}) return;
    first_proxy_ = *asset_to_peg;
    second_proxy_ = *peg_to_base;
    found_.denominator = *denominator;
    found_.multiplier = pow10(static_cast<unsigned>(decimals->low64()));
}

std::vector<Call> SourceProbe::second_calls() const {
    if (first_proxy_.is_zero()) return {};
    return {ask(first_proxy_, kAggregator), ask(first_proxy_, kLatestAnswer), ask(second_proxy_, kAggregator),
            ask(second_proxy_, kLatestAnswer)};
}

void SourceProbe::accept_second(std::span<const codec::CallResult> answers) {
    const auto first = address_in(answers[0]);
    const auto second = address_in(answers[2]);
    if (!first || !second) return;
    found_.kind = SourceKind::product;
    found_.first = *first;
    found_.second = *second;
    first_answer_ = answer_in(answers[1]);
    second_answer_ = answer_in(answers[3]);
}

void SourceProbe::collect(std::unordered_map<Address, Answer>& answers) const {
    if (found_.kind != SourceKind::polled) answers[found_.first] = first_answer_;
    if (found_.kind == SourceKind::product) answers[found_.second] = second_answer_;
}

}  // namespace plimsoll::strategy
