// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "bot/logger.hpp"
#include "bot/submission.hpp"
#include "chain/primitives/units.hpp"
#include "signer/breaker.hpp"
#include "strategy/engine.hpp"

#include <cstdint>
#include <optional>
#include <set>

namespace plimsoll::bot {

/// Tells the engine what the signing side can take on, so that nothing is decided that could not be sent: the
/// rest of the spend windows and of the balance, and what the loss breaker lets through. The signing path
/// checks the same again, exactly.
class Limits {
  public:
    Limits(const signer::BreakerLimits& limits, strategy::Engine& engine, Submission& submission, Logger& log)
        : breaker_{limits}, engine_{engine}, submission_{submission}, log_{log} {}

    void tick(Timestamp now);
    /// The key's balance at the newest block.
    void balance(const Wei& amount);
    void sent(std::uint64_t intent_id);
    /// What a landed transaction gained and lost, gas and all.
    void landed(std::uint64_t intent_id, const Usd& gained, const Usd& lost);
    void ended(std::uint64_t intent_id);

    [[nodiscard]] signer::BreakerState breaker() const { return breaker_.state(); }

  private:
    void refresh();
    void tell_breaker();
    void tell_room();
    void gate(signer::GateReason reason, bool closed);

    signer::LossBreaker breaker_;
    strategy::Engine& engine_;
    Submission& submission_;
    Logger& log_;
    signer::BreakerState told_{};
    bool empty_ = false;  // there is nothing left to spend
    std::set<signer::GateReason> closed_;
};

}  // namespace plimsoll::bot
