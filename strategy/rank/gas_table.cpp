// SPDX-License-Identifier: Apache-2.0
#include "strategy/rank/gas_table.hpp"

#include <algorithm>
#include <array>

namespace plimsoll::strategy {

namespace {

// Every starting value. Measured on Aave V3.0.2 and Uniswap V3 with the Executor: 330 liquidations of 120
// accounts in all their pairs, each alone in its block, and 220 in bursts, where all but the first find the
// reserves' indices and the pool's observation written already and use up to a tenth less. Placed so that
// both lie within -10 and +15 %.
struct Model {
    std::uint64_t base;
    std::uint64_t per_asset;
    std::uint64_t per_tick;
    std::uint64_t
        refund;  // what eth_estimateGas answers above it: the locks and allowances set and cleared again
};
constexpr Model kSameAsset{344'000, 42'750, 0, 59'700};
constexpr Model kOneSwap{479'000, 42'750, 24'000, 99'500};
constexpr Model kTwoSwaps{546'000, 42'750, 24'000, 99'500};
// What the other lenders take less than Aave.
constexpr std::array<std::uint64_t, kFlashKindCount> kLenderSaves{0, 40'000, 35'000, 45'000};
constexpr std::uint64_t kMillion = 1'000'000;
constexpr std::uint64_t kLeast = 400'000;   // a lesson beyond these bounds is not believed,
constexpr std::uint64_t kMost = 2'500'000;  // in millionths

// One part in so many of a lesson is taken over.
constexpr std::uint64_t kNudge = 16;  // used gas scatters that much by itself
constexpr std::uint64_t kPull = 3;    // the table is wrong

bool within_tolerance(std::uint64_t used, std::uint64_t expected) {
    return used * 100 >= expected * 90 && used * 100 <= expected * 115;
}

std::size_t hops_of(const GasShape& shape) {
    if (shape.pool_fee == 0) return 0;
    return shape.second_fee == 0 ? 1 : 2;
}

std::size_t kind_of(const GasShape& shape) {
    return hops_of(shape) * kFlashKindCount + static_cast<std::size_t>(shape.flash);
}

const Model& model_of(const GasShape& shape) {
    static constexpr std::array<Model, 3> kModels{kSameAsset, kOneSwap, kTwoSwaps};
    return kModels.at(hops_of(shape));
}

std::uint64_t formula(const GasShape& shape) {
    const Model& model = model_of(shape);
    return model.base - kLenderSaves.at(static_cast<std::size_t>(shape.flash)) +
           model.per_asset * shape.assets + model.per_tick * shape.ticks;
}

}  // namespace

GasTable::Key GasTable::key_of(const GasShape& shape) {
    return {static_cast<std::uint32_t>(shape.venue) << 16U | shape.collateral, shape.debt, shape.pool_fee,
            shape.second_fee << 8U | static_cast<std::uint32_t>(shape.flash)};
}

Gas GasTable::expected(const GasShape& shape) const {
    const auto found = pairs_.find(key_of(shape));
    std::uint64_t factor = kinds_.at(kind_of(shape)).millionths;
    if (found != pairs_.end()) factor = found->second.millionths;
    if (factor == 0) factor = kMillion;
    return Gas{formula(shape) * factor / kMillion};
}

Gas GasTable::least(std::size_t hops) {
    GasShape shape;
    shape.pool_fee = hops > 0 ? 1 : 0;
    shape.second_fee = hops > 1 ? 1 : 0;
    shape.flash = FlashKind::morpho;
    return Gas{formula(shape) * kLeast / kMillion};
}

void GasTable::learn_used(const GasShape& shape, Gas used) {
    learn(shape, used.value * kMillion / formula(shape), true);
}

void GasTable::learn_estimated(const GasShape& shape, Gas estimated) {
    const std::uint64_t used = estimated.value - std::min(estimated.value, model_of(shape).refund);
    learn(shape, used * kMillion / formula(shape), false);
}

void GasTable::learn(const GasShape& shape, std::uint64_t millionths, bool from_receipt) {
    if (millionths < kLeast || millionths > kMost) return;
    Learned& kind = kinds_.at(kind_of(shape));
    if (kind.millionths == 0) kind.millionths = kMillion;
    Learned& pair = pairs_.try_emplace(key_of(shape), Learned{kind.millionths, false}).first->second;
    for (Learned* const entry : {&pair, &kind}) {
        if (entry->from_receipt && !from_receipt) continue;
        const std::uint64_t weight = within_tolerance(millionths, entry->millionths) ? kNudge : kPull;
        entry->millionths = (entry->millionths * (weight - 1) + millionths) / weight;
        entry->from_receipt = from_receipt;
    }
}

}  // namespace plimsoll::strategy
