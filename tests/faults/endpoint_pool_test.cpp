// SPDX-License-Identifier: Apache-2.0
// Several endpoints of one chain, some of which misbehave.
#include "tests/faults/endpoint_pool_world.hpp"

#include <functional>

namespace plimsoll::faults {
namespace {

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
