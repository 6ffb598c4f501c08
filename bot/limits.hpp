// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "bot/logger.hpp"
#include "bot/submission.hpp"
#include "bot/tally.hpp"
#include "chain/primitives/units.hpp"
#include "signer/breaker.hpp"
#include "strategy/engine.hpp"

#include <cstdint>
#include <optional>
#include <set>
#include <vector>

namespace plimsoll::bot {

/// Tells the engine what the signing side can take on, so that nothing is decided that could not be sent: the
/// rest of the spend windows and of the balance, and what the loss breaker lets through. The signing path
/// checks the same again, exactly.
class Limits {
  public:
    /// What landed, in this run or an earlier one.
    struct Landed {
        std::uint64_t intent_id{};
        Timestamp sent;  // not needed for one of this run
        Timestamp ended;
        Wei cost;
        std::vector<TokenProfit> gains;
    };

    Limits(const signer::BreakerLimits& limits, const Address& native_asset, strategy::Engine& engine,
           Submission& submission, Logger& log)
        : breaker_{limits},
          bounded_{limits.max_loss_per_hour || limits.max_loss_per_day},
          native_asset_{native_asset},
          engine_{engine},
          submission_{submission},
          log_{log} {}

    /// Once, at first: what earlier runs landed, and the intents they left under way. Nothing is decided
    /// until the market's prices tell what all that came to.
    void recover(const signer::JournalState& state);
    void tick(Timestamp now);
    /// The key's balance at the newest block.
    void balance(const Wei& amount);
    void sent(std::uint64_t intent_id);
    void landed(const Landed& one);
    void ended(std::uint64_t intent_id);

    [[nodiscard]] signer::BreakerState breaker() const { return breaker_.state(); }

  private:
    [[nodiscard]] signer::PastResult valued(const Landed& one) const;
    void catch_up(Timestamp now);
    void refresh();
    void tell_breaker();
    void tell_room();
    void gate(signer::GateReason reason, bool closed);

    signer::LossBreaker breaker_;
    bool bounded_;  // losses are, at all
    Address native_asset_;
    strategy::Engine& engine_;
    Submission& submission_;
    Logger& log_;
    signer::BreakerState told_{};
    bool empty_ = false;  // there is nothing left to spend
    std::set<signer::GateReason> closed_;
    bool caught_up_ = false;                // earlier runs are reckoned with
    std::vector<Landed> past_;              // until then
    std::vector<std::uint64_t> under_way_;  // likewise
};

}  // namespace plimsoll::bot
