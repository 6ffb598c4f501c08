// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "bot/hot/handover.hpp"
#include "bot/submission.hpp"
#include "strategy/engine.hpp"

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <variant>
#include <vector>

namespace plimsoll::bot {

/// What the engine wants held ready, and its ways out: the writer thread's own, when the decision comes, and
/// the other thread's (Handover), when the price does.
class ArmedDesk {
  public:
    struct Armed {
        signer::ArmedSlot slot;
        std::uint64_t intent{};
        strategy::Decision decision;
    };
    struct Parts {
        strategy::Engine& engine;
        Submission& submission;
        Handover* handover;  // null: the writer thread sends alone
        std::function<signer::Intent(const strategy::Decision&)> intent_of;
        /// Fires the slot. False if there is nothing to fire any more.
        std::function<bool(const strategy::Decision&, const Armed&)> launch;
        /// The same for what has left at `left_at` (steady clock; 0: not known). `decided` by what left,
        /// unless the engine had decided it, and told, in the same moment.
        std::function<void(const strategy::Decision&, const Armed&, std::int64_t left_at, bool decided)>
            launch_left;
        std::function<bool()> held_back;  // by the operator
    };

    explicit ArmedDesk(Parts parts) : parts_{std::move(parts)} {}

    /// Before anything else is made of an event.
    void begin(const Event& event);
    /// What the engine told; carried out at once, unless this is within what the submission tells.
    void take(strategy::Output& output);
    /// What is held ready for the key is not wanted any more; at the next event.
    void let_go_later(const IntentKey& key) { due_.emplace_back(strategy::Disarm{key}); }
    /// False if it is not held ready as it was told last: then it goes the way of every intent.
    [[nodiscard]] bool fire(const strategy::Decision& decision);

    /// Brings what the other thread may send to what it is now; the gate is open afterwards if anything may
    /// leave.
    void refresh();
    /// Closes the gate. What has left through it becomes what every armed send is, before anything else
    /// happens to the scheduler: its bytes go out once more, over all lanes. True if something had left.
    bool settle();
    /// Whether what was held ready for the key has left by itself since `begin`, so that a decision of this
    /// event about it is carried out already.
    [[nodiscard]] bool has_left(const IntentKey& key);
    /// Settles for good: the other thread is about to end.
    void end();

  private:
    void carry_out();
    void hold_ready(const strategy::Decision& decision);
    void let_go(const IntentKey& key);
    bool forget_due(const IntentKey& key);
    [[nodiscard]] bool may_leave_alone() const;
    [[nodiscard]] std::vector<signer::AttemptId> attempts() const;
    void publish(std::vector<signer::AttemptId> attempts);
    void note(const Log& log);

    Parts parts_;
    std::map<IntentKey, Armed> armed_;
    std::deque<std::variant<strategy::Arm, strategy::Disarm>> due_;
    strategy::TriggerSet triggers_;             // as the engine told them last; none once one left
    bool triggers_new_ = false;                 // since something was published
    std::vector<signer::AttemptId> published_;  // of each of them, in the newest table; 0: not in it
    std::vector<Hash32> told_;                  // by topics of logs of the open block, besides answers
    bool has_left_ = false;
    std::uint32_t epoch_ = 0;
    std::uint64_t frames_ = 0;
};

}  // namespace plimsoll::bot
