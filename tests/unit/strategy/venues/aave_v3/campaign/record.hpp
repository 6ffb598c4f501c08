// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "strategy/book/book.hpp"
#include "tests/unit/strategy/venues/aave_v3/campaign/chance.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

namespace plimsoll::strategy::aave_v3::campaign {

inline constexpr std::size_t kReserves = 30;
inline constexpr std::size_t kCategories = 6;  // eMode categories 1 to 5 are in use

/// One account as the campaign itself knows it.
struct Borrower {
    std::vector<std::pair<ReserveId, Position>> positions;  // none empty, in no order
    ReserveSet collateral = 0;
    std::uint8_t category = 0;
    bool quarantined = false;

    [[nodiscard]] Position in(ReserveId reserve) const;
    [[nodiscard]] bool holds(ReserveSet reserves) const;
    [[nodiscard]] bool owes() const;
    void put(ReserveId reserve, const Position& position);
};

/// What the campaign knows of the market and its oracle.
struct MarketRecord {
    std::vector<ReserveState> reserves;
    std::array<CategoryState, kCategories> categories{};
    std::array<U256, kReserves> answers{};  // by aggregator
    std::array<std::optional<U256>, kReserves>
        instead{};                     // what the oracle says of a reserve whatever its aggregator does
    bool liquidations_allowed = true;  // by the sentinel
    bool sentinel_told = true;         // likewise, as it was read last
};

/// The campaign's own account of everything, kept in plain loops and copies: what is undone is what was
/// copied when the block began. It shares no code with the book.
class Record {
  public:
    void begin();
    /// Back to before the newest block.
    void undo();
    [[nodiscard]] std::size_t depth() const noexcept { return frames_.size(); }
    /// The accounts that the newest block changed.
    [[nodiscard]] std::vector<AccountId> changed() const;

    [[nodiscard]] std::size_t size() const noexcept { return accounts_.size(); }
    [[nodiscard]] const Borrower& operator[](AccountId account) const { return accounts_[account]; }
    [[nodiscard]] Borrower& change(AccountId account);
    AccountId add();
    [[nodiscard]] static Address address(AccountId account);

    MarketRecord market;

    /// A book made of nothing but this.
    void fill(Book& book) const;

  private:
    struct Frame {
        MarketRecord market;
        std::size_t accounts{};
        std::vector<std::pair<AccountId, Borrower>> old;
    };
    static constexpr std::size_t kDepth = 8;

    std::vector<Borrower> accounts_;
    std::vector<Frame> frames_;
};

}  // namespace plimsoll::strategy::aave_v3::campaign
