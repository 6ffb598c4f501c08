// SPDX-License-Identifier: Apache-2.0
#include "strategy/book/line_scan.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <utility>

namespace plimsoll::strategy {
namespace {

/// Single precision keeps 24 bits: an amount, a weight, their product and a sum of up to twelve of them are
/// off by less than a millionth; four on both sides together.
constexpr double kGuard = 4e-6;
/// For what must be so in spite of all that, the guard included.
constexpr double kSureGuard = 2e-5;
constexpr std::size_t kAlignment = 64;

/// Whole tokens, less or more by the unit that a balance may be rounded by.
float rounded(const LineTerm& term, const LineWeights& weights) {
    const double unit = weights.unit[term.reserve];
    return static_cast<float>(term.owed ? term.amount + unit : std::max(0.0, term.amount - unit));
}

}  // namespace

std::size_t LineScan::Shape::place(std::size_t slot, std::size_t term) const noexcept {
    const std::size_t within = slot % kChunk;
    return (within / kLineLanes * terms() + term) * kLineLanes + within % kLineLanes;
}

LineScan::LineScan() {
    clear();
}

void LineScan::clear() noexcept {
    for (std::size_t i = 0; i < kShapes; ++i) {
        shapes_[i] = Shape{};
        shapes_[i].backing = static_cast<unsigned>(i / kMostOwed) + 1U;
        shapes_[i].owed = static_cast<unsigned>(i % kMostOwed) + 1U;
    }
    wide_.clear();
    places_.clear();
    size_ = 0;
    loosest_ = 0;
}

std::uint32_t& LineScan::place_of(AccountId account) {
    while (places_.size() <= account)
        places_.push_back(kNowhere);
    return places_[account];
}

void LineScan::grow(Shape& shape) {
    const std::size_t values = kChunk * shape.terms();
    constexpr std::size_t kSpare = kAlignment / sizeof(float);
    Chunk chunk;
    chunk.amounts = std::make_unique<float[]>(values + kSpare);
    chunk.reserves = std::make_unique<std::uint8_t[]>(values);
    chunk.accounts = std::make_unique<AccountId[]>(kChunk);
    void* first = chunk.amounts.get();
    std::size_t space = (values + kSpare) * sizeof(float);
    chunk.first_amount = static_cast<float*>(std::align(kAlignment, values * sizeof(float), first, space));
    shape.chunks.push_back(std::move(chunk));
}

void LineScan::put(AccountId account, std::span<const LineTerm> terms, const LineWeights& weights) {
    const auto owed = static_cast<std::size_t>(std::ranges::count_if(terms, &LineTerm::owed));
    const std::size_t backing = terms.size() - owed;
    erase(account);
    if (owed == 0 || backing == 0) return;
    ++size_;
    if (backing > kMostBacking || owed > kMostOwed) return put_wide(account, terms);
    const std::size_t number = (backing - 1) * kMostOwed + owed - 1;
    Shape& shape = shapes_[number];
    const std::size_t slot = shape.size++;
    if (slot == shape.chunks.size() * kChunk) grow(shape);
    Chunk& chunk = shape.chunks[slot / kChunk];
    std::size_t next_backing = 0;
    std::size_t next_owed = backing;
    for (const LineTerm& term : terms) {
        const std::size_t place = shape.place(slot, term.owed ? next_owed++ : next_backing++);
        chunk.first_amount[place] = rounded(term, weights);
        chunk.reserves[place] = static_cast<std::uint8_t>(term.reserve);
        loosest_ = std::max(loosest_, static_cast<double>(term.loose));
    }
    mark(shape, slot, false);
    chunk.accounts[slot % kChunk] = account;
    place_of(account) = static_cast<std::uint32_t>(number << kSlotBits | slot);
}

void LineScan::put_wide(AccountId account, std::span<const LineTerm> terms) {
    place_of(account) = kWide << kSlotBits | static_cast<std::uint32_t>(wide_.size());
    wide_.push_back({account, false, {terms.begin(), terms.end()}});
}

void LineScan::move(Shape& shape, std::size_t from, std::size_t to) noexcept {
    const Chunk& source = shape.chunks[from / kChunk];
    const Chunk& target = shape.chunks[to / kChunk];
    for (std::size_t term = 0; term < shape.terms(); ++term) {
        target.first_amount[shape.place(to, term)] = source.first_amount[shape.place(from, term)];
        target.reserves[shape.place(to, term)] = source.reserves[shape.place(from, term)];
    }
    target.accounts[to % kChunk] = source.accounts[from % kChunk];
    mark(shape, to, marked(shape, from));
}

void LineScan::erase(AccountId account) noexcept {
    if (account >= places_.size() || places_[account] == kNowhere) return;
    const auto [number, slot] = place(account);
    const std::uint32_t place = std::exchange(places_[account], kNowhere);
    --size_;
    if (number == kWide) {
        if (slot + 1 != wide_.size()) {
            wide_[slot] = std::move(wide_.back());
            places_[wide_[slot].account] = place;
        }
        return wide_.pop_back();
    }
    Shape& shape = shapes_[number];
    const std::size_t last = --shape.size;
    if (slot == last) return;
    move(shape, last, slot);
    places_[shape.chunks[slot / kChunk].accounts[slot % kChunk]] = place;
}

LineTables LineScan::tables_of(const LineWeights& weights, double line, double room) const {
    LineTables out;
    out.reserves = weights.reserves;
    double widest = 0;  // worth of a token's smallest unit
    for (std::size_t i = 0; i < weights.reserves; ++i) {
        out.backing[i] = static_cast<float>(weights.backing[i]);
        out.owed[i] = static_cast<float>(weights.owed[i] * line * (1.0 + kGuard));
        if (!std::isfinite(weights.backing[i])) continue;
        widest = std::max(widest, weights.unit[i] * std::max(weights.backing[i], weights.owed[i]));
    }
    out.spare += static_cast<float>(room);
    const double loose = 1.0 + loosest_;
    out.surely_factor = static_cast<float>(loose * (1.0 + kSureGuard));
    // A balance is off by a unit, and was rounded by another; a value by one of the base currency.
    out.surely_a_holding = static_cast<float>(loose * (4.0 * widest + 4.0));
    out.surely_spare = static_cast<float>(loose * 8.0 + room);
    return out;
}

template <class Found>
void LineScan::scan(const Shape& shape, const LineKernel& kernel, const LineTables& tables, Found&& found) {
    std::array<LineMasks, kGroups> masks;
    for (std::size_t number = 0; number * kChunk < shape.size; ++number) {
        const Chunk& chunk = shape.chunks[number];
        const std::size_t here = std::min(kChunk, shape.size - number * kChunk);
        const std::size_t groups = (here + kLineLanes - 1) / kLineLanes;
        kernel.run({chunk.first_amount, chunk.reserves.get(), groups, shape.backing, shape.owed}, tables,
                   masks.data());
        // Lanes beyond the last account hold what was there before.
        if (const std::size_t rest = here % kLineLanes; rest != 0) {
            const unsigned there = (1U << rest) - 1;
            masks[groups - 1].maybe = static_cast<std::uint16_t>(masks[groups - 1].maybe & there);
            masks[groups - 1].surely = static_cast<std::uint16_t>(masks[groups - 1].surely & there);
        }
        found(number, std::span<const LineMasks>{masks}.first(groups));
    }
}

void LineScan::append(const Chunk& chunk, std::size_t group, unsigned mask, std::vector<AccountId>& out) {
    for (; mask != 0; mask &= mask - 1)
        out.push_back(chunk.accounts[group * kLineLanes + static_cast<std::size_t>(std::countr_zero(mask))]);
}

void LineScan::below(const LineKernel& kernel, const LineWeights& weights, double line,
                     std::vector<AccountId>& out, double room) const {
    const LineTables tables = tables_of(weights, line, room);
    for (const Shape& shape : shapes_) {
        scan(shape, kernel, tables, [&](std::size_t chunk, std::span<const LineMasks> masks) {
            for (std::size_t group = 0; group < masks.size(); ++group)
                append(shape.chunks[chunk], group, masks[group].maybe, out);
        });
    }
    LineWeights moved = weights;
    for (double& weight : moved.owed)
        weight *= line;
    for (const Wide& wide : wide_) {
        if (distance(wide.terms, moved).least < room) out.push_back(wide.account);
    }
}

void LineScan::below(const LineWeights& weights, double line, std::vector<AccountId>& out,
                     double room) const {
    below(line_kernels().front(), weights, line, out, room);
}

void LineScan::sunk(const LineWeights& weights, const Told& out) {
    sunk(line_kernels().front(), weights, out);
}

void LineScan::sunk(const LineKernel& kernel, const LineWeights& weights, const Told& out) {
    const LineTables tables = tables_of(weights, 1.0, 0);
    for (Shape& shape : shapes_) {
        scan(shape, kernel, tables, [&](std::size_t number, std::span<const LineMasks> masks) {
            Chunk& chunk = shape.chunks[number];
            for (std::size_t group = 0; group < masks.size(); ++group) {
                const auto [maybe, surely] = masks[group];
                const unsigned marked = std::exchange(chunk.marks[group], surely);
                append(chunk, group, maybe & ~marked, *out.news);
                if (out.standing != nullptr) append(chunk, group, maybe & marked, *out.standing);
            }
        });
    }
    for (Wide& wide : wide_) {
        const LineDistance away = distance(wide.terms, weights);
        const bool marked = std::exchange(wide.marked, away.most < 0);
        if (away.least >= 0) continue;
        if (!marked) {
            out.news->push_back(wide.account);
        } else if (out.standing != nullptr) {
            out.standing->push_back(wide.account);
        }
    }
}

void LineScan::mark(Shape& shape, std::size_t slot, bool marked) noexcept {
    std::uint16_t& group = shape.chunks[slot / kChunk].marks[slot % kChunk / kLineLanes];
    const unsigned bit = 1U << slot % kLineLanes;
    group = static_cast<std::uint16_t>(marked ? group | bit : group & ~bit);
}

bool LineScan::marked(const Shape& shape, std::size_t slot) noexcept {
    const unsigned group = shape.chunks[slot / kChunk].marks[slot % kChunk / kLineLanes];
    return (group >> slot % kLineLanes & 1U) != 0;
}

void LineScan::mark(AccountId account, bool marked) noexcept {
    if (!holds(account)) return;
    const auto [shape, slot] = place(account);
    if (shape == kWide) {
        wide_[slot].marked = marked;
    } else {
        mark(shapes_[shape], slot, marked);
    }
}

bool LineScan::marked(AccountId account) const noexcept {
    if (!holds(account)) return false;
    const auto [shape, slot] = place(account);
    return shape == kWide ? wide_[slot].marked : marked(shapes_[shape], slot);
}

void LineScan::unmark_all() noexcept {
    for (Shape& shape : shapes_) {
        for (Chunk& chunk : shape.chunks)
            chunk.marks.fill(0);
    }
    for (Wide& wide : wide_)
        wide.marked = false;
}

std::size_t LineScan::bytes() const noexcept {
    std::size_t out = places_.bytes();
    for (const Shape& shape : shapes_) {
        const std::size_t of_account = shape.terms() * (sizeof(float) + 1) + sizeof(AccountId);
        out += shape.chunks.size() * (kChunk * of_account + sizeof(Chunk));
    }
    for (const Wide& wide : wide_)
        out += sizeof(wide) + wide.terms.capacity() * sizeof(LineTerm);
    return out;
}

std::size_t LineScan::bytes_scanned() const noexcept {
    std::size_t out = 0;
    for (const Shape& shape : shapes_)
        out += shape.size * shape.terms() * (sizeof(float) + 1);
    return out;
}

}  // namespace plimsoll::strategy
