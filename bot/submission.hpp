// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "bot/journal/journal_thread.hpp"
#include "bot/network.hpp"
#include "bot/remote_key.hpp"
#include "bot/signing_thread.hpp"
#include "chain/async/task.hpp"
#include "chain/async/task_group.hpp"
#include "signer/keys/key.hpp"
#include "signer/policy.hpp"
#include "signer/scheduler.hpp"
#include "signer/scheduler_defects.hpp"
#include "signer/spend.hpp"

#include <deque>
#include <functional>
#include <memory>
#include <vector>

namespace plimsoll::bot {

/// Who wants to know what becomes of intents. Called on the writer thread.
struct SubmissionListener {
    std::function<void(const signer::Sign&, const signer::SignedTransaction&)> on_signed;
    std::function<void(const signer::Send&, signer::SendClass, const std::string& text)> on_sent;
    std::function<void(const signer::Report&)> on_report;
    std::function<void(const signer::Declined&)> on_declined;
    std::function<void(const signer::Notice&)> on_notice;
    std::function<void(const std::string& text)> on_signer_trouble;  // of a remote key; may be empty
};

/// The thin edge around the scheduler: carries its actions to the policy and the key, the journal and the
/// node, and their answers back. Decides nothing.
class Submission {
  public:
    struct Parts {
        Network& network;
        JournalThread& journal;
        async::TaskGroup& tasks;
        const signer::SchedulerDefects* defects = nullptr;  // for tests that must see their own checks fail
        signer::SpendLimits spend_limits{};
        /// Runs a task on the writer thread, in a later turn of it. With it, a key of this process signs in a
        /// thread of its own all but the first transaction of a turn; without it, everything in this one.
        SigningThread::Post post{};
        /// Before each step of the scheduler, and after all of them in a row. The first may call `fire`.
        std::function<void()> before_step{};
        std::function<void()> after_steps{};
    };

    Submission(const signer::SchedulerOptions& options, const signer::Policy& policy, KeyHolder key,
               Parts parts, SubmissionListener listener);
    Submission(const Submission&) = delete;
    Submission& operator=(const Submission&) = delete;
    ~Submission() = default;

    /// May be called from within a listener: events are taken in order, one at a time.
    void on(signer::SignerEvent event);
    /// Scheduler::arm, fire and disarm, with what follows from them. Not from within a listener.
    [[nodiscard]] signer::ArmedSlot arm(signer::Intent intent);
    bool fire(signer::ArmedSlot slot);
    void disarm(signer::ArmedSlot slot);
    /// Whether a listener is being told something.
    [[nodiscard]] bool busy() const noexcept { return draining_; }
    /// The kill switch: while set, every other signature is refused, whoever wants it.
    void sign_cancels_only(bool set) noexcept { cancels_only_ = set; }
    [[nodiscard]] signer::Scheduler& scheduler() noexcept { return scheduler_; }
    [[nodiscard]] const signer::Scheduler& scheduler() const noexcept { return scheduler_; }
    [[nodiscard]] const Address& sender() const noexcept { return address_of(key_); }
    /// What was spent and may be; told of the balance by the shell, of all else from here.
    [[nodiscard]] signer::SpendLedger& spends() noexcept { return spends_; }

  private:
    template <class Steps>
    void turn(const Steps& steps);
    /// Lets `step` tell actions and carries them out, and then whatever came in meanwhile.
    template <class Step>
    void act(const Step& step);
    void drain();
    void watch_spending(const signer::SignerEvent& event);
    void carry_out(const signer::Action& action);
    void write(std::vector<signer::JournalEntry> entries, JournalThread::Done done);
    void carry_out(const signer::Reserve& reserve);
    void carry_out(const signer::Sign& sign);
    void carry_out(const signer::Persist& persist);
    void carry_out(const signer::Record& record);
    void carry_out(const signer::Discarded& discarded);
    void carry_out(const signer::Send& send);
    void carry_out(const signer::Query& query);
    void sign_here(const signer::Key& key, const signer::Sign& sign);
    void sign_beside(const signer::Key& key, const signer::Sign& sign);
    [[nodiscard]] bool held_back(const signer::Sign& sign);
    void take(const signer::Sign& sign, tl::expected<signer::SignedTransaction, signer::Refusal> result);
    async::Task<void> sign_remotely(signer::Sign sign);
    async::Task<void> send(signer::Send send);
    async::Task<void> ask_receipt(signer::ReceiptQuery query);
    async::Task<void> ask_nonces();

    signer::Scheduler scheduler_;
    signer::Policy policy_;
    KeyHolder key_;
    Parts parts_;
    signer::SpendLedger spends_;
    SubmissionListener listener_;
    std::deque<signer::SignerEvent> inbox_;
    signer::Actions actions_;
    unsigned turns_ = 0;  // within one another
    bool draining_ = false;
    bool cancels_only_ = false;
    bool signed_in_turn_ = false;
    std::unique_ptr<SigningThread> beside_;  // goes before the key does
    /// The journal's answer may still be on its way through the event loop when this ends.
    std::shared_ptr<int> alive_ = std::make_shared<int>();
};

}  // namespace plimsoll::bot
