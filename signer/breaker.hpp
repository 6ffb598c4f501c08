// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chain/primitives/units.hpp"

#include <cstdint>
#include <deque>
#include <optional>
#include <span>
#include <string_view>

namespace plimsoll::signer {

struct BreakerLimits {
    std::optional<Usd> max_loss_per_hour;  // opens the breaker; nothing: never
    std::optional<Usd> max_loss_per_day;   // nothing is sent until the losses are a day old
    std::uint64_t pause = 900;             // seconds from opening to the first trial
};

enum class BreakerState : std::uint8_t {
    closed,
    open,       // pausing after losses
    half_open,  // the next one is a trial; while it is under way nothing else goes
    exhausted,  // the losses of a day are used up
};

[[nodiscard]] std::string_view to_string(BreakerState state) noexcept;

/// What an intent of an earlier run came to.
struct PastResult {
    std::uint64_t intent_id{};
    Timestamp sent;
    Timestamp ended;
    Usd gained;
    Usd lost;
};

/// Stops a keeper that loses money. It opens when what landed within an hour has lost, gains taken off, as
/// much as allowed; after a pause it lets one through, and closes if that one gains, or opens again. Losses
/// of a whole day have no way back but time. Pure; time is told, in seconds, and never goes back.
class LossBreaker {
  public:
    explicit LossBreaker(const BreakerLimits& limits) : limits_{limits} {}

    void at(Timestamp now);
    /// Lives through what earlier runs landed, so that a restart neither closes nor forgets anything. Before
    /// the first `at`.
    void replay(std::span<const PastResult> past);
    /// Something was handed over to be sent.
    void sent(std::uint64_t intent_id);
    /// It landed: `gained` less `lost`, gas and all.
    void landed(std::uint64_t intent_id, const Usd& gained, const Usd& lost);
    /// It ended without landing, which proves nothing.
    void ended(std::uint64_t intent_id);

    [[nodiscard]] BreakerState state() const;
    /// How many may be handed over now: none, one, or nothing said.
    [[nodiscard]] std::optional<std::uint32_t> allows() const;
    /// Losses less gains of the last `seconds`; zero if more was gained.
    [[nodiscard]] Usd lost(std::uint64_t seconds) const;

  private:
    struct Landing {
        Timestamp at;
        Usd gained;
        Usd lost;
    };
    void open();

    BreakerLimits limits_;
    Timestamp now_;
    std::deque<Landing> landings_;        // of the last day
    std::optional<Timestamp> opened_;     // and not closed since
    Timestamp forgiven_;                  // landings before it do not count for the hour
    std::optional<std::uint64_t> trial_;  // under way in half_open
};

}  // namespace plimsoll::signer
