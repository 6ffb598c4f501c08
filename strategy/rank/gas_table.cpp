// SPDX-License-Identifier: Apache-2.0
#include "strategy/rank/gas_table.hpp"

#include <algorithm>
#include <array>

namespace plimsoll::strategy {

namespace {

struct Model {
    std::uint64_t base;
    std::uint64_t per_asset;
    std::uint64_t per_tick;
};
using Models = std::array<Model, 3>;  // by hops

// Every starting value. Measured with the Executor on Uniswap V3 and Aave V3.0.2 and V3.6: 9,000 liquidations
// of accounts of two to six assets in all their pairs and tiers and from all lenders, each alone in its
// block, and in bursts of ten, where all but the first find the reserves' indices and the pool's observation
// written already and use up to a tenth less. Placed so that both lie within -10 and +15 %.
constexpr Models kClassic{{{343'000, 44'000, 0}, {471'000, 44'000, 24'000}, {549'000, 42'000, 24'000}}};
// Measured at revision 10, and nearest for all after the third.
constexpr Models kLater{{{316'000, 38'000, 0}, {424'000, 38'000, 24'000}, {496'000, 40'000, 24'000}}};
constexpr std::uint32_t kLastClassic = 3;  // POOL_REVISION of Aave V3.0.2

// What the other lenders take less than Aave, by FlashKind.
constexpr std::array<std::uint64_t, kFlashKindCount> kLenderSaves{0, 4'000, 25'000, 36'000};

// What eth_estimateGas answers above the gas used: the locks and allowances set and cleared again.
constexpr std::array<std::uint64_t, 3> kRefund{62'500, 102'300, 122'200};  // by hops, borrowed from Morpho
constexpr std::array<std::uint64_t, kFlashKindCount> kRefundsLess{2'800, 19'900, 17'100, 0};

constexpr std::uint64_t kMillion = 1'000'000;
constexpr std::uint64_t kLeast = 400'000;   // a lesson beyond these bounds is not believed,
constexpr std::uint64_t kMost = 2'500'000;  // in millionths

constexpr std::size_t kMostPairs = 1U << 20U;  // in a snapshot
constexpr std::size_t kPairBytes = 4 * 4 + 4 + 1;

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

bool later(const GasShape& shape) {
    return shape.revision > kLastClassic;
}

std::size_t kind_of(const GasShape& shape) {
    const std::size_t era = later(shape) ? 3 : 0;
    return (era + hops_of(shape)) * kFlashKindCount + static_cast<std::size_t>(shape.flash);
}

std::uint64_t formula(const GasShape& shape) {
    const Model& model = (later(shape) ? kLater : kClassic).at(hops_of(shape));
    return model.base - kLenderSaves.at(static_cast<std::size_t>(shape.flash)) +
           model.per_asset * shape.assets + model.per_tick * shape.ticks;
}

std::uint64_t refund(const GasShape& shape) {
    return kRefund.at(hops_of(shape)) - kRefundsLess.at(static_cast<std::size_t>(shape.flash));
}

}  // namespace

GasTable::Key GasTable::key_of(const GasShape& shape) {
    return {static_cast<std::uint32_t>(shape.venue) << 16U | shape.collateral, shape.debt, shape.pool_fee,
            shape.second_fee << 8U | (later(shape) ? 16U : 0U) | static_cast<std::uint32_t>(shape.flash)};
}

Gas GasTable::expected(const GasShape& shape) const {
    const auto found = pairs_.find(key_of(shape));
    std::uint64_t factor = kinds_.at(kind_of(shape)).millionths;
    if (found != pairs_.end()) factor = found->second.millionths;
    if (factor == 0) factor = kMillion;
    return Gas{formula(shape) * factor / kMillion};
}

Gas GasTable::least(std::size_t hops, std::uint32_t revision) {
    GasShape shape;
    shape.revision = revision;
    shape.pool_fee = hops > 0 ? 1 : 0;
    shape.second_fee = hops > 1 ? 1 : 0;
    shape.flash = FlashKind::morpho;
    return Gas{formula(shape) * kLeast / kMillion};
}

void GasTable::learn_used(const GasShape& shape, Gas used) {
    learn(shape, used.value * kMillion / formula(shape), true);
}

void GasTable::learn_estimated(const GasShape& shape, Gas estimated) {
    const std::uint64_t used = estimated.value - std::min(estimated.value, refund(shape));
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

void GasTable::save_learned(const Learned& learned, SnapshotWriter& out) {
    out.u32(static_cast<std::uint32_t>(learned.millionths));
    out.boolean(learned.from_receipt);
}

GasTable::Learned GasTable::load_learned(SnapshotReader& in) {
    Learned out;
    out.millionths = in.u32();
    out.from_receipt = in.boolean();
    if (out.millionths != 0 && (out.millionths < kLeast || out.millionths > kMost))
        in.reject("gas that nobody can have learned");
    return out;
}

void GasTable::save(SnapshotWriter& out) const {
    for (const Learned& kind : kinds_)
        save_learned(kind, out);
    out.length(pairs_.size());
    for (const auto& [key, learned] : pairs_) {
        for (const std::uint32_t part : key)
            out.u32(part);
        save_learned(learned, out);
    }
}

void GasTable::load(SnapshotReader& in) {
    *this = GasTable{};
    for (Learned& kind : kinds_)
        kind = load_learned(in);
    std::size_t left = in.length(kMostPairs, kPairBytes);
    for (; left != 0 && in.ok(); --left) {
        Key key{};
        for (std::uint32_t& part : key)
            part = in.u32();
        const Learned learned = load_learned(in);
        if (learned.millionths == 0 || !pairs_.emplace(key, learned).second)
            in.reject("gas of one pair twice, or of none");
    }
    if (!in.ok()) *this = GasTable{};
}

}  // namespace plimsoll::strategy
