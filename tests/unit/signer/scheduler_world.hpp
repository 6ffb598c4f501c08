// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "signer/keys/key.hpp"
#include "signer/scheduler.hpp"
#include "signer/signing.hpp"

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace plimsoll::signer {

/// A shell around a Scheduler for scenario tests. It signs with a real key through a real policy, at once;
/// everything else waits until the test answers it: persists, sends, receipts.
class World {
  public:
    explicit World(SchedulerOptions options = default_options());

    static SchedulerOptions default_options();
    static const Key& key();
    static Address executor();
    static PolicyLimits limits();
    /// An intent for account number `account`, good until `last_block`.
    static Intent intent(std::uint64_t id, std::uint8_t account, std::uint64_t last_block = 1000,
                         std::uint64_t value = 1);

    /// Empty journal, chain nonce 0, head 100.
    void start();
    void event(const SignerEvent& event);

    void submit(std::uint64_t id, std::uint8_t account, std::uint64_t last_block = 1000,
                std::uint64_t value = 1) {
        event(IntentSubmitted{intent(id, account, last_block, value)});
    }
    void persist_all();
    /// Answers the oldest unanswered Persist.
    void persist_one();
    /// With this base fee, in gwei.
    void head(std::uint64_t number, std::uint64_t base_fee = 10);
    /// head() and then, for every question, "no receipt", and the nonce `latest`.
    void quiet_head(std::uint64_t number, std::uint64_t latest = 0);
    void answer(const Send& send, SendClass result, const std::string& text = {});
    void land(const Hash32& transaction, std::uint64_t block, bool success = true, std::uint8_t branch = 0);
    void no_receipt(const Hash32& transaction) { event(ReceiptSeen{transaction, {}, head_number_}); }
    void nonces(std::uint64_t latest, std::uint64_t pending) {
        event(NonceRead{Nonce{latest}, Nonce{pending}});
    }
    static Hash32 block_hash(std::uint64_t number, std::uint8_t branch = 0);

    /// What was told since the last take of the kind.
    std::vector<Send> sends() { return take(sends_); }
    std::vector<Report> reports() { return take(reports_); }
    std::vector<Declined> declined() { return take(declined_); }
    std::vector<Notice> notices() { return take(notices_); }
    std::vector<UpdateAttempt> records() { return take(records_); }
    std::vector<EndIntent> ends() { return take(ends_); }
    std::vector<Nonce> reserves() { return take(reserves_); }
    std::vector<Hash32> questions() { return take(questions_); }
    [[nodiscard]] std::size_t unpersisted() const { return persists_.size(); }
    [[nodiscard]] const std::map<AttemptId, AttemptRow>& rows() const { return rows_; }

    /// Submit, persist, and the send that follows.
    Send sent(std::uint64_t id, std::uint8_t account, std::uint64_t last_block = 1000);

    /// Arms and answers as the shell would; fire() too.
    ArmedSlot arm(const Intent& intent);
    bool fire(ArmedSlot slot);
    void disarm(ArmedSlot slot);
    /// From now on no signature comes, or no answer to Reserve.
    void signer_down(bool down) { signer_down_ = down; }
    void answer_reserves(bool yes) { answer_reserves_ = yes; }
    /// A Gate event.
    void gate(GateReason reason, bool closed) { event(Gate{reason, closed}); }

    /// Replaces what the shell's policy allows.
    void set_policy(const PolicyLimits& limits) { policy_ = Policy{limits}; }
    [[nodiscard]] const SpendLedger& spends() const { return spends_; }
    void limit_spending(const SpendLimits& limits) { spends_ = SpendLedger{limits}; }
    Scheduler& scheduler() { return scheduler_; }
    Actions& actions() { return last_; }

  private:
    template <class T>
    static std::vector<T> take(std::vector<T>& from) {
        std::vector<T> out;
        out.swap(from);
        return out;
    }
    void carry_out(const Action& action);
    void carry_out(const Sign& sign);
    void carry_out(const Send& send);
    void carry_out_all();

    Scheduler scheduler_;
    Policy policy_{limits()};
    SpendLedger spends_{SpendLimits{}};
    std::vector<Send> sends_;
    std::vector<Report> reports_;
    std::vector<Declined> declined_;
    std::vector<Notice> notices_;
    std::vector<UpdateAttempt> records_;
    std::vector<EndIntent> ends_;
    std::vector<Nonce> reserves_;
    bool signer_down_ = false;
    bool answer_reserves_ = true;
    std::vector<Hash32> questions_;
    std::vector<AttemptId> persists_;
    std::map<AttemptId, AttemptRow> rows_;
    std::map<AttemptId, bool> durable_;
    BlockNumber head_number_;
    Actions last_;
};

}  // namespace plimsoll::signer
