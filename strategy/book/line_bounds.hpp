// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "strategy/book/chunked_vector.hpp"
#include "strategy/book/line_term.hpp"

#include <array>
#include <cstdint>
#include <span>
#include <vector>

namespace plimsoll::strategy {

/// On which side of their line accounts are, and must leave to be of interest.
enum class LineSide : std::uint8_t { above, below };

/// Bounds of weights by account: as long as every weight is within the account's bounds, the account stays on
/// its side of the line, by whatever way the weights got there. Each of 2 x kMaxReserves heaps has the bounds
/// of one weight, so that a move touches only the accounts whose bounds it crosses.
class LineBounds {
  public:
    explicit LineBounds(LineSide side) : side_{side} { clear(); }

    /// By how much each weight tends to move, relative to itself: of what backs, of what is owed.
    using Moves = std::array<std::array<float, kMaxReserves>, 2>;

    /// Shares `room`, how far the account is from the line at these weights (above zero, or infinite), among
    /// its holdings: the more a weight tends to move, the more of it. What stood for the account is void.
    void file(AccountId account, std::span<const LineTerm> terms, const LineWeights& weights, double room,
              const Moves& moves);
    /// The account's bounds are void.
    void drop(AccountId account) noexcept;
    void clear() noexcept;

    /// How many bounds, valid or void, these weights cross; one more than `most` if there are more. Costs far
    /// less than taking them out. Of reserves that are not `among` them no weight has changed since a call of
    /// `cross` that returned true.
    [[nodiscard]] std::size_t crossed(const LineWeights& weights, ReserveSet among,
                                      std::size_t most) const noexcept;

    /// Takes out accounts that have a bound which these weights cross, and appends them. `left` is how many
    /// bounds, valid or void, may be followed; it is lessened. False if it stopped with more of them crossed.
    [[nodiscard]] bool cross(const LineWeights& weights, ReserveSet among, std::size_t& left,
                             std::vector<AccountId>& out);

    /// Throws out void bounds where they outnumber the valid ones, of one heap a call.
    void tidy();
    [[nodiscard]] std::size_t bytes() const noexcept;

  private:
    /// A bound in the direction in which it is crossed: by a value of at least `key`.
    struct Bound {
        float key{};
        AccountId account{};
        std::uint32_t stamp{};  // valid while it is the account's
    };
    using Heap = ChunkedVector<Bound, 256>;

    [[nodiscard]] bool cross_one(bool owed, std::size_t reserve, double value, std::size_t& left,
                                 std::vector<AccountId>& out);
    [[nodiscard]] static std::size_t crossed(const Heap& heap, double value, std::size_t most) noexcept;
    void push(const LineTerm& term, const Bound& bound);
    void pop(bool owed, std::size_t reserve) noexcept;
    static void sink(Heap& heap, std::size_t at, const Bound& bound) noexcept;
    /// Weights fall or rise towards the line.
    [[nodiscard]] double directed(double weight, bool owed) const noexcept {
        return owed == (side_ == LineSide::above) ? weight : -weight;
    }
    [[nodiscard]] bool is_valid(const Bound& bound) const noexcept {
        return stamps_[bound.account] == bound.stamp;
    }
    [[nodiscard]] std::uint32_t& stamp_of(AccountId account);

    LineSide side_;
    std::array<std::array<Heap, kMaxReserves>, 2> heaps_;     // of what backs, of what is owed
    std::array<std::array<float, kMaxReserves>, 2> nearest_;  // key on top of each heap
    ChunkedVector<std::uint32_t> stamps_;  // by account; the lowest bit says whether it is filed
    std::size_t next_to_tidy_ = 0;
};

}  // namespace plimsoll::strategy
