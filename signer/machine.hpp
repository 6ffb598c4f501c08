// SPDX-License-Identifier: Apache-2.0
// The inside of Scheduler; include scheduler.hpp, not this.
#pragma once

#include "signer/fee.hpp"
#include "signer/nonce.hpp"
#include "signer/scheduler.hpp"
#include "signer/slot.hpp"

#include <deque>
#include <map>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

namespace plimsoll::signer {

class Scheduler::Machine {
  public:
    explicit Machine(const SchedulerOptions& options);

    void on(const SignerEvent& event, Actions& actions);

    [[nodiscard]] KeyState state() const noexcept;
    [[nodiscard]] const std::string& reason() const noexcept { return reason_; }
    [[nodiscard]] bool busy(const IntentKey& key) const noexcept { return keys_.contains(key); }
    [[nodiscard]] std::size_t unlanded() const noexcept;
    [[nodiscard]] std::size_t waiting() const noexcept { return waiting_.size(); }
    [[nodiscard]] std::uint64_t next_intent() noexcept { return next_intent_++; }

  private:
    // machine_start.cpp: nothing is signed before the journal, the chain's nonces and a head agree.
    void handle(const Recovered& event);
    void handle(const NonceRead& event);
    void restore(const AttemptRow& row);
    [[nodiscard]] bool nonces_agree(const NonceRead& read);
    void try_begin();
    void stop_key(const std::string& why);

    // machine_intents.cpp: intents in, final reports out.
    void handle(const IntentSubmitted& event);
    void handle(const CancelRequested& event);
    void handle(const Stop& event);
    void pump();
    void expire_waiting();
    void fill_gaps();
    void decline(const Intent& intent, DeclineReason reason);
    void report_unlanded(const Intent& intent, OutcomeKind kind, const std::string& text);

    // machine_attempts.cpp: fields, signature, durable bytes, send, replacement.
    void handle(const Signed& event);
    void handle(const SignRefused& event);
    void handle(const Persisted& event);
    void handle(const PersistFailed& event);
    void handle(const SendResult& event);
    void begin_attempt(Slot& slot, Purpose purpose, const fees::FeeQuote& fee);
    void discard_newest(Slot& slot, OutcomeKind kind, const std::string& text);
    void send(Slot& slot, Attempt& attempt);
    void on_refused_bytes(Slot& slot, Attempt& attempt, const SendResult& event);
    [[nodiscard]] bool replace(Slot& slot, Purpose purpose);
    void cancel(Slot& slot, OutcomeKind kind, const std::string& text);

    // machine_chain.cpp: heads, receipts, reorganisations, finality.
    void handle(const HeadSeen& event);
    void handle(const HeadUndone& event);
    void handle(const ReceiptSeen& event);
    void handle(const Tick& event);
    void ask(Slot& slot);
    void ask_all();
    void consider(Slot& slot);
    void land(Slot& slot, Attempt& attempt, const Receipt& receipt);
    void undo(Slot& slot);
    void on_absent(Slot& slot);
    [[nodiscard]] bool unanswered(const Slot& slot) const;
    void settle(Slot& slot);
    void finish(Slot& slot);
    void lose(Slot& slot);

    [[nodiscard]] bool may_send() const noexcept { return started_ && !stopping_ && !stopped_; }
    [[nodiscard]] Slot* slot_of(AttemptId attempt);
    [[nodiscard]] bool is_lowest(const Slot& slot) const;
    void record(const Attempt& attempt, AttemptStatus status);
    void record_all(Slot& slot, const Attempt* landed, AttemptStatus status);
    void forget(Slot& slot);
    void notice(Notice::Kind kind, std::string text);
    void announce_wait();
    /// Builds the variant in place: GCC 12 suspects a moved one of being uninitialised.
    template <class T>
    void emit(T action) {
        out_->emplace_back(std::in_place_type<T>, std::move(action));
    }

    SchedulerOptions options_;
    FeePolicy fees_;
    NonceLedger ledger_;
    Actions* out_ = nullptr;  // of the event being handled

    std::optional<JournalState> journal_;
    std::optional<NonceRead> read_;
    std::uint64_t readings_ = 0;  // of the chain's nonce so far
    std::optional<Head> head_;
    std::optional<Timestamp> now_;
    Timestamp next_question_;
    Timestamp announced_;
    std::deque<Hash32> undone_;  // blocks that left the chain lately

    bool started_ = false;
    bool stopping_ = false;
    bool stopped_ = false;
    bool unfunded_ = false;
    bool warned_ = false;  // about what keeps us from starting
    std::string reason_ = "waiting for the journal";

    std::map<Nonce, Slot> slots_;
    std::vector<Intent> waiting_;
    std::map<IntentKey, std::uint64_t> keys_;  // of intents that are not final
    std::unordered_map<AttemptId, Nonce> by_attempt_;
    std::unordered_map<Hash32, AttemptId> by_hash_;
    AttemptId next_attempt_ = 1;
    std::uint64_t next_intent_ = 1;
};

}  // namespace plimsoll::signer
