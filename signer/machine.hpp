// SPDX-License-Identifier: Apache-2.0
// The inside of Scheduler; include scheduler.hpp, not this.
#pragma once

#include "signer/fee.hpp"
#include "signer/nonce.hpp"
#include "signer/scheduler.hpp"
#include "signer/scheduler_defects.hpp"
#include "signer/slot.hpp"

#include <deque>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

namespace plimsoll::signer {

class Scheduler::Machine {
  public:
    Machine(const SchedulerOptions& options, const SchedulerDefects& defects);

    void on(const SignerEvent& event, Actions& actions);
    ArmedSlot arm(Intent intent, Actions& actions);
    bool fire(ArmedSlot slot, Actions& actions);
    void disarm(ArmedSlot slot, Actions& actions);
    [[nodiscard]] bool ready(ArmedSlot slot) const noexcept;
    [[nodiscard]] std::optional<ArmedBytes> armed_bytes(ArmedSlot slot) const noexcept;

    [[nodiscard]] KeyState state() const noexcept;
    [[nodiscard]] const std::string& reason() const noexcept { return reason_; }
    [[nodiscard]] bool busy(const IntentKey& key) const noexcept { return keys_.contains(key); }
    [[nodiscard]] std::size_t unlanded() const noexcept;
    [[nodiscard]] std::size_t waiting() const noexcept { return waiting_.size(); }
    [[nodiscard]] std::uint64_t next_intent() noexcept { return next_intent_++; }

  private:
    /// An armed intent and, while one stands, the attempt made for it at armed_nonce_.
    struct Candidate {
        std::optional<Intent> intent;  // none: the place is free
        std::uint32_t epoch{};
        std::optional<Attempt> attempt;
        Bytes bytes;             // signed; never written down before they are fired
        BlockNumber refused_at;  // head at which no signature came
    };

    // machine_start.cpp: nothing is signed before the journal, the chain's nonces and a head agree.
    void handle(const Recovered& event);
    void handle(const NonceRead& event);
    void handle(const Reserved& event);
    void restore(const AttemptRow& row);
    void restore_claim(Slot& slot, const AttemptRow& row, const Transaction& fields);
    [[nodiscard]] bool nonces_agree(const NonceRead& read);
    void try_begin();
    void end_loose();
    void resume(Slot& slot);
    void reserve_ahead();
    void stop_key(const std::string& why);

    // machine_intents.cpp: intents in.
    void handle(const IntentSubmitted& event);
    void handle(const CancelRequested& event);
    void handle(const OutbidSeen& event);
    void handle(const Gate& event);
    void handle(const Delegated& event);
    void handle(const Stop& event);
    void pump();
    void expire_waiting();
    void fill_gaps();
    [[nodiscard]] std::optional<Intent> take_best();
    [[nodiscard]] bool may_begin() const;
    [[nodiscard]] Nonce take_nonce();

    // machine_outcomes.cpp: final reports out.
    [[nodiscard]] static std::optional<Report> landed_report(Slot& slot, ReportStage stage);
    [[nodiscard]] Report unlanded_report(const Claim& claim, OutcomeKind kind, const std::string& text) const;
    void end_unsent(const std::optional<Claim>& claim, OutcomeKind kind, const std::string& text,
                    Record stroke = {});
    void requeue(Claim claim);
    void end_waited(const Claim& claim, const Hash32& block_hash, BlockNumber block_number);
    void settle(Slot& slot);
    void finish(Slot& slot);
    void lose(Slot& slot);
    void forget(Slot& slot);
    void record(Attempt& attempt, AttemptStatus status);
    void decline(const Intent& intent, DeclineReason reason);

    // machine_attempts.cpp: fields, signature, durable bytes, send.
    void handle(const Signed& event);
    void handle(const SignRefused& event);
    void handle(const Persisted& event);
    void handle(const PersistFailed& event);
    void handle(const SendResult& event);
    void handle(const TipsSeen& event) { fees_.learn(event.tip); }
    void handle(const FeeRuleSeen& event);
    void handle(const PoolSeen& event);
    [[nodiscard]] Attempt make_attempt(Nonce nonce, const Intent* intent, Purpose purpose,
                                       const fees::FeeQuote& fee);
    void begin_attempt(Slot& slot, Purpose purpose, const fees::FeeQuote& fee);
    void ask_signature(const Attempt& attempt, bool armed = false);
    [[nodiscard]] std::optional<Claim> discard_newest(Slot& slot);
    void signed_again(Slot& slot, Attempt& attempt, const SignedTransaction& transaction);
    void drop_useless(Slot& slot, Attempt& attempt);
    void send(Slot& slot, Attempt& attempt);
    void progress(const Slot& slot, Attempt& attempt, AttemptStatus status);

