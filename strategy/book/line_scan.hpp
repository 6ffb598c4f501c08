// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "strategy/book/line_kernels.hpp"
#include "strategy/book/line_term.hpp"

#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace plimsoll::strategy {

/// Everybody who owes and has something, to be weighed in one pass: single-precision amounts by shape
/// (how many holdings back an account and how many it owes), sixteen accounts side by side. It passes
/// accounts a few millionths above a line too, and never leaves out one that lies below it.
class LineScan {
  public:
    LineScan();

    /// In place of what was there for the account. One that is owed nothing or backed by nothing is not kept:
    /// it has no line. Errors: none; the account's number must not be above 2^26.
    void put(AccountId account, std::span<const LineTerm> terms, const LineWeights& weights);
    void erase(AccountId account) noexcept;
    void clear() noexcept;
    [[nodiscard]] std::size_t size() const noexcept { return size_; }
    [[nodiscard]] bool holds(AccountId account) const noexcept {
        return account < places_.size() && places_[account] != kNowhere;
    }

    /// What somebody is to be told of a pass.
    struct Told {
        std::vector<AccountId>* news{};      // whoever may be below the line and was not marked
        std::vector<AccountId>* standing{};  // unless null: whoever is, and was marked
    };

    /// Appends, in no order, everybody whose health factor may be below `line` (1: that of liquidation), or
    /// has less than `room` units of the base currency to it.
    void below(const LineWeights& weights, double line, std::vector<AccountId>& out, double room = 0) const;
    /// The same with a kernel of choice.
    void below(const LineKernel& kernel, const LineWeights& weights, double line, std::vector<AccountId>& out,
               double room = 0) const;

    /// Appends who may be below the line of liquidation. Afterwards those are marked who are below it beyond
    /// doubt: until somebody else says so they need not be told again.
    void sunk(const LineWeights& weights, const Told& out);
    void sunk(const LineKernel& kernel, const LineWeights& weights, const Told& out);
    /// A mark is gone with the next `put` of its account, too.
    void mark(AccountId account, bool marked) noexcept;
    [[nodiscard]] bool marked(AccountId account) const noexcept;
    void unmark_all() noexcept;

    [[nodiscard]] std::size_t bytes() const noexcept;
    /// What one pass reads.
    [[nodiscard]] std::size_t bytes_scanned() const noexcept;

  private:
    static constexpr unsigned kMostBacking = 8;
    static constexpr unsigned kMostOwed = 4;
    static constexpr std::size_t kShapes = kMostBacking * kMostOwed;
    static constexpr std::size_t kGroups = 64;  // of a chunk
    static constexpr std::size_t kChunk = kGroups * kLineLanes;
    static constexpr std::uint32_t kSlotBits = 26;
    static constexpr std::uint32_t kWide = kShapes;
    static constexpr std::uint32_t kNowhere = ~std::uint32_t{0};

    struct Chunk {
        std::unique_ptr<float[]> amounts;          // [group][term][lane], aligned within
        std::unique_ptr<std::uint8_t[]> reserves;  // likewise
        std::unique_ptr<AccountId[]> accounts;     // [group][lane]
        float* first_amount{};
        std::array<std::uint16_t, kGroups> marks{};  // of each group a bit for each lane
    };
    struct Shape {
        unsigned backing{};
        unsigned owed{};
        std::size_t size = 0;
        std::vector<Chunk> chunks;
        [[nodiscard]] std::size_t terms() const noexcept { return backing + owed; }
        [[nodiscard]] std::size_t place(std::size_t slot, std::size_t term) const noexcept;
    };
    struct Wide {
        AccountId account{};
        bool marked = false;
        std::vector<LineTerm> terms;
    };
    /// Where an account lies.
    struct Place {
        std::uint32_t shape;
        std::uint32_t slot;
    };

    void put_wide(AccountId account, std::span<const LineTerm> terms);
    static void grow(Shape& shape);
    static void move(Shape& shape, std::size_t from, std::size_t to) noexcept;
    static void mark(Shape& shape, std::size_t slot, bool marked) noexcept;
    [[nodiscard]] static bool marked(const Shape& shape, std::size_t slot) noexcept;
    /// Calls `found(number, masks)` for each chunk.
    template <class Found>
    static void scan(const Shape& shape, const LineKernel& kernel, const LineTables& tables, Found&& found);
    static void append(const Chunk& chunk, std::size_t group, unsigned mask, std::vector<AccountId>& out);
    [[nodiscard]] LineTables tables_of(const LineWeights& weights, double line, double room) const;
    [[nodiscard]] std::uint32_t& place_of(AccountId account);
    [[nodiscard]] Place place(AccountId account) const noexcept {
        return {places_[account] >> kSlotBits, places_[account] & ((1U << kSlotBits) - 1)};
    }

    std::array<Shape, kShapes> shapes_;
    std::vector<Wide> wide_;  // of more holdings than there are shapes for: one in some thousands
    ChunkedVector<std::uint32_t> places_;  // by account: shape and slot
    std::size_t size_ = 0;
    double loosest_ = 0;  // of all terms that were ever put
};

}  // namespace plimsoll::strategy
