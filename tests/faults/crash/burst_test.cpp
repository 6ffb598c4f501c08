// SPDX-License-Identifier: Apache-2.0
// Many intents in one turn of the writer thread: all but the first are signed in another thread.
#include "bot/journal/sqlite_journal.hpp"
#include "bot/submission.hpp"
#include "tests/faults/crash/process.hpp"
#include "tests/faults/crash/world.hpp"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <map>
#include <set>

namespace plimsoll::crash {
namespace {

namespace asio = async::asio;

constexpr ChainId kBurstChain{31337};
constexpr std::size_t kInFlight = 64;

/// Takes everything at once and remembers it.
class OpenHand final : public bot::Network {
  public:
    async::Task<rpc::SendAnswer> send(signer::Send send) override {
        taken.push_back(send.raw);
        rpc::SendAnswer answer;
        answer.hash = send.hash;
        co_return answer;
    }
    async::Task<Result<std::optional<rpc::Receipt>>> receipt(Hash32 /*transaction*/) override {
        Result<std::optional<rpc::Receipt>> none{std::optional<rpc::Receipt>{}};
        co_return none;
    }
    async::Task<Result<bool>> in_pool(Hash32) override { co_return false; }
    async::Task<Result<bot::NonceCounts>> nonces(Address /*sender*/) override {
        const bot::NonceCounts none{};
        co_return none;
    }
    std::vector<Bytes> taken;
};

signer::Key burst_key() {
    std::array<std::uint8_t, 32> secret{};
    secret.fill(0x66);
    return signer::Key::from_secret(signer::Secret{secret}).value();
}

Address order_taker() {
    Address out;
    out.bytes.fill(0xEE);
    return out;
}

signer::Intent burst_intent(std::uint8_t account) {
    signer::Intent out;
    out.id = account;
    out.key.chain = kBurstChain;
    out.key.account.bytes[19] = account;
    out.to = order_taker();
    out.calldata = calldata_for(account);
    out.gas_limit = Gas{500'000};
    out.last_block = BlockNumber{1'000};
    return out;
}

class Burst : public ::testing::Test {
  protected:
    void SetUp() override {
        auto journal = bot::SqliteJournal::open(folder.path(), {kBurstChain, sender()});
        ASSERT_TRUE(journal);
        signer::JournalState state = (*journal)->load().value();
        const auto post = [this](std::function<void()> task) { asio::post(io, std::move(task)); };
        journal_thread = std::make_unique<bot::JournalThread>(*std::move(journal), post);
        signer::SchedulerOptions options;
        options.chain = kBurstChain;
        options.sender = sender();
        options.fees = signer::FeeLimits{to_wei(Gwei{1}), fee_cap(), {}};
        options.max_in_flight = kInFlight;
        options.reserve_block = 2 * kInFlight;
        signer::PolicyLimits limits;
        limits.chain = kBurstChain;
        limits.sender = sender();
        limits.executor = order_taker();
        const Bytes example = calldata_for(0);
        std::copy_n(example.begin(), limits.selector.size(), limits.selector.begin());
        limits.max_gas = Gas{1'000'000};
        limits.max_fee_per_gas = fee_cap();
        limits.max_spend = cost(limits.max_gas, fee_cap());
        bot::Submission::Parts parts{network, *journal_thread, tasks};
        parts.post = post;
        submission = std::make_unique<bot::Submission>(options, signer::Policy{limits}, burst_key(), parts,
                                                       listener());
        submission->on(signer::Recovered{std::move(state)});
        Head head;
        head.number = BlockNumber{100};
        head.hash.bytes[0] = 1;
        head.base_fee = to_wei(Gwei{10});
        head.gas_limit = Gas{30'000'000};
        head.gas_used = Gas{15'000'000};
        submission->on(signer::HeadSeen{head});
        run_until([this] { return submission->scheduler().state() == signer::KeyState::ready; });
        journal_thread->drain();
        io.poll();
    }
    void TearDown() override {
        submission.reset();
        journal_thread->close();
        io.restart();
        io.poll();  // what was still on its way finds nobody
    }
    bot::SubmissionListener listener() {
        bot::SubmissionListener out;
        out.on_signed = [this](const signer::Sign& sign, const signer::SignedTransaction& made) {
            made_for[sign.intent_id] = made;
        };
        out.on_sent = [](const signer::Send&, signer::SendClass, const std::string&) {};
        out.on_report = [this](const signer::Report& report) { ended.push_back(report); };
        out.on_declined = [](const signer::Declined&) { ADD_FAILURE() << "declined"; };
        out.on_notice = [](const signer::Notice&) {};
        return out;
    }
    template <class Condition>
    void run_until(const Condition& condition) {
        const auto limit = std::chrono::steady_clock::now() + std::chrono::seconds{20};
        while (!condition() && std::chrono::steady_clock::now() < limit) {
            io.restart();
            io.run_one_for(std::chrono::milliseconds{1});
        }
        EXPECT_TRUE(condition());
    }
    void submit(std::uint8_t first, std::uint8_t last) {
        for (std::uint8_t account = first; account <= last; ++account)
            submission->on(signer::IntentSubmitted{burst_intent(account)});
    }

    Scratch folder;
    asio::io_context io{1};
    asio::executor_work_guard<asio::io_context::executor_type> work{io.get_executor()};
    async::TaskGroup tasks{io.get_executor()};
    OpenHand network;
    std::unique_ptr<bot::JournalThread> journal_thread;
    std::unique_ptr<bot::Submission> submission;
    std::map<std::uint64_t, signer::SignedTransaction> made_for;
    std::vector<signer::Report> ended;
};

TEST_F(Burst, GoesOutAsIfSignedOneByOne) {
    submit(1, 40);
    EXPECT_EQ(made_for.size(), 1U);  // a single one would not have waited for another thread
    run_until([this] { return network.taken.size() == 40; });
    const signer::Key key = burst_key();
    std::set<Nonce> nonces;
    for (const Bytes& raw : network.taken) {
        const auto decoded = signer::decode_transaction(raw);
        ASSERT_TRUE(decoded);
        nonces.insert(decoded->fields.nonce);
        const auto again = signer::assemble(decoded->fields, key.sign(signer::signing_hash(decoded->fields)));
        EXPECT_EQ(again.raw, raw);
    }
    EXPECT_EQ(nonces.size(), 40U);
    EXPECT_EQ(*nonces.rbegin(), Nonce{39});
    for (const auto& [id, made] : made_for)
        EXPECT_EQ(made.fields.nonce, Nonce{id - 1});  // in the order wanted
}

TEST_F(Burst, TheKillSwitchReachesWhatTheOtherThreadHasSigned) {
    submit(1, 20);
    submission->sign_cancels_only(true);
    run_until([this] { return ended.size() == 19; });
    EXPECT_EQ(made_for.size(), 1U);
    for (const signer::Report& report : ended)
        EXPECT_EQ(report.outcome.kind, OutcomeKind::refused);
    // One is under way: nothing else is charged, and its nonce is the only one used.
    EXPECT_EQ(submission->spends().open(), signer::ceiling_of(made_for.at(1).fields));
    submission->sign_cancels_only(false);
    submit(30, 30);
    run_until([this] { return network.taken.size() == 2; });
    EXPECT_EQ(made_for.at(30).fields.nonce, Nonce{1});
}

TEST_F(Burst, MayEndWithSignaturesStillToMake) {
    submit(1, 60);
    submission.reset();
    EXPECT_EQ(made_for.size(), 1U);
}

}  // namespace
}  // namespace plimsoll::crash