    // machine_replace.cpp: answers that want another price, replacement, cancellation, another use.
    void on_refused_bytes(Slot& slot, Attempt& attempt, const SendResult& event);
    void on_ambiguous(Slot& slot);
    [[nodiscard]] bool replace(Slot& slot, Purpose purpose);
    [[nodiscard]] bool reuse(Slot& slot);
    [[nodiscard]] bool consume(Slot& slot);
    void withdraw(Slot& slot, OutcomeKind kind, const std::string& text);

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
    Attempt& leave_block(Slot& slot);
    void on_absent(Slot& slot);
    [[nodiscard]] bool unanswered(const Slot& slot) const;

    // machine_arm.cpp: the armed set of the next nonce.
    [[nodiscard]] Candidate* candidate(ArmedSlot slot) noexcept;
    [[nodiscard]] Candidate* candidate_of(AttemptId attempt) noexcept;
    [[nodiscard]] bool may_arm() const;
    [[nodiscard]] bool useless(const Candidate& one) const;
    void refresh_armed();
    void prepare(Candidate& one);
    void void_armed();
    void drop_armed(Candidate& one, Record& out);
    void launch(Candidate& one);
    void armed_signed(Candidate& one, const SignedTransaction& transaction);
    void armed_refused(Candidate& one, const Refusal& refusal);

    [[nodiscard]] bool may_send() const noexcept { return started_ && !stopping_ && !stopped_; }
    [[nodiscard]] bool killed() const { return closed_.contains(GateReason::killed); }
    [[nodiscard]] std::size_t limit() const noexcept { return delegated_ ? 1 : options_.max_in_flight; }
    [[nodiscard]] Slot* slot_of(AttemptId attempt);
    [[nodiscard]] bool is_lowest(const Slot& slot) const;
    void signer_failed(const std::string& text);
    void notice(Notice::Kind kind, std::string text);
    void announce_wait();
    /// Builds the variant in place: GCC 12 suspects a moved one of being uninitialised.
    template <class T>
    void emit(T action) {
        out_->emplace_back(std::in_place_type<T>, std::move(action));
    }

    SchedulerOptions options_;
    SchedulerDefects defects_;
    FeePolicy fees_;
    NonceLedger ledger_;
    Actions* out_ = nullptr;  // of the event being handled

    std::optional<JournalState> journal_;
    std::optional<NonceRead> read_;
    std::uint64_t readings_ = 0;  // of the chain's nonce so far
    std::optional<Nonce> reserved_;
    std::optional<Nonce> reserving_;
    std::optional<Head> head_;
    std::optional<Timestamp> now_;
    Timestamp next_question_;
    Timestamp announced_;
    std::deque<Hash32> undone_;  // blocks that left the chain lately
    std::deque<Hash32> final_;   // blocks that ended our nonces lately

    bool started_ = false;
    bool stopping_ = false;
    bool stopped_ = false;
    bool unfunded_ = false;
    bool delegated_ = false;
    bool signer_down_ = false;  // until the next head
    bool warned_ = false;       // about what keeps us from starting
    std::set<GateReason> closed_;
    std::string reason_ = "waiting for the journal";

    std::map<Nonce, Slot> slots_;
    std::size_t landed_ = 0;  // of them: in a block
    std::vector<Intent> waiting_;
    std::map<IntentKey, std::uint64_t> keys_;  // of intents that are not final
    std::unordered_map<AttemptId, Nonce> by_attempt_;
    std::unordered_map<Hash32, AttemptId> by_hash_;
    std::vector<Candidate> candidates_;
    std::optional<Nonce> armed_nonce_;
    AttemptId next_attempt_ = 1;
    std::uint64_t next_intent_ = 1;
    Wei data_fee_;  // of the newest intent: what has none costs no more
};

}  // namespace plimsoll::signer
