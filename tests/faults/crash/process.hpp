// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "bot/journal/journal_thread.hpp"
#include "bot/journal/sqlite_journal.hpp"
#include "bot/submission.hpp"
#include "signer/scheduler_defects.hpp"
#include "tests/faults/crash/trace.hpp"

#include <boost/asio/io_context.hpp>

#include <atomic>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace plimsoll::crash {

/// Mistakes of everything around the scheduler, for tests that must see their own checks fail.
struct ShellDefects {
    bool acknowledge_early{};  // the journal says "durable" one batch before it is
    bool skip_sync{};          // what is synced is not
    bool skip_witness{};       // the witness is never written
    bool new_story{};          // how long a nonce has been private is forgotten with the process
    bool no_budget{};          // what an hour and a day may cost is not looked at
    bool no_floor{};           // nor what must stay in the account
};

struct Defects {
    signer::SchedulerDefects scheduler;
    ShellDefects shell;
};

/// Who signs in these tests, on chain 31337.
[[nodiscard]] const Address& sender();
/// The most a transaction may offer per gas.
[[nodiscard]] Wei fee_cap();
/// What is wanted for an account, as bytes: the same for every intent of it, whatever process asks.
[[nodiscard]] Bytes calldata_for(std::uint8_t account);

/// The submitting half of a keeper: the real Submission with its scheduler, policy and key, the real
/// JournalThread, SqliteJournal and witness over the shim, and a model of a node as network. What leaves it
/// is told to `tell`.
class Process {
  public:
    struct Parts {
        ChainModel& chain;
        std::function<void(Event)> tell;  // may be empty
        std::filesystem::path folder;     // of the journal
        std::optional<Bytes> witness;     // as it lies on its disk
        Defects defects;
        std::optional<Nonce> adopt{};
        Terms terms{};
    };
    /// Opens the journal and goes as far as it can without a block. Errors are texts of the journal.
    static tl::expected<std::unique_ptr<Process>, std::string> start(Parts parts);
    ~Process();
    Process(const Process&) = delete;
    Process& operator=(const Process&) = delete;
    Process(Process&&) = delete;
    Process& operator=(Process&&) = delete;

    /// The event and all that follows from it.
    void on(signer::SignerEvent event);
    /// An intent for this account, good for so many blocks.
    void submit(std::uint8_t account, std::uint64_t blocks);
    void cancel(std::uint8_t account);
    /// Armed, all of them; then one is fired: when all are durable, or before any can be.
    void arm_and_fire(const std::vector<std::uint8_t>& accounts, std::size_t fired, bool at_once);
    /// Tells the newest block, and that three seconds passed.
    void head();
    [[nodiscard]] bool busy(std::uint8_t account);
    [[nodiscard]] signer::Scheduler& scheduler() { return submission_->scheduler(); }
    [[nodiscard]] const signer::SpendLedger& spends() { return submission_->spends(); }
    /// Final words, in order.
    [[nodiscard]] const std::vector<signer::Report>& finals() const { return finals_; }
    /// From now on the next so many sends reach the node, but no answer comes back.
    void lose_answers(int count);
    /// An orderly end.
    void stop();

  private:
    explicit Process(Parts parts);
    class ModelNetwork;
    class TracedWitness;
    [[nodiscard]] signer::Intent intent(std::uint8_t account, std::uint64_t blocks);
    [[nodiscard]] bot::SubmissionListener listener();
    void settle();

    Parts parts_;
    boost::asio::io_context io_{1};
    async::TaskGroup tasks_;
    std::unique_ptr<ModelNetwork> network_;
    std::unique_ptr<bot::JournalThread> journal_;
    std::unique_ptr<bot::Submission> submission_;
    bool poor_ = true;               // whether it is told what the account holds
    std::atomic<bool> held_{false};  // the journal's next write to its files waits
    std::vector<signer::Report> finals_;
    std::map<std::uint8_t, std::uint64_t> intents_;  // newest of each account
    std::uint64_t now_;                              // the journal dates its rows by the real clock
};

}  // namespace plimsoll::crash
