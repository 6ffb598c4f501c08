// SPDX-License-Identifier: Apache-2.0
#include "strategy/rank/gas_table.hpp"

#include <algorithm>

namespace plimsoll::strategy {

namespace {

// Every starting value, measured with the Executor on Aave V3.0.2 and Uniswap V3.
struct Model {
    std::uint64_t base;
    std::uint64_t per_asset;
    std::uint64_t per_tick;
};
constexpr Model kSameAsset{430'000, 24'000, 0};
constexpr Model kOneSwap{560'000, 24'000, 24'000};
// eth_estimateGas answers the limit that suffices, before refunds are given back.
constexpr std::uint64_t kUsedOverEstimated = 900'000;  // millionths

constexpr std::uint64_t kMillion = 1'000'000;
constexpr std::uint64_t kLeast = 400'000;   // a lesson beyond these bounds is not believed,
constexpr std::uint64_t kMost = 2'500'000;  // in millionths

std::size_t kind_of(const GasShape& shape) {
    return shape.pool_fee == 0 ? 0 : 1;
}

std::uint64_t formula(const GasShape& shape) {
    const Model& model = shape.pool_fee == 0 ? kSameAsset : kOneSwap;
    return model.base + model.per_asset * shape.assets + model.per_tick * shape.ticks;
}

std::uint64_t pair_of(const GasShape& shape) {
    return (static_cast<std::uint64_t>(shape.venue) << 48U) |
           (static_cast<std::uint64_t>(shape.collateral) << 32U) |
           (static_cast<std::uint64_t>(shape.debt) << 16U) | (shape.pool_fee & 0xFFFFU);
}

}  // namespace

Gas GasTable::expected(const GasShape& shape) const {
    const auto found = pairs_.find(pair_of(shape));
    std::uint64_t factor = kinds_[kind_of(shape)].millionths;
    if (found != pairs_.end()) factor = found->second.millionths;
    if (factor == 0) factor = kMillion;
    return Gas{formula(shape) * factor / kMillion};
}

void GasTable::learn_used(const GasShape& shape, Gas used) {
    learn(shape, used.value * kMillion / formula(shape), true);
}

void GasTable::learn_estimated(const GasShape& shape, Gas estimated) {
    learn(shape, estimated.value * kUsedOverEstimated / formula(shape), false);
}

void GasTable::learn(const GasShape& shape, std::uint64_t millionths, bool from_receipt) {
    if (millionths < kLeast || millionths > kMost) return;
    for (Learned* const entry : {&pairs_[pair_of(shape)], &kinds_[kind_of(shape)]}) {
        if (entry->from_receipt && !from_receipt) continue;
        const bool first = entry->millionths == 0 || entry->from_receipt != from_receipt;
        entry->millionths = first ? millionths : (entry->millionths + millionths) / 2;
        entry->from_receipt = from_receipt;
    }
}

}  // namespace plimsoll::strategy
