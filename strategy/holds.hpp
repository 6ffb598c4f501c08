// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "strategy/reason.hpp"

#include <array>
#include <bitset>
#include <optional>

namespace plimsoll::strategy {

/// Reasons of the shell against sending anything at all.
class Holds {
  public:
    /// True if that changes anything.
    bool set(Reason reason, bool on) {
        const auto place = static_cast<std::size_t>(reason);
        const bool changes = bits_.test(place) != on;
        bits_.set(place, on);
        return changes;
    }
    /// The one to name: what a person did goes before what the keeper noticed.
    [[nodiscard]] std::optional<Reason> first() const {
        constexpr std::array kOrder{
            Reason::paused,          Reason::not_leader,   Reason::lease_expiring,
            Reason::sequencer_down,  Reason::loss_budget,  Reason::breaker_open,
            Reason::gas_balance_low, Reason::spend_budget, Reason::signer_unavailable};
        for (const Reason reason : kOrder) {
            if (bits_.test(static_cast<std::size_t>(reason))) return reason;
        }
        return std::nullopt;
    }

  private:
    std::bitset<kReasonCount> bits_;
};

}  // namespace plimsoll::strategy
