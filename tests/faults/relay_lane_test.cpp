// SPDX-License-Identifier: Apache-2.0
// Private transactions and bundles: what relays say, what is believed of it, and what follows at the same
// nonce.
#include "bot/send_class.hpp"
#include "chain/primitives/keccak.hpp"
#include "signer/keys/private_file.hpp"
#include "signer/lanes/relay_signature.hpp"
#include "tests/faults/lane_world.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <set>

namespace plimsoll::faults {
namespace {

using config::LaneType;
using rpc::ErrorClass;
using Steps = std::vector<Step>;

const Address kAnybody{};
constexpr std::string_view kPublicly = "eth_sendRawTransaction";
constexpr std::string_view kPrivately = "eth_sendPrivateTransaction";
constexpr std::string_view kBundle = "eth_sendBundle";
constexpr std::string_view kForget = "eth_cancelPrivateTransaction";

const ScriptedNode::Script kTakes = [](const Asked& asked) { return Steps{take_it(asked)}; };

ScriptedNode::Script answers(std::string result) {
    return [result = std::move(result)](const Asked& asked) { return Steps{reply(asked, result)}; };
}

std::string relay_key_path() {
    const std::string path = testing::TempDir() + "lane-key-" + std::to_string(::getpid());
    std::filesystem::remove(path);
    EXPECT_TRUE(signer::write_private_file(path, std::string(64, '1')).has_value());
    return path;
}

std::string block_in(const Asked& asked, std::string_view field) {
    const std::size_t at = asked.text.find('"' + std::string{field} + "\":\"");
    if (at == std::string::npos) return {};
    const std::size_t begin = at + field.size() + 4;
    return asked.text.substr(begin, asked.text.find('"', begin) - begin);
}

TEST(Catalogue, s44_a_relay_that_refuses_our_signature_is_one_way_less_and_nothing_is_published) {
    for (const Step& refusal :
         {status(403, R"({"error":"error in signature check"})"),
          status(200,
                 R"({"jsonrpc":"2.0","error":{"code":-32600,"message":"signature is required"},"id":null})"),
          status(401, "<html>no</html>")}) {
        LaneWorld world;
        world.endpoint(kTakes);
        world.relay(LaneType::private_, [&refusal](const Asked&) { return Steps{refusal}; });
        world.run([&]() -> Task<void> {
            const rpc::SendAnswer answer = co_await world.send(3, 100);
            EXPECT_EQ(answer.meaning, ErrorClass::unauthorized) << answer.text;
            EXPECT_EQ(bot::send_class(answer, Hash32{}), signer::SendClass::unknown);
            EXPECT_TRUE(world.endpoint_asked(0).empty());
        });
    }
}

TEST(RelayLane, EachRequestIsSignedOverItsExactBodyWithTheRelaysOwnKey) {
    const std::string path = relay_key_path();
    const signer::Key key = signer::read_relay_key(path).value();
    LaneWorld world;
    world.endpoint(kTakes);
    world.relay(LaneType::private_, kTakes, [&](config::Lane& lane) { lane.auth_key_file = path; });
    world.run([&]() -> Task<void> {
        for (std::uint64_t nonce = 3; nonce < 6; ++nonce) {
            const rpc::SendAnswer answer = co_await world.send(nonce, 100);
            EXPECT_EQ(answer.meaning, ErrorClass::none);
        }
    });
    const auto asked = world.relay_asked(0, kPrivately);
    ASSERT_EQ(asked.size(), 3U);
    for (const Asked& one : asked) {
        const std::string header = "X-Flashbots-Signature: " + signer::relay_signature(key, one.text) + "\n";
        EXPECT_NE(one.headers.find(header), std::string::npos) << one.headers;
    }
}

TEST(Catalogue, s45_a_relays_yes_is_no_inclusion_and_the_same_bytes_go_public_at_the_same_nonce) {
    LaneWorld world;
    world.endpoint(kTakes);
    world.relay(LaneType::private_, kTakes);
    world.public_lane(3);
    world.run([&]() -> Task<void> {
        for (std::uint64_t head = 100; head < 103; ++head) {
            const rpc::SendAnswer answer = co_await world.send(3, head, 110);
            EXPECT_EQ(answer.meaning, ErrorClass::none);
            EXPECT_TRUE(world.endpoint_asked(0, kPublicly).empty()) << head;
        }
        const signer::Send send = LaneWorld::send_of(3, 103, 110);
        co_await world.network().send(send);
        co_await world.settle();
        const auto published = world.endpoint_asked(0, kPublicly);
        EXPECT_EQ(published.size(), 1U);
        if (!published.empty()) {
            EXPECT_EQ(raw_in(published[0]), send.raw);
        }
        for (const Asked& one : world.relay_asked(0, kPrivately)) {
            EXPECT_EQ(raw_in(one), send.raw);
            EXPECT_EQ(block_in(one, "maxBlockNumber"), "0x6e");
        }
    });
}

TEST(Catalogue, s46_a_relay_with_trouble_inside_may_have_it) {
    for (const Step& trouble :
         {status(502, "<html>bad gateway</html>"), status(500, ""), drop(),
          status(200, R"({"id":1,"error":{"code":-32603,"message":"internal error"}})")}) {
        LaneWorld world;
        world.endpoint(kTakes);
        world.relay(LaneType::private_, [&trouble](const Asked&) { return Steps{trouble}; });
        world.run([&]() -> Task<void> {
            const rpc::SendAnswer answer = co_await world.send(3, 100);
            EXPECT_FALSE(bot::is_taken(answer.meaning));
            EXPECT_EQ(bot::send_class(answer, Hash32{}), signer::SendClass::unknown);
        });
    }
}

TEST(Catalogue, s48_a_relay_that_cannot_take_back_changes_nothing) {
    LaneWorld world;
    world.endpoint(kTakes);
    world.relay(LaneType::private_, [](const Asked& asked) {
        return Steps{asked.method == kForget ? reply(asked, "false") : take_it(asked)};
    });
    world.run([&]() -> Task<void> {
        const signer::Send first = LaneWorld::send_of(3, 100, 102);
        co_await world.network().send(first);
        signer::Send cancel = LaneWorld::send_of(3, 102, 102);
        cancel.purpose = signer::Purpose::cancel;
        cancel.raw.push_back(0x01);
        cancel.hash = keccak256(BytesView{cancel.raw});
        const rpc::SendAnswer answer = co_await world.network().send(cancel);
        EXPECT_TRUE(bot::is_taken(answer.meaning));
        co_await world.settle();
        const auto forgets = world.relay_asked(0, kForget);
        EXPECT_EQ(forgets.size(), 1U);
        if (!forgets.empty()) {
            EXPECT_EQ(block_in(forgets[0], "txHash"), to_string(first.hash));
        }
        EXPECT_EQ(world.network().counts().forgot, 0U);
        const auto published = world.endpoint_asked(0, kPublicly);
        EXPECT_EQ(published.size(), 1U);  // the cancellation, and not what it cancels
        if (!published.empty()) {
            EXPECT_EQ(raw_in(published[0]), cancel.raw);
        }
    });
}

TEST(Catalogue, s49_a_relay_is_never_asked_for_a_nonce) {
    LaneWorld world;
    world.endpoint(answers("\"0x5\""));
    world.relay(LaneType::private_, answers("\"0x9\""));
    world.run([&]() -> Task<void> {
        const Result<bot::NonceCounts> told = co_await world.network().nonces(kAnybody);
        EXPECT_TRUE(told && told->latest == Nonce{5});
        EXPECT_TRUE(world.relay_asked(0).empty());
    });
}

TEST(Catalogue, s51_a_relay_is_asked_for_no_bytes_and_no_receipt) {
    LaneWorld world;
    world.endpoint([](const Asked& asked) { return Steps{reply(asked, "null")}; });
    world.relay(LaneType::private_, kTakes);
    world.relay(LaneType::bundle, answers("{}"));
    world.run([&]() -> Task<void> {
        const signer::Send send = LaneWorld::send_of(3, 100);
        co_await world.network().send(send);
        const Result<std::optional<rpc::Receipt>> receipt = co_await world.network().receipt(send.hash);
        EXPECT_TRUE(receipt && !*receipt);
        co_await world.settle();
    });
    std::set<std::string> methods;
    for (const std::size_t relay : {0U, 1U}) {
        for (const Asked& one : world.relay_asked(relay))
            methods.insert(one.method);
    }
    EXPECT_EQ(methods, (std::set<std::string>{std::string{kPrivately}, std::string{kBundle}}));
}

TEST(RelayLane, ABundleIsOfferedToEachBuilderForEachOfItsBlocksWhateverTheySay) {
    LaneWorld world;
    world.endpoint(kTakes);
    const auto three = [](config::Lane& lane) { lane.blocks = config::Blocks{3}; };
    world.relay(LaneType::bundle, answers(R"({"bundleHash":"0x)" + std::string(64, 'b') + "\"}"), three);
    world.relay(LaneType::bundle, answers("null"), three);
    world.relay(LaneType::bundle, answers("\"nil\""));
    world.relay(LaneType::bundle, answers("{}"));
    world.run([&]() -> Task<void> {
        const rpc::SendAnswer answer = co_await world.send(3, 100, 102);
        EXPECT_EQ(answer.meaning, ErrorClass::none);
        co_await world.settle();
        EXPECT_EQ(world.network().counts().taken, 4U);
        EXPECT_TRUE(world.endpoint_asked(0).empty());
    });
    for (const std::size_t relay : {0U, 1U}) {
        const auto asked = world.relay_asked(relay, kBundle);
        ASSERT_EQ(asked.size(), 2U);  // 103 is past its deadline
        EXPECT_EQ(block_in(asked[0], "blockNumber"), "0x65");
        EXPECT_EQ(block_in(asked[1], "blockNumber"), "0x66");
    }
}

TEST(RelayLane, ABundleWhoseSimulationFailsIsNotOffered) {
    const std::string fails =
        R"({"results":[{"txHash":"0x01","error":"execution reverted","revert":"no profit"}]})";
    const std::string works = R"({"bundleHash":"0x01","results":[{"txHash":"0x01","gasUsed":21000}]})";
    for (const std::string& simulated : {fails, works, std::string{"{}"}}) {
        LaneWorld world;
        world.endpoint(kTakes);
        world.relay(
            LaneType::bundle,
            [&simulated](const Asked& asked) {
                return Steps{reply(asked, asked.method == kBundle ? "null" : simulated)};
            },
            [](config::Lane& lane) { lane.simulate = true; });
        world.run([&]() -> Task<void> {
            const rpc::SendAnswer answer = co_await world.send(3, 100);
            const bool offered = simulated == works;
            EXPECT_EQ(answer.meaning, offered ? ErrorClass::none : ErrorClass::filtered) << answer.text;
            EXPECT_EQ(world.relay_asked(0, kBundle).size(), offered ? 1U : 0U);
            if (simulated == fails) {
                EXPECT_NE(answer.text.find("execution reverted"), std::string::npos);
            }
        });
    }
}

TEST(Catalogue, s25_what_one_relay_filters_another_takes) {
    LaneWorld world;
    world.endpoint(kTakes);
    world.relay(LaneType::private_, [](const Asked& asked) {
        return Steps{error(asked, -32000, "blocked tx due to ofac sanctioned address")};
    });
    world.relay(LaneType::private_, kTakes);
    world.run([&]() -> Task<void> {
        const rpc::SendAnswer answer = co_await world.send(3, 100);
        EXPECT_EQ(answer.meaning, ErrorClass::none);
        co_await world.settle();
        EXPECT_EQ(world.network().counts().taken, 1U);
    });
}

TEST(RelayLane, AHashThatIsNotOursIsALieAndMeansMaybeSent) {
    LaneWorld world;
    world.endpoint(kTakes);
    world.relay(LaneType::private_, answers("\"0x" + std::string(64, '7') + "\""));
    world.run([&]() -> Task<void> {
        const signer::Send send = LaneWorld::send_of(3, 100);
        const rpc::SendAnswer answer = co_await world.network().send(send);
        EXPECT_EQ(bot::send_class(answer, send.hash), signer::SendClass::unknown);
        EXPECT_EQ(world.network().counts().lies, 1U);
    });
}

}  // namespace
}  // namespace plimsoll::faults
