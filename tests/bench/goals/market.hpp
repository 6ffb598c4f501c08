// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "strategy/engine.hpp"
#include "tests/unit/strategy/scripted/pools.hpp"
#include "tests/unit/strategy/venues/aave_v3/scripted_market.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

namespace plimsoll::bench {

/// The contracts of a made-up Aave 3.6 market of 30 reserves, answered from a table: six follow the price of
/// Ether through ratios, the others have feeds of their own; two categories; every asset sells for dollars.
class Market {
  public:
    static constexpr std::size_t kReserves = 30;
    static constexpr strategy::ReserveId kEther = strategy::aave_v3::kEther;
    static constexpr strategy::ReserveId kDollar = strategy::aave_v3::kDollar;
    static constexpr std::uint64_t kCalmPrice = 2'000'00000000;
    /// A thousandth lower: one account sinks.
    static constexpr std::uint64_t kSunkenPrice = 1'998'00000000;

    Market();

    /// Ether, or what is worth a fixed amount of it.
    [[nodiscard]] static bool follows_ether(strategy::ReserveId reserve) noexcept {
        return reserve == kEther || (reserve >= 2 && reserve < 7);
    }
    /// At the calm price, 8 decimals.
    [[nodiscard]] static std::uint64_t price(strategy::ReserveId reserve);
    [[nodiscard]] static Address ether_aggregator();

    /// What the oracle answers once Ether costs this much.
    void set_ether_price(std::uint64_t price);
    [[nodiscard]] ReadResult answer(const ReadRequest& request);
    /// For calls to accounts.
    void answer_accounts(std::function<std::optional<Bytes>(const Call&)> answer);

    /// An engine of this market that knows nothing yet. `speculate`: it decides before the block is complete.
    /// `armed`: so many accounts are held ready, with the answers that send them.
    [[nodiscard]] static std::unique_ptr<strategy::Engine> unread_engine(bool speculate,
                                                                         std::uint32_t armed = 0);

  private:
    void describe(strategy::ReserveId reserve);
    void describe_ratio(strategy::ReserveId reserve);
    void describe_categories();

    strategy::aave_v3::ScriptedMarket contracts_;
    strategy::scripted::ScriptedChain pools_;
};

}  // namespace plimsoll::bench
