// SPDX-License-Identifier: Apache-2.0
// Several endpoints of one chain, some of which misbehave.
#include "chain/rpc/endpoint_pool.hpp"

#include "chain/async/deadline.hpp"
#include "chain/codec/event_codec.hpp"
#include "chain/codec/multicall.hpp"
#include "tests/faults/endpoint_on_node.hpp"
#include "tests/faults/endpoint_small_chain.hpp"

#include <algorithm>

namespace plimsoll::faults {
namespace {

using rpc::EndpointPool;
using rpc::EndpointState;

struct Nodes {
    EndpointPool& pool;
    std::vector<std::unique_ptr<ScriptedNode>>& nodes;

    [[nodiscard]] std::size_t count(std::size_t who, const std::string& method) const {
        const auto& asked = nodes.at(who)->asked();
        return static_cast<std::size_t>(std::count_if(
            asked.begin(), asked.end(), [&method](const Asked& one) { return one.method == method; }));
    }
};

rpc::PoolParams quick_pool() {
    rpc::PoolParams out;
    out.probe_every = milliseconds{30};
    out.patience = milliseconds{100};
    out.pause = milliseconds{10};
    out.first_log_span = 50;
    return out;
}

/// Runs a body with a pool over nodes of these chains, all readers connected.
template <class Body>
void with_pool(std::vector<SmallChain>& chains, const Body& body, std::size_t ready = 0) {
    async::asio::io_context io;
    std::vector<std::unique_ptr<ScriptedNode>> nodes;
    std::vector<rpc::PoolMember> members;
    for (SmallChain& chain : chains) {
        const auto script = [&chain](const Asked& asked) { return chain.answer(asked); };
        nodes.push_back(std::make_unique<ScriptedNode>(io.get_executor(), script));
        rpc::PoolMember member;
        member.name = "node " + std::to_string(members.size());
        member.read = params_for(nodes.back()->http_url());
        member.read.chain_id = ChainId{31'337};
        member.read.max_message = std::size_t{4} << 20U;
        members.push_back(std::move(member));
    }
    EndpointPool pool{io.get_executor(), std::move(members), quick_pool()};
    Nodes world{pool, nodes};
    const std::size_t wanted = ready == 0 ? chains.size() : ready;
    const auto guarded = [&]() -> Task<void> {
        for (int i = 0; i < 400 && pool.ranked().size() < wanted; ++i)
            co_await async::sleep_for(milliseconds{5});
        EXPECT_GE(pool.ranked().size(), wanted);
        co_await body(world);
    };
    std::vector<Task<void>> family;
    for (const auto& node : nodes)
        family.push_back(node->run());
    family.push_back(pool.run());
    family.push_back(guarded());
    async::run_task(io, async::all_of(std::move(family)));
}

ReadRequest call_at(const Hash32& block) {
    ReadRequest out;
    out.id = 9;
    out.block_hash = block;
    out.what = std::vector<Call>{Call{}};
    return out;
}

ReadRequest logs_over(const Hash32& block, std::uint64_t from, std::uint64_t to) {
    ReadRequest out;
    out.block_hash = block;
    LogQuery query;
    query.from = BlockNumber{from};
    query.to = BlockNumber{to};
    out.what = std::move(query);
    return out;
}

/// The block that an answered call_at() was made at.
std::uint64_t number_called(const ReadResult& read) {
    EXPECT_TRUE(read.bytes.has_value()) << read.bytes.error().context;
    const Bytes bytes = read.bytes.value_or(Bytes{});
    const auto results = codec::decode_aggregate3(bytes);
    if (!results || results->size() != 1 || results->front().data.size() != 32) return 0;
    return (std::uint64_t{results->front().data[30]} << 8U) + results->front().data[31];
}

void expect_all_logs(const ReadResult& read, const SmallChain& chain, std::uint64_t from, std::uint64_t to) {
    ASSERT_TRUE(read.bytes.has_value()) << read.bytes.error().context;
    const auto logs = codec::decode_logs(*read.bytes);
    ASSERT_TRUE(logs.has_value());
    ASSERT_EQ(logs->size(), to - from + 1);
    for (std::uint64_t i = 0; i < logs->size(); ++i)
        ASSERT_EQ((*logs)[i].block_hash, chain.hash_of(from + i)) << from + i;
}

TEST(EndpointPool, FailsOverFromWhateverAMemberDoes) {
    const std::vector<std::function<std::vector<Step>(const Asked&)>> faults{
        [](const Asked&) -> std::vector<Step> { return {drop()}; },
        [](const Asked& asked) -> std::vector<Step> { return {error(asked, 429, "Too Many Requests")}; },
        [](const Asked& asked) -> std::vector<Step> { return {error(asked, -32000, "header not found")}; },
        [](const Asked&) -> std::vector<Step> { return {status(502, "<html>502 Bad Gateway</html>")}; },
        [](const Asked& asked) -> std::vector<Step> { return {reply(asked, "\"0xzz\"")}; },
        [](const Asked&) -> std::vector<Step> {
            return {wait(milliseconds{200}), drop()};
        },
        [](const Asked& asked) -> std::vector<Step> { return {error(asked, -32601, "method not found")}; },
    };
    for (const auto& fault : faults) {
        std::vector<SmallChain> chains(2);
        std::size_t bad = 2;  // whoever is asked first
        for (std::size_t i = 0; i < 2; ++i) {
            chains[i].instead = [&bad, &fault, i](const Asked& asked) -> std::optional<std::vector<Step>> {
                if (asked.method != "eth_call") return std::nullopt;
                if (bad == 2) bad = i;
                if (bad != i) return std::nullopt;
                return fault(asked);
            };
        }
        with_pool(chains, [&chains](Nodes& world) -> Task<void> {
            ReadRequest request = call_at(chains[0].hash_of(990));
            const ReadResult read = co_await world.pool.execute(std::move(request));
            EXPECT_EQ(number_called(read), 990U);
            EXPECT_EQ(read.id, 9U);
            EXPECT_EQ(read.block_hash, chains[0].hash_of(990));
        });
    }
}

TEST(EndpointPool, NeverGivesUpItsLastMember) {
    std::vector<SmallChain> chains(1);
    int calls = 0;
    chains[0].instead = [&calls](const Asked& asked) -> std::optional<std::vector<Step>> {
        if (asked.method != "eth_call" || ++calls > 3) return std::nullopt;
        return std::vector<Step>{status(503, "<html>")};
    };
    with_pool(chains, [&chains](Nodes& world) -> Task<void> {
        rpc::EndpointHealth& health = world.pool.health(0);
        health.lied("a test says so", std::chrono::steady_clock::now());
        EXPECT_EQ(health.state(), EndpointState::lying);
        ReadRequest first = call_at(chains[0].hash_of(7));
        const ReadResult failed = co_await world.pool.execute(std::move(first));
        EXPECT_FALSE(failed.bytes.has_value()) << "three times, and no more";
        ReadRequest again = call_at(chains[0].hash_of(7));
        const ReadResult read = co_await world.pool.execute(std::move(again));
        EXPECT_EQ(number_called(read), 7U);
    });
}

TEST(EndpointPool, NeverAsksAnotherChain) {
    std::vector<SmallChain> chains(2);
    chains[0].instead = [](const Asked& asked) -> std::optional<std::vector<Step>> {
        return std::vector<Step>{reply(asked, "\"0x5\"")};
    };
    with_pool(
        chains,
        [&chains](Nodes& world) -> Task<void> {
            for (int i = 0; i < 100 && world.pool.health(0).state() != EndpointState::wrong_chain; ++i)
                co_await async::sleep_for(milliseconds{5});
            EXPECT_EQ(world.pool.health(0).state(), EndpointState::wrong_chain);
            EXPECT_NE(world.pool.health(0).why().find("is on chain 5, not 31337"), std::string::npos);
            ReadRequest request = call_at(chains[1].hash_of(7));
            const ReadResult read = co_await world.pool.execute(std::move(request));
            EXPECT_EQ(number_called(read), 7U);
            EXPECT_EQ(world.nodes[0]->asked().size(), world.count(0, "eth_chainId"));
        },
        1);
}

TEST(EndpointPool, SaysWhenItsMembersDisagree) {
    std::vector<SmallChain> chains(3);
    chains[2].forked_at = 995;
    with_pool(chains, [&chains](Nodes& world) -> Task<void> {
        const BlockNumber before{994};
        const auto same = co_await world.pool.canonical(before);
        EXPECT_EQ(same.value().head.hash, chains[0].hash_of(994));
        const BlockNumber fork{995};
        const auto forked = co_await world.pool.canonical(fork);
        EXPECT_EQ(forked.error().code, Errc::unproven);
        const BlockNumber future{1'001};
        const auto unknown = co_await world.pool.canonical(future);
        EXPECT_EQ(unknown.error().code, Errc::not_found);
    });
}

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

TEST(Catalogue, s66_stale_provider_is_not_asked_and_calls_are_pinned_to_a_block_hash) {
    std::vector<SmallChain> chains(3);
    chains[1].head = 994;  // one block more behind than is forgiven
    with_pool(chains, [&chains](Nodes& world) -> Task<void> {
        for (int i = 0; i < 200 && world.pool.health(1).state() != EndpointState::lagging; ++i) {
            static_cast<void>(world.pool.ranked());
            co_await async::sleep_for(milliseconds{5});
        }
        EXPECT_EQ(world.pool.health(1).state(), EndpointState::lagging);
        EXPECT_EQ(world.pool.health(1).lag(), 6U);
        EXPECT_EQ(world.pool.ranked().back(), 1U);
        const Hash32 block = chains[0].hash_of(999);
        ReadRequest request = call_at(block);
        const ReadResult read = co_await world.pool.execute(std::move(request));
        EXPECT_EQ(number_called(read), 999U);
        EXPECT_EQ(world.count(1, "eth_call"), 0U);
        for (const auto& node : world.nodes) {
            for (const Asked& asked : node->asked()) {
                const bool pinned =
                    asked.text.find(R"({"blockHash":")" + to_string(block)) != std::string::npos;
                EXPECT_TRUE(asked.method != "eth_call" || pinned) << asked.text;
            }
        }
        // Without the lag, its own answer gives it away: it does not have the block.
        ReadRequest late = call_at(block);
        const ReadResult stale = co_await world.pool.reader(1).execute(std::move(late));
        EXPECT_EQ(stale.bytes.error().code, Errc::not_found);
        chains[1].head = 1'000;
        for (int i = 0; i < 200 && world.pool.health(1).state() != EndpointState::alive; ++i)
            co_await async::sleep_for(milliseconds{5});
        EXPECT_EQ(world.pool.health(1).state(), EndpointState::alive) << "looked after until it was back";
    });
}

}  // namespace
}  // namespace plimsoll::faults
