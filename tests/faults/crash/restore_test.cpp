// SPDX-License-Identifier: Apache-2.0
// Last minute's copy of the journal, of the witness, and of both; a disk that is full or fails to sync.
#include "bot/journal/sqlite.hpp"
#include "tests/faults/crash/shim_vfs.hpp"
#include "tests/faults/crash/world.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sqlite3.h>

namespace plimsoll::crash {
namespace {

using ::testing::HasSubstr;

constexpr Cut kAsItIs = Cut::killed;

/// One intent final, a copy of everything, then another intent that is on its way.
struct Minute {
    explicit Minute(const Defects& defects = {}) : world{defects} {
        world.want(1, 20);
        world.blocks(4, 8);
        before = world.state();
        world.want(2, 20);
        world.want(3, 20);
        world.want(4, 20);
        world.want(5, 20);  // beyond the first reservation
    }
    World world;
    State before;
};

/// A process over these files, with the chain as it is in `state`.
struct Restarted {
    Restarted(const Disk& journal, const Disk& witness, State& state, std::optional<Nonce> adopt = {}) {
        journal.lay_out("journal", folder.path(), kAsItIs, 0);
        Process::Parts parts{
            state.chain, {}, folder.path(), witness.content("witness/witness", kAsItIs, 0), {}};
        parts.adopt = adopt;
        auto started = Process::start(std::move(parts));
        if (started) process = *std::move(started);
        if (!started) refusal = started.error();
    }
    Scratch folder;
    std::unique_ptr<Process> process;
    std::string refusal;
};

TEST(Restore, s42_LastMinutesJournalIsRefused) {
    Minute minute;
    State now = minute.world.state();
    const Restarted again{minute.before.disk, now.disk, now};
    EXPECT_THAT(again.refusal, HasSubstr("is behind its witness"));
}

TEST(Restore, LastMinutesJournalIsNotNoticedWithoutAWitness) {
    // What the witness is for: the same with one that is never written again.
    Defects defects;
    defects.shell.skip_witness = true;
    Minute minute{defects};
    State now = minute.world.state();
    const Restarted again{minute.before.disk, now.disk, now};
    EXPECT_EQ(again.refusal, "");
}

TEST(Restore, s42_LastMinutesWitnessIsNoHarm) {
    Minute minute;
    State now = minute.world.state();
    const Restarted again{now.disk, minute.before.disk, now};
    ASSERT_EQ(again.refusal, "");
    for (int i = 0; i < 6; ++i) {
        now.chain.mine(8);
        again.process->head();
    }
    EXPECT_EQ(again.process->scheduler().state(), signer::KeyState::ready);
    EXPECT_EQ(now.chain.landed().size(), 5U);
}

TEST(Restore, s42_OfBothOnlyTheChainTells) {
    Minute minute;
    State now = minute.world.state();
    now.chain.mine(8);  // what the copies do not know has landed
    const Restarted again{minute.before.disk, minute.before.disk, now};
    ASSERT_EQ(again.refusal, "");
    again.process->head();
    EXPECT_EQ(again.process->scheduler().state(), signer::KeyState::stopped)
        << again.process->scheduler().state_reason();
}

TEST(Restore, OfBothWhileTheNodeStillHoldsThemNothingIsSent) {
    Minute minute;
    State now = minute.world.state();
    const Restarted again{minute.before.disk, minute.before.disk, now};
    ASSERT_EQ(again.refusal, "");
    for (int i = 0; i < 5; ++i)
        again.process->head();
    EXPECT_NE(again.process->scheduler().state(), signer::KeyState::ready);
    EXPECT_EQ(now.chain.taken().size(), minute.world.state().chain.taken().size());
}

TEST(Restore, s42_WithTheOperatorsWordTheKeyGoesOnAboveAllThatWasUsed) {
    Minute minute;
    State now = minute.world.state();
    const Restarted again{minute.before.disk, now.disk, now, Nonce{5}};
    ASSERT_EQ(again.refusal, "");
    again.process->head();
    EXPECT_NE(again.process->scheduler().state(), signer::KeyState::ready);  // four are pending still
    const std::size_t sent = now.chain.taken().size();
    for (int i = 0; i < 3; ++i) {
        now.chain.mine(8);
        again.process->head();
    }
    EXPECT_EQ(again.process->scheduler().state(), signer::KeyState::ready)
        << again.process->scheduler().state_reason();
    EXPECT_EQ(now.chain.taken().size(), sent);
    again.process->submit(9, 20);
    ASSERT_EQ(now.chain.taken().size(), sent + 1);
    EXPECT_EQ(now.chain.taken().back().fields.nonce, Nonce{5});
}

/// The n-th of these operations fails, and all later ones.
ShimObserver failing(DiskOp::Kind kind, int code, int after, int& met) {
    ShimObserver out;
    out.refuse = [kind, code, after, &met](const DiskOp& op) {
        return op.kind == kind && ++met > after ? code : 0;
    };
    return out;
}

TEST(Disk, s76_ThatIsFullOrFailsToSyncStopsTheKeyAndNothingIsSent) {
    for (const auto& [kind, code] :
         {std::pair{DiskOp::Kind::write, SQLITE_FULL}, std::pair{DiskOp::Kind::write, SQLITE_IOERR_WRITE},
          std::pair{DiskOp::Kind::sync, SQLITE_IOERR_FSYNC}}) {
        for (int after = 0; after < 12; ++after) {
            World world;
            int met = 0;
            observe_files(failing(kind, code, after, met));
            for (std::uint8_t account = 1; account <= 4; ++account)
                world.process().submit(account, 20);
            const std::size_t sent = world.live_chain().taken().size();
            if (met > after) {
                EXPECT_EQ(world.process().scheduler().state(), signer::KeyState::stopped) << after;
            }
            observe_files({});
            // Whatever was sent is in the journal: a new process finds it.
            auto rows = bot::Database::open(world.folder() / "journal.sqlite");
            ASSERT_TRUE(rows);
            EXPECT_GE(rows->number("SELECT count(*) FROM attempts").value_or(0), sent) << after;
            if (met > after) world.process().submit(5, 20);
            EXPECT_EQ(world.live_chain().taken().size(), sent);
        }
    }
}

}  // namespace
}  // namespace plimsoll::crash
