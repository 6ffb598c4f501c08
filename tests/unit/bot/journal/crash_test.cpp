// SPDX-License-Identifier: Apache-2.0
// kill -9 around the one moment that matters: the bytes are durable, the send has not happened or nobody
// remembers it.
#include "bot/journal/sqlite_journal.hpp"
#include "signer/keys/key.hpp"
#include "signer/scheduler.hpp"
#include "signer/signing.hpp"
#include "tests/unit/bot/journal/journal_folder.hpp"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

namespace plimsoll::bot {
namespace {

using namespace signer;

const Key& key() {
    static const Key made = [] {
        std::array<std::uint8_t, 32> secret{};
        secret.fill(0x77);
        return Key::from_secret(Secret{secret}).value();
    }();
    return made;
}

JournalOwner key_owner() {
    return JournalOwner{ChainId{31337}, key().address()};
}

Policy policy() {
    PolicyLimits limits;
    limits.chain = ChainId{31337};
    limits.sender = key().address();
    limits.executor.bytes.fill(0xEE);
    limits.selector = {1, 2, 3, 4};
    limits.max_gas = Gas{1'000'000};
    limits.max_fee_per_gas = to_wei(Gwei{100});
    limits.max_spend = cost(Gas{1'000'000}, to_wei(Gwei{100}));
    return Policy{limits};
}

Intent intent(std::uint64_t id) {
    Intent out;
    out.id = id;
    out.key.chain = ChainId{31337};
    out.key.account.bytes[19] = static_cast<std::uint8_t>(id);
    out.to.bytes.fill(0xEE);
    out.calldata = {1, 2, 3, 4, static_cast<std::uint8_t>(id)};
    out.gas_limit = Gas{500'000};
    out.last_block = BlockNumber{1000};
    return out;
}

/// A whole keeper, as far as submission goes: real scheduler, real key, real journal. Sends go to `wire`.
class Keeper {
  public:
    explicit Keeper(const std::filesystem::path& folder) {
        SchedulerOptions options;
        options.chain = ChainId{31337};
        options.sender = key().address();
        options.fees = FeeLimits{to_wei(Gwei{1}), to_wei(Gwei{100}), {}};
        scheduler_ = std::make_unique<Scheduler>(options);
        journal_ = SqliteJournal::open(folder, key_owner()).value();
        event(Recovered{journal_->load().value()});
        event(NonceRead{});
        Head head;
        head.number = BlockNumber{100};
        head.hash.bytes[0] = 1;
        head.base_fee = to_wei(Gwei{10});
        head.gas_limit = Gas{30'000'000};
        head.gas_used = Gas{15'000'000};
        event(HeadSeen{head});
    }

    void event(const SignerEvent& event) {
        Actions actions;
        scheduler_->on(event, actions);
        for (const Action& action : actions)
            carry_out(action);
    }

    std::vector<Bytes> wire;
    int die_after_persist =
        -1;  // this many rows may become durable before the process dies instead of sending

  private:
    void carry_out(const Action& action) {
        if (const auto* sign = std::get_if<Sign>(&action)) {
            SpendLedger spends{SpendLimits{}};
            event(Signed{sign->attempt,
                         approve_and_sign(policy(), spends, key(), sign->attempt, sign->purpose, sign->fields)
                             .value()});
        } else if (const auto* persist = std::get_if<Persist>(&action)) {
            const JournalEntry entry = InsertAttempt{persist->row};
            ASSERT_TRUE(journal_->write({&entry, 1}));
            if (die_after_persist-- == 0) kill(getpid(), SIGKILL);
            event(Persisted{persist->row.id});
        } else if (const auto* send = std::get_if<Send>(&action)) {
            wire.push_back(send->raw);
        } else if (const auto* record = std::get_if<Record>(&action)) {
            ASSERT_TRUE(journal_->write(record->entries));
        } else if (const auto* reserve = std::get_if<Reserve>(&action)) {
            const JournalEntry entry = ReserveNonces{reserve->through};
            ASSERT_TRUE(journal_->write({&entry, 1}));
            event(Reserved{reserve->through});
        }
    }

    std::unique_ptr<Scheduler> scheduler_;
    std::unique_ptr<SqliteJournal> journal_;
};

/// What an undisturbed run puts on the wire; signatures are deterministic, so a second run would make the
/// same bytes.
std::vector<Bytes> undisturbed(std::uint64_t intents) {
    const JournalFolder folder;
    Keeper keeper{folder.path()};
    for (std::uint64_t id = 1; id <= intents; ++id)
        keeper.event(IntentSubmitted{intent(id)});
    return keeper.wire;
}

void run_and_die(const JournalFolder& folder, int after) {
    const pid_t child = fork();
    if (child == 0) {
        Keeper keeper{folder.path()};
        keeper.die_after_persist = after;
        for (std::uint64_t id = 1; id <= 5; ++id)
            keeper.event(IntentSubmitted{intent(id)});
        _exit(0);
    }
    int status = 0;
    ASSERT_EQ(waitpid(child, &status, 0), child);
    ASSERT_TRUE(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
}

TEST(Crash, BetweenPersistAndSendTheSameBytesAreSentAfterARestart) {
    const std::vector<Bytes> expected = undisturbed(5);
    ASSERT_EQ(expected.size(), 5U);
    for (int after = 0; after < 5; ++after) {
        const JournalFolder folder;
        run_and_die(folder, after);
        Keeper restarted{folder.path()};
        const std::vector<Bytes> durable{expected.begin(), expected.begin() + after + 1};
        EXPECT_EQ(restarted.wire, durable) << "killed after row " << after + 1;
    }
}

TEST(Crash, NothingOfALaterIntentReusesADurableNonce) {
    const JournalFolder folder;
    run_and_die(folder, 1);
    Keeper restarted{folder.path()};
    restarted.event(IntentSubmitted{intent(9)});
    ASSERT_EQ(restarted.wire.size(), 3U);
    EXPECT_EQ(decode_transaction(restarted.wire[2])->fields.nonce, Nonce{2});
}

TEST(Crash, ASecondCrashChangesNothing) {
    const JournalFolder folder;
    run_and_die(folder, 2);
    std::vector<Bytes> first;
    {
        Keeper restarted{folder.path()};
        first = restarted.wire;
    }
    Keeper again{folder.path()};
    EXPECT_EQ(again.wire, first);
    EXPECT_EQ(first.size(), 3U);
}

}  // namespace
}  // namespace plimsoll::bot
