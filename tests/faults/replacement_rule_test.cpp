// SPDX-License-Identifier: Apache-2.0
// Replacements of the real scheduler, signed by a real key, against the rule of geth's pool.
#include "bot/send_class.hpp"
#include "chain/fees/fee_quote.hpp"
#include "chain/primitives/hex.hpp"
#include "tests/faults/geth_pool.hpp"
#include "tests/faults/lane_world.hpp"
#include "tests/unit/signer/scheduler_world.hpp"

#include <gtest/gtest.h>

namespace plimsoll::faults {
namespace {

using Steps = std::vector<Step>;

/// Moves what the scheduler wants to send to the node and the answers back, until it wants nothing more.
Task<void> pass_on(signer::World& scheduler, LaneWorld& lanes) {
    for (;;) {
        scheduler.persist_all();
        const std::vector<signer::Send> sends = scheduler.sends();
        if (sends.empty()) co_return;
        for (const signer::Send& send : sends) {
            const rpc::SendAnswer answer = co_await lanes.network().send(send);
            scheduler.answer(send, bot::send_class(answer, send.hash), answer.text);
        }
    }
}

/// The scheduler and its pool; runs the body.
void with_pool(GethPool& pool, const std::function<Task<void>(signer::World&, LaneWorld&)>& body) {
    LaneWorld lanes;
    lanes.endpoint([&pool](const Asked& asked) { return pool.answer(asked); });
    signer::World scheduler;
    scheduler.start();
    lanes.run([&]() -> Task<void> { co_await body(scheduler, lanes); });
}

signer::SignedTransaction rival(std::uint64_t tip_gwei, std::uint64_t cap_gwei) {
    signer::Transaction fields;
    fields.chain_id = ChainId{31337};
    fields.to = signer::World::executor();
    fields.data = {1, 2, 3, 4, 99};
    fields.gas_limit = Gas{500'000};
    fields.max_priority_fee_per_gas = to_wei(Gwei{tip_gwei});
    fields.max_fee_per_gas = to_wei(Gwei{cap_gwei});
    const signer::Policy policy{signer::World::limits()};
    signer::SpendLedger spends{signer::SpendLimits{}};
    return signer::approve_and_sign(policy, spends, signer::World::key(), 1, signer::Purpose::execute, fields)
        .value();
}

TEST(GethPool, WantsTenPercentMoreOfBothFees) {
    struct Case {
        std::uint64_t tip, cap;
        bool taken;
    };
    for (const Case& one :
         {Case{11, 55, true}, Case{10, 60, false}, Case{20, 50, false}, Case{11, 54, false}}) {
        GethPool pool;
        pool.hold(rival(10, 50));
        Asked asked;
        asked.method = "eth_sendRawTransaction";
        asked.id = 1;
        asked.text = R"({"params":[")" + to_hex(rival(one.tip, one.cap).raw) + "\"]}";
        EXPECT_EQ(pool.answer(asked).size(), 1U);
        EXPECT_EQ(pool.underpriced(), one.taken ? 0U : 1U) << one.tip << ' ' << one.cap;
    }
}

TEST(ReplacementRule, EveryBumpUpToTheCapIsTakenByGethsPool) {
    GethPool pool;
    with_pool(pool, [&](signer::World& scheduler, LaneWorld& lanes) -> Task<void> {
        scheduler.submit(1, 1);
        co_await pass_on(scheduler, lanes);
        std::vector<Wei> tips;
        for (std::uint64_t head = 101; head <= 200; ++head) {
            scheduler.quiet_head(head);
            co_await pass_on(scheduler, lanes);
            const Wei tip = pool.waiting().at(0).fields.max_priority_fee_per_gas;
            if (tips.empty() || tips.back() != tip) tips.push_back(tip);
        }
        EXPECT_EQ(pool.underpriced(), 0U);
        EXPECT_EQ(pool.waiting().size(), 1U);
        EXPECT_GT(tips.size(), 5U);
        EXPECT_LE(pool.waiting().at(0).fields.max_fee_per_gas, to_wei(Gwei{100}));
    });
}

TEST(ReplacementRule, ACancellationReplacesWhatItCancels) {
    GethPool pool;
    with_pool(pool, [&](signer::World& scheduler, LaneWorld& lanes) -> Task<void> {
        scheduler.submit(1, 1, 102);
        co_await pass_on(scheduler, lanes);
        for (std::uint64_t head = 101; head <= 104; ++head) {
            scheduler.quiet_head(head);
            co_await pass_on(scheduler, lanes);
        }
        EXPECT_EQ(pool.underpriced(), 0U);
        const signer::Transaction& waiting = pool.waiting().at(0).fields;
        EXPECT_EQ(waiting.to, std::optional{signer::World::key().address()});
        EXPECT_TRUE(waiting.data.empty());
    });
}

TEST(Catalogue, s07_a_dearer_one_in_the_pool_is_overbid_at_the_same_nonce_and_no_other) {
    GethPool pool;
    pool.hold(rival(2, 40));
    with_pool(pool, [&](signer::World& scheduler, LaneWorld& lanes) -> Task<void> {
        scheduler.submit(1, 1);
        co_await pass_on(scheduler, lanes);
        EXPECT_GE(pool.underpriced(), 1U);
        std::uint64_t head = 100;
        while (pool.waiting().at(0).hash == rival(2, 40).hash && head < 200) {
            scheduler.quiet_head(++head);
            co_await pass_on(scheduler, lanes);
        }
        EXPECT_LT(head, 160U);
        EXPECT_EQ(pool.waiting().size(), 1U);  // nonce 0, and nothing beside it
        Hash32 mined;
        EXPECT_TRUE(pool.mine(mined));
        scheduler.head(head + 1);
        scheduler.land(mined, head + 1);
        EXPECT_EQ(scheduler.reports().back().outcome.kind, OutcomeKind::confirmed);
    });
}

}  // namespace
}  // namespace plimsoll::faults
