// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tests/unit/strategy/venues/aave_v3/campaign/record.hpp"
#include "tests/unit/strategy/venues/aave_v3/scripted_market.hpp"

#include <cstdint>

/// The market that the campaign begins with, and who tells its prices.
namespace plimsoll::strategy::aave_v3::campaign {

inline const Address kSentinel = at(0x110);
inline constexpr std::uint64_t kFirstAggregator = 0x10000;

/// Reserves 0 to 3 hang on one aggregator; 22 and 23 are products of their own and the first; 24 to 26 are
/// polled; 27 to 29 have aggregators that may break; all others have one of their own.
inline constexpr ReserveId kProducts = 22;
inline constexpr ReserveId kPolled = 24;
inline constexpr ReserveId kFragile = 27;

[[nodiscard]] constexpr bool is_product(ReserveId reserve) noexcept {
    return reserve >= kProducts && reserve < kPolled;
}
[[nodiscard]] constexpr bool is_polled(ReserveId reserve) noexcept {
    return reserve >= kPolled && reserve < kFragile;
}
/// Whose aggregator it is.
[[nodiscard]] constexpr ReserveId aggregator_of(ReserveId reserve) noexcept {
    return reserve < 4 ? ReserveId{0} : reserve;
}
[[nodiscard]] Address aggregator(ReserveId reserve);

/// What the oracle says of the reserve; zero: it reverts.
[[nodiscard]] Usd oracle_price(const MarketRecord& market, ReserveId reserve);
/// Base units (10^-8 USD) that a token is worth to begin with.
[[nodiscard]] double first_price(ReserveId reserve);

/// A market of kReserves reserves without accounts, of this revision, told to `script`.
void open_market(ScriptedMarket& script, MarketRecord& market, std::uint64_t revision, Chance& chance);
/// The oracle's, the cash's and the sentinel's answer to the venue's question of a block.
[[nodiscard]] ReadResult answer_prices(const MarketRecord& market, const ReadRequest& request);

}  // namespace plimsoll::strategy::aave_v3::campaign
