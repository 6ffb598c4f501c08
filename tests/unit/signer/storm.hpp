// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "signer/scheduler.hpp"
#include "signer/scheduler_defects.hpp"
#include "tests/unit/signer/model_node.hpp"

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <vector>

namespace plimsoll::signer {

/// Runs a scheduler against a model node, a model journal and bad luck: every answer may be late, lost or
/// wrong, blocks are undone, fees jump, gates close, the key fails, the process dies and comes back.
/// `violation()` is the first broken promise.
class Storm {
  public:
    explicit Storm(std::uint32_t seed, const SchedulerDefects& defects = {});
    void step(std::uint8_t choice);
    /// From now on everything works: runs until nothing is under way.
    void calm();

    [[nodiscard]] const std::string& violation() const { return violation_; }

    /// What happened, so that a test can tell whether the storm reached what it is about.
    struct Count {
        std::uint64_t landed{}, crashes{}, undone{}, fired{}, reused{}, replaced{}, cancelled{}, outbid{},
            requeued{};
        Count& operator+=(const Count& other);
    };
    [[nodiscard]] Count count() const;

  private:
    // storm.cpp: the shell.
    void feed(const SignerEvent& event);
    void carry_out_all(const Actions& actions);
    void carry_out(const Action& action);
    void on_sign(const Sign& sign);
    void on_send(const Send& send);
    void on_report(const Report& report);
    void on_notice(const Notice& notice);
    void start_process();
    void crash();
    void submit();
    void arm();
    void fire();
    void disarm();

    // storm_journal.cpp: what becomes durable, and the rules of it.
    [[nodiscard]] JournalState load() const;
    [[nodiscard]] std::vector<LooseIntent> loose() const;
    void flush_journal(std::size_t most);
    void make_durable(const JournalEntry& entry);
    void insert(const AttemptRow& row);
    void update(const UpdateAttempt& entry);
    void end(const EndIntent& entry);
    void check_row(const AttemptRow& row);
    void check_beside(const AttemptRow& row, const AttemptRow& other);
    [[nodiscard]] bool has_open(std::uint64_t intent) const;

    // storm_weather.cpp: the node, luck, and the end.
    void answer_send(bool honest);
    void answer_query(bool honest);
    void new_block(std::size_t most);
    void reorganise();
    void outbid();
    void gate();
    void trouble();
    void check_end();
    void check_intents(const std::map<std::uint64_t, const AttemptRow*>& landed);

    void require(bool condition, const std::string& promise);
    std::uint32_t draw(std::uint32_t below) { return static_cast<std::uint32_t>(random_() % below); }

    std::mt19937 random_;
    SchedulerDefects defects_;
    ModelNode node_;
    std::optional<Scheduler> scheduler_;
    SpendLedger spends_{SpendLimits{}};
    std::string violation_;
    std::uint64_t now_ = 1000;
    Count count_;

    // What survives a crash.
    std::map<AttemptId, AttemptRow> journal_;
    std::map<std::uint64_t, EndIntent> ended_;
    std::optional<Nonce> reserved_;
    std::set<AttemptId> ever_sent_;
    std::map<std::uint64_t, Intent> intents_;  // ever submitted or armed
    std::map<std::uint64_t, Outcome> finals_;  // by intent
    std::set<std::uint64_t> unowned_;          // declined, never fired, or lost before it was durable
    std::set<std::uint64_t> unwanted_;         // there was a reason to give its nonce to another

    // What does not.
    std::deque<std::vector<JournalEntry>> disk_queue_;  // each all or nothing
    std::deque<Send> sends_;
    std::deque<Query> queries_;
    std::vector<ArmedSlot> armed_;
    std::map<std::uint32_t, std::uint64_t> armed_intents_;  // by slot
    std::set<GateReason> closed_;
    bool signer_down_ = false;
};

}  // namespace plimsoll::signer
