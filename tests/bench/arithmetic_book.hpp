// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "strategy/venues/aave_v3/health.hpp"

#include <cstdint>
#include <random>

namespace plimsoll::bench {

/// Accounts of a made-up market of 30 assets: two collaterals and one and a half debts each, on average.
class ArithmeticBook {
  public:
    static constexpr std::uint64_t kNow = 2'000'000'000;
    static constexpr std::size_t kReserves = 30;

    explicit ArithmeticBook(std::size_t accounts);

    [[nodiscard]] const strategy::Book& book() const noexcept { return book_; }
    /// Everybody at `kNow`.
    [[nodiscard]] strategy::aave_v3::Valuation valuation(const strategy::aave_v3::Rules& rules) const;

  private:
    void add_reserve(strategy::ReserveId reserve);
    void add_account(std::uint64_t number);
    /// A scaled balance worth a hundred to a million dollars.
    [[nodiscard]] u128 balance(strategy::ReserveId reserve);

    std::mt19937_64 random_{62};
    strategy::Book book_{1};
    strategy::PriceVector prices_;
    mutable strategy::aave_v3::MarketView view_;
};

}  // namespace plimsoll::bench
