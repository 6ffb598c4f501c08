// SPDX-License-Identifier: Apache-2.0
// Long log queries over several endpoints of one chain.
#include "tests/faults/endpoint_pool_world.hpp"

#include <random>

namespace plimsoll::faults {
namespace {

TEST(EndpointPool, ReadsLongRangesFromAllAtOnce) {
    std::vector<SmallChain> chains(2);
    std::uint64_t widest = 0;
    for (SmallChain& chain : chains) {
        chain.refuse_logs = [&widest](const Asked& asked, std::uint64_t from,
                                      std::uint64_t to) -> std::optional<Step> {
            if (to - from >= 100) return error(asked, -32614, "eth_getLogs is limited to a 100 range");
            widest = std::max(widest, to - from + 1);
            return std::nullopt;
        };
    }
    with_pool(chains, [&chains, &widest](Nodes& world) -> Task<void> {
        ReadRequest request = logs_over(chains[0].hash_of(1'000), 1, 1'000);
        const ReadResult read = co_await world.pool.execute(std::move(request));
        expect_all_logs(read, chains[0], 1, 1'000);
        EXPECT_GE(world.count(0, "eth_getLogs"), 2U);
        EXPECT_GE(world.count(1, "eth_getLogs"), 2U);
        EXPECT_EQ(widest, 100U) << "as long as the rule allows";
        EXPECT_EQ(world.pool.log_progress().blocks_total, 1'000U);
        EXPECT_EQ(world.pool.log_progress().blocks_done, 1'000U);
        // By now the rule is known, or will be once it is met; then it is kept.
        const auto asked = [&world] { return world.count(0, "eth_getLogs") + world.count(1, "eth_getLogs"); };
        for (int i = 0; i < 2; ++i) {
            const std::size_t before = asked();
            ReadRequest next = logs_over(chains[0].hash_of(1'000), 1, 1'000);
            const ReadResult again = co_await world.pool.execute(std::move(next));
            expect_all_logs(again, chains[0], 1, 1'000);
            EXPECT_TRUE(i == 0 || asked() - before == 10U) << asked() - before;
        }
    });
}

TEST(EndpointPool, LeavesOutAMemberWhoseChainHasNotTheBlock) {
    std::vector<SmallChain> chains(3);
    chains[1].forked_at = 990;
    chains[2].head = 996;  // within the lag that is forgiven: it would leave four blocks' logs out
    with_pool(chains, [&chains](Nodes& world) -> Task<void> {
        ReadRequest request = logs_over(chains[0].hash_of(1'000), 501, 1'000);
        const ReadResult read = co_await world.pool.execute(std::move(request));
        expect_all_logs(read, chains[0], 501, 1'000);
        EXPECT_EQ(world.count(1, "eth_getLogs"), 0U);
        EXPECT_EQ(world.count(2, "eth_getLogs"), 0U);
    });
}

TEST(EndpointPool, ForgetsWhatAMemberToldThatChangedItsChainMeanwhile) {
    std::vector<SmallChain> chains(2);
    for (std::size_t i = 0; i < 2; ++i) {
        chains[i].refuse_logs = [&chains, i](const Asked&, std::uint64_t from,
                                             std::uint64_t) -> std::optional<Step> {
            if (i == 0 && from > 500) chains[0].forked_at = 600;
            return std::nullopt;
        };
    }
    with_pool(chains, [&chains](Nodes& world) -> Task<void> {
        ReadRequest request = logs_over(chains[1].hash_of(1'000), 1, 1'000);
        const ReadResult read = co_await world.pool.execute(std::move(request));
        expect_all_logs(read, chains[1], 1, 1'000);
        EXPECT_EQ(world.pool.log_progress().blocks_done, 1'000U);
    });
}

/// One of the ways not to answer, or none.
std::optional<std::vector<Step>> random_fault(std::mt19937& random, const Asked& asked) {
    constexpr unsigned kHowOften = 6;
    if (asked.method == "eth_chainId" || random() % kHowOften != 0) return std::nullopt;
    std::vector<Step> out;
    switch (random() % 6) {
        case 0:
            out = {drop()};
            break;
        case 1:
            out = {status(502, "<html>")};
            break;
        case 2:
            out = {error(asked, -32005, "rate limited, try again in 4ms")};
            break;
        case 3:
            out = {error(asked, -32000, "header not found")};
            break;
        case 4:
            out = {error(asked, -32602,
                         "query returned more than 10000 results. Try with this block range [0x1, 0x9].")};
            break;
        default:
            out = {say("{\"id\":" + std::to_string(asked.id) + ",\"result\":[{}]}")};
            break;
    }
    return out;
}

TEST(EndpointPool, AnswersRightOrNotAtAllWhateverFails) {
    int answered = 0;
    constexpr int kRuns = 12;
    for (unsigned seed = 1; seed <= kRuns; ++seed) {
        std::vector<SmallChain> chains(3);
        std::mt19937 random{seed};
        for (SmallChain& chain : chains)
            chain.instead = [&random](const Asked& asked) { return random_fault(random, asked); };
        with_pool(
            chains,
            [&](Nodes& world) -> Task<void> {
                ReadRequest query = logs_over(chains[0].hash_of(1'000), 201, 1'000);
                ReadRequest called = call_at(chains[0].hash_of(777));
                const ReadResult logs = co_await world.pool.execute(std::move(query));
                const ReadResult call = co_await world.pool.execute(std::move(called));
                if (logs.bytes) expect_all_logs(logs, chains[0], 201, 1'000);
                EXPECT_EQ(call.bytes ? number_called(call) : 777U, 777U);
                answered += logs.bytes ? 1 : 0;
            },
            1);
    }
    EXPECT_GE(answered, kRuns / 2) << "and mostly it does answer";
}

TEST(EndpointPool, EndsALogQueryThatNobodyCanAnswer) {
    std::vector<SmallChain> chains(2);
    for (SmallChain& chain : chains) {
        chain.refuse_logs = [](const Asked& asked, std::uint64_t, std::uint64_t) -> std::optional<Step> {
            return error(asked, -32005, "query returned more than 10000 results");
        };
    }
    with_pool(chains, [&chains](Nodes& world) -> Task<void> {
        ReadRequest request = logs_over(chains[0].hash_of(1'000), 1, 1'000);
        const ReadResult read = co_await world.pool.execute(std::move(request));
        EXPECT_EQ(read.bytes.error().code, Errc::limit_exceeded) << "not even one block";
        EXPECT_EQ(world.pool.log_progress().blocks_total, 0U);
    });
}

struct RangeLimit {
    int code;
    const char* message;
    std::uint64_t blocks;  // what it takes
    std::uint64_t next;    // what it shall be asked after its refusal
};

TEST(Catalogue, s60_getlogs_limits_are_followed_in_every_dialect) {
    const std::vector<RangeLimit> limits{
        {-32602,
         "Log response size exceeded. You can make eth_getLogs requests with up to a 2K block range and no "
         "limit "
         "on the response size, or you can request any block range with a cap of 10K logs in the response. "
         "Based "
         "on your parameters and the response size limit, this block range should work: [0x0, 0x4f]",
         80, 79},
        {-32005, "query returned more than 10000 results. Try with this block range [0x1, 0x30].", 48, 48},
        {-32614, "eth_getLogs is limited to a 70 range", 70, 70},
        {-32000, "requested too many blocks from 1 to 500, maximum is set to 64", 64, 64},
        {-32005, "query returned more than 10000 results", 60, 50},
        {-32003, "response too large", 60, 50},
    };
    for (const RangeLimit& limit : limits) {
        std::vector<SmallChain> chains(1);
        std::uint64_t refused = 0;
        std::uint64_t after_refusal = 0;
        chains[0].refuse_logs = [&](const Asked& asked, std::uint64_t from,
                                    std::uint64_t to) -> std::optional<Step> {
            if (to - from + 1 > limit.blocks) {
                ++refused;
                return error(asked, limit.code, limit.message);
            }
            if (refused != 0 && after_refusal == 0 && from == 1) after_refusal = to - from + 1;
            return std::nullopt;
        };
        async::asio::io_context io;
        ScriptedNode node{io.get_executor(),
                          [&chains](const Asked& asked) { return chains[0].answer(asked); }};
        rpc::PoolMember member{"node", params_for(node.http_url()), {}};
        rpc::PoolParams params = quick_pool();
        params.first_log_span = 100;
        params.log_requests = 1;
        EndpointPool pool{io.get_executor(), {member}, params};
        const auto body = [&]() -> Task<void> {
            const auto ready = co_await pool.wait_ready(milliseconds{2'000});
            EXPECT_TRUE(ready.has_value());
            ReadRequest request = logs_over(chains[0].hash_of(1'000), 1, 500);
            const ReadResult read = co_await pool.execute(std::move(request));
            expect_all_logs(read, chains[0], 1, 500);
            EXPECT_EQ(after_refusal, limit.next) << limit.message;
            EXPECT_GE(refused, 1U);
            EXPECT_LE(refused, 4U) << limit.message;
        };
        async::run_task(io, async::all_of(node.run(), pool.run(), body()));
    }
}

TEST(Catalogue, s60_getlogs_beyond_the_nodes_head_waits_for_it_or_asks_another) {
    for (const std::size_t members : {1U, 2U}) {
        std::vector<SmallChain> chains(members);
        int refused = 0;
        chains[0].refuse_logs = [&refused](const Asked& asked, std::uint64_t,
                                           std::uint64_t) -> std::optional<Step> {
            if (++refused > 2) return std::nullopt;
            return error(asked, -32602, "block range extends beyond current head block");
        };
        with_pool(chains, [&chains](Nodes& world) -> Task<void> {
            ReadRequest request = logs_over(chains[0].hash_of(1'000), 981, 1'000);
            const ReadResult read = co_await world.pool.execute(std::move(request));
            expect_all_logs(read, chains[0], 981, 1'000);
        });
    }
}

}  // namespace
}  // namespace plimsoll::faults
