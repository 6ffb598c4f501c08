// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "bot/logger.hpp"
#include "bot/tally.hpp"
#include "chain/primitives/event.hpp"
#include "signer/action.hpp"
#include "strategy/decision.hpp"
#include "strategy/engine.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace plimsoll::bot {

/// What the shell counts itself, for the summary line.
struct ShellCounts {
    std::uint64_t requests{};   // asked of nodes since the last line
    std::uint64_t hot{};        // sent by the thread of its own, since the start
    std::uint64_t rehearsed{};  // rehearsals that led to a signature, since the start
};

/// Turns what happened into log lines: the only place that words them.
class Narrator {
  public:
    Narrator(Logger& log, const strategy::Engine& engine) : log_{log}, engine_{engine} {}

    void block(const Head& head);
    void undone(const Hash32& block);
    /// What holds now; a line only if it is something else than before.
    void readiness(const Readiness& readiness);
    void noticed(const strategy::Notice& notice);
    void noticed(const signer::Notice& notice);
    void decided(const strategy::Decision& decision);
    void won(const LandedLiquidation& landed);
    /// The same, on a fork.
    void forked(const LandedLiquidation& landed);
    void ended(const signer::Report& report);
    /// Somebody else's liquidation of a watched account.
    void lost(const Missed& missed);
    /// One line for the time since the last one.
    void summary(std::int64_t seconds, const Tally& tally, const ShellCounts& shell);
    /// From the frame to signed bytes; for the summary's percentiles. What was decided on an unsealed block
    /// or a pending answer counts by itself: its frame is another one, and comes earlier.
    void signed_after(std::int64_t microseconds, bool speculative) {
        (speculative ? speculative_latencies_ : latencies_).push_back(microseconds);
    }

  private:
    /// What lines say of an asset; the symbol is the logger's own.
    struct Token {
        std::string_view symbol;
        std::uint8_t decimals{};
    };

    [[nodiscard]] std::span<const strategy::Asset> assets(VenueId venue) const;
    [[nodiscard]] Token token(VenueId venue, const Address& address) const;
    [[nodiscard]] std::string_view symbol(VenueId venue, const Address& address) const;
    [[nodiscard]] Decimal amount(VenueId venue, const Address& address, const TokenAmount& amount) const;
    [[nodiscard]] std::string profits(VenueId venue, const std::vector<TokenProfit>& profits) const;
    [[nodiscard]] std::vector<Field> landed_fields(const LandedLiquidation& landed) const;
    void bootstrap(const strategy::Notice& notice);

    Logger& log_;
    const strategy::Engine& engine_;
    std::vector<std::int64_t> latencies_;  // of what was decided at a sealed block
    std::vector<std::int64_t> speculative_latencies_;
    std::uint64_t heads_ = 0;
    std::string last_step_;
    std::chrono::steady_clock::time_point step_began_;
    std::chrono::steady_clock::time_point step_told_;
    std::uint64_t step_done_ = 0;  // when it began
    std::optional<Readiness> readiness_;
};

}  // namespace plimsoll::bot
