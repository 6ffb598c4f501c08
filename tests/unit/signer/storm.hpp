// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "signer/scheduler.hpp"

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <vector>

namespace plimsoll::signer {

/// A node with geth's pool rules and a chain that can lose its newest block.
class ModelNode {
  public:
    /// What a node with these pool rules answers; the transaction is in the pool if it is accepted.
    SendClass take(const AttemptRow& row);
    /// A block with up to `most` transactions, which one of a nonce is up to `choice`.
    Head mine(std::size_t most, std::uint32_t choice);
    /// Takes the newest block away; its transactions go back to the pool if `keep`. None if only the first
    /// block is left.
    std::optional<Hash32> undo(bool keep);
    [[nodiscard]] std::optional<Receipt> receipt(const Hash32& transaction) const;
    [[nodiscard]] Nonce latest() const { return nonce_; }
    [[nodiscard]] Nonce pending() const;
    [[nodiscard]] Head head() const { return blocks_.back().head; }
    /// Every transaction of the canonical chain, in order.
    [[nodiscard]] std::vector<AttemptRow> landed() const;
    [[nodiscard]] bool succeeds(const AttemptRow& row, BlockNumber block) const;

    ModelNode();

  private:
    struct Block {
        Head head;
        std::vector<AttemptRow> transactions;
    };
    Nonce nonce_;
    std::vector<Block> blocks_;
    std::map<Hash32, AttemptRow> pool_;
    std::uint8_t branch_ = 0;
};

/// Runs a scheduler against a model node, a model journal and bad luck: every answer may be late, lost or
/// wrong, blocks are undone, the process dies and comes back. `violation()` is the first broken promise.
class Storm {
  public:
    explicit Storm(std::uint32_t seed);
    void step(std::uint8_t choice);
    /// From now on everything works: runs until nothing is under way.
    void calm();

    [[nodiscard]] const std::string& violation() const { return violation_; }
    [[nodiscard]] std::size_t landed() const { return node_.landed().size(); }

  private:
    void feed(const SignerEvent& event);
    void carry_out(const Action& action);
    void on_send(const Send& send);
    void on_report(const Report& report);
    void start_process();
    void crash();
    void submit();
    void flush_journal(std::size_t most);
    void make_durable(const JournalEntry& entry);
    void answer_send(bool honest);
    void answer_query();
    void new_block(std::size_t most);
    void reorganise();
    void check_row(const AttemptRow& row);
    void check_end();
    void require(bool condition, const std::string& promise);
    std::uint32_t draw(std::uint32_t below) { return static_cast<std::uint32_t>(random_() % below); }

    std::mt19937 random_;
    ModelNode node_;
    std::optional<Scheduler> scheduler_;
    std::string violation_;
    std::uint64_t now_ = 1000;

    // What survives a crash.
    std::map<AttemptId, AttemptRow> journal_;
    std::set<AttemptId> ever_sent_;
    std::map<std::uint64_t, Intent> intents_;  // ever submitted
    std::map<std::uint64_t, Outcome> finals_;  // by intent
    std::set<std::uint64_t> unowned_;          // declined, or lost before anything was durable

    // What does not.
    std::deque<std::vector<JournalEntry>> disk_queue_;  // each all or nothing
    std::deque<Send> sends_;
    std::deque<Query> queries_;
};

}  // namespace plimsoll::signer
