// SPDX-License-Identifier: Apache-2.0
#include "strategy/prices/price_leaves.hpp"

#include <utility>

// The part of PriceLeaves that turns them into bytes and back.
namespace plimsoll::strategy {

namespace {

constexpr std::size_t kMostLeaves = 1U << 12U;
constexpr std::size_t kAnswerBytes = 20 + 32;
constexpr std::size_t kLeafBytes = 1 + 2 * 4 + 2 * 32 + 3 + 32;

}  // namespace

void PriceLeaves::save(SnapshotWriter& out) const {
    out.length(answers_.size());
    for (const AggregatorAnswer& state : answers_) {
        out.address(state.aggregator);
        out.u256(state.answer.value);
    }
    out.length(leaves_.size());
    for (std::size_t i = 0; i < leaves_.size(); ++i) {
        const Leaf& leaf = leaves_[i];
        out.u8(static_cast<std::uint8_t>(leaf.source.kind));
        out.u32(leaf.first);
        out.u32(leaf.second);
        out.u256(leaf.source.multiplier);
        out.u256(leaf.source.denominator);
        out.boolean(leaf.distrusted);
        out.boolean(leaf.silent);
        out.boolean(leaf.read_at == newest_);
        out.amount(prices_[i]);
    }
}

PriceLeaves::Leaf PriceLeaves::load_leaf(SnapshotReader& in, const Hash32& block) const {
    Leaf out;
    const std::uint8_t kind = in.u8();
    if (kind > static_cast<std::uint8_t>(SourceKind::product)) in.reject("price source of an unknown kind");
    out.source.kind = static_cast<SourceKind>(kind);
    out.first = in.u32();
    out.second = in.u32();
    out.source.multiplier = in.u256();
    out.source.denominator = in.u256();
    out.distrusted = in.boolean();
    out.silent = in.boolean();
    if (in.boolean()) out.read_at = block;
    const auto answers = static_cast<std::uint32_t>(answers_.size());
    const bool has_first = out.source.kind != SourceKind::polled;
    const bool has_second = out.source.kind == SourceKind::product;
    if ((has_first ? out.first >= answers : out.first != kNone) ||
        (has_second ? out.second >= answers : out.second != kNone)) {
        in.reject("price source without its aggregator");
        return Leaf{};
    }
    if (has_first) out.source.first = answers_[out.first].aggregator;
    if (has_second) out.source.second = answers_[out.second].aggregator;
    return out;
}

void PriceLeaves::load(SnapshotReader& in, const Hash32& block) {
    reset(block, {}, {}, {});
    std::size_t left = in.length(2 * kMostLeaves, kAnswerBytes);
    for (; left != 0 && in.ok(); --left) {
        AggregatorAnswer state;
        state.aggregator = in.address();
        state.answer.value = in.u256();
        const auto index = static_cast<std::uint32_t>(answers_.size());
        if (!answer_of_.try_emplace(state.aggregator, index).second) in.reject("one aggregator twice");
        answers_.push_back(state);
    }
    left = in.length(kMostLeaves, kLeafBytes);
    for (; left != 0 && in.ok(); --left) {
        leaves_.push_back(load_leaf(in, block));
        demoted_ += leaves_.back().distrusted ? 1U : 0U;
        prices_.push_back(in.amount<Usd>());
    }
    link_leaves();
    if (!in.ok()) reset(block, {}, {}, {});
}

}  // namespace plimsoll::strategy
