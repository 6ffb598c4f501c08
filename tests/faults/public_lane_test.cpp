// SPDX-License-Identifier: Apache-2.0
// One transaction, several nodes: who took it, who refuses it, who lies, and what is made of it.
#include "bot/send_class.hpp"
#include "chain/rpc/endpoint_health.hpp"
#include "tests/faults/lane_world.hpp"

#include <gtest/gtest.h>

#include <chrono>

namespace plimsoll::faults {
namespace {

using rpc::ErrorClass;
using std::chrono::milliseconds;
using Steps = std::vector<Step>;

const Address kNobody{};
constexpr std::string_view kSend = "eth_sendRawTransaction";

ScriptedNode::Script takes_after(milliseconds delay) {
    return [delay](const Asked& asked) { return Steps{wait(delay), take_it(asked)}; };
}

ScriptedNode::Script says_no(int code, std::string text) {
    return [code, text = std::move(text)](const Asked& asked) { return Steps{error(asked, code, text)}; };
}

ScriptedNode::Script says(std::string body) {
    return [body = std::move(body)](const Asked& asked) { return Steps{reply(asked, body)}; };
}

/// What becomes of one transaction at nodes with these scripts.
rpc::SendAnswer answer_of(std::vector<ScriptedNode::Script> scripts) {
    LaneWorld world;
    for (ScriptedNode::Script& script : scripts)
        world.endpoint(std::move(script));
    rpc::SendAnswer out;
    world.run([&]() -> Task<void> { out = co_await world.send(3, 100); });
    return out;
}

TEST(PublicLane, EveryNodeGetsTheSameBytesAtOnceAndTheFirstThatTakesThemDecides) {
    LaneWorld world;
    world.endpoint(takes_after(milliseconds{120}));
    world.endpoint(takes_after(milliseconds{0}));
    world.endpoint(takes_after(milliseconds{120}));
    world.run([&]() -> Task<void> {
        const signer::Send send = LaneWorld::send_of(3, 100);
        const auto begun = std::chrono::steady_clock::now();
        const rpc::SendAnswer answer = co_await world.network().send(send);
        EXPECT_LT(std::chrono::steady_clock::now() - begun, milliseconds{100});
        EXPECT_EQ(answer.meaning, ErrorClass::none);
        EXPECT_EQ(answer.hash, send.hash);
        for (std::size_t i = 0; i < 3; ++i) {
            const auto asked = world.endpoint_asked(i, kSend);
            EXPECT_EQ(asked.size(), 1U);
            if (!asked.empty()) {
                EXPECT_EQ(raw_in(asked[0]), send.raw);
            }
        }
        co_await world.settle(milliseconds{250});
        EXPECT_EQ(world.network().counts().sent, 3U);
        EXPECT_EQ(world.network().counts().taken, 3U);  // every answer is counted
    });
}

TEST(PublicLane, ARefusalIsToldOnlyWhereNobodyTakesIt) {
    EXPECT_EQ(answer_of({says_no(-32000, "txpool is full"), takes_after(milliseconds{60})}).meaning,
              ErrorClass::none);
    EXPECT_EQ(answer_of({says_no(-32000, "nonce too low"), takes_after(milliseconds{60})}).meaning,
              ErrorClass::none);
    EXPECT_EQ(answer_of({says_no(-32000, "already known"), says_no(-32000, "nonce too low")}).meaning,
              ErrorClass::already_known);
    EXPECT_EQ(answer_of({says_no(-32000, "txpool is full"), says_no(-32000, "nonce too low")}).meaning,
              ErrorClass::nonce_too_low);
}

TEST(Catalogue, s14_a_full_pool_and_another_node_that_has_room) {
    const rpc::SendAnswer answer =
        answer_of({says_no(-32000, "txpool is full"), takes_after(milliseconds{20})});
    EXPECT_EQ(answer.meaning, ErrorClass::none);
    const rpc::SendAnswer full =
        answer_of({says_no(-32000, "txpool is full"), says_no(-32000, "queue full")});
    EXPECT_EQ(bot::send_class(full, Hash32{}), signer::SendClass::unknown);  // the same bytes again, later
}

TEST(Catalogue, s18_a_hash_that_is_not_ours_sets_the_node_aside) {
    LaneWorld world;
    world.endpoint(says('"' + std::string{"0x"} + std::string(64, '7') + '"'));
    world.endpoint(takes_after(milliseconds{30}));
    world.run([&]() -> Task<void> {
        const signer::Send send = LaneWorld::send_of(3, 100);
        const rpc::SendAnswer answer = co_await world.network().send(send);
        EXPECT_EQ(answer.meaning, ErrorClass::none);
        EXPECT_EQ(answer.hash, send.hash);
        EXPECT_EQ(world.network().counts().lies, 1U);
        EXPECT_EQ(world.endpoints().pool().health(SourceId{0}).state(), rpc::EndpointState::lying);
        const rpc::SendAnswer again = co_await world.send(4, 100);
        EXPECT_EQ(again.meaning, ErrorClass::none);
        EXPECT_EQ(world.endpoint_asked(0, kSend).size(), 1U);  // the liar is asked no more
        EXPECT_EQ(world.endpoint_asked(1, kSend).size(), 2U);
    });
}

TEST(Catalogue, s18_a_hash_that_is_not_ours_means_maybe_sent_where_nobody_else_answers) {
    const rpc::SendAnswer answer = answer_of({says('"' + std::string{"0x"} + std::string(64, '7') + '"')});
    EXPECT_EQ(bot::send_class(answer, LaneWorld::send_of(3, 100).hash), signer::SendClass::unknown);
}

TEST(Catalogue, s19_an_ambiguous_answer_goes_before_a_refusal_of_the_bytes) {
    const auto drops = [](const Asked&) { return Steps{drop()}; };
    for (const ScriptedNode::Script& vague :
         {ScriptedNode::Script{drops}, says_no(-32002, "request timed out"),
          says_no(-32009, "request timeout")}) {
        const rpc::SendAnswer answer = answer_of({vague, says_no(-32000, "exceeds block gas limit")});
        EXPECT_EQ(bot::send_class(answer, Hash32{}), signer::SendClass::unknown) << answer.text;
    }
    const rpc::SendAnswer agreed =
        answer_of({says_no(-32000, "exceeds block gas limit"), says_no(-32000, "txpool is full")});
    EXPECT_EQ(bot::send_class(agreed, Hash32{}), signer::SendClass::invalid);
}

TEST(Catalogue, s20_an_error_nobody_knows_means_maybe_sent) {
    for (const char* text : {"rejected", "internal error", "OwnNonceAlreadyUsed"}) {
        const rpc::SendAnswer answer = answer_of({says_no(-32603, text)});
        EXPECT_EQ(bot::send_class(answer, Hash32{}), signer::SendClass::unknown) << text;
    }
}

TEST(Catalogue, s22_revert_data_where_a_hash_belongs_is_no_acceptance) {
    const rpc::SendAnswer answer = answer_of({says("\"0x08c379a0\"")});
    EXPECT_EQ(bot::send_class(answer, LaneWorld::send_of(3, 100).hash), signer::SendClass::unknown);
}

TEST(Catalogue, s24_a_node_that_says_it_is_not_up_to_date_leaves_the_pool) {
    LaneWorld world;
    world.endpoint(says_no(-32000, "transaction indexing is in progress"));
    world.run([&]() -> Task<void> {
        const rpc::SendAnswer answer = co_await world.send(3, 100);
        EXPECT_EQ(bot::send_class(answer, Hash32{}), signer::SendClass::unknown);
        EXPECT_NE(world.endpoints().pool().health(SourceId{0}).state(), rpc::EndpointState::alive);
    });
}

TEST(PublicLane, ATellingRefusalWaitsForTheOthersOnlyHalfASecond) {
    LaneWorld world;
    world.endpoint([](const Asked&) { return Steps{}; });  // never answers
    world.endpoint(says_no(-32000, "nonce too low"));
    world.run([&]() -> Task<void> {
        const auto begun = std::chrono::steady_clock::now();
        const rpc::SendAnswer answer = co_await world.send(3, 100);
        EXPECT_EQ(answer.meaning, ErrorClass::nonce_too_low);
        EXPECT_GE(std::chrono::steady_clock::now() - begun, milliseconds{400});
        EXPECT_LT(std::chrono::steady_clock::now() - begun, milliseconds{3'000});
    });
}

TEST(Catalogue, s63_a_transaction_too_large_for_every_pool_reaches_none) {
    LaneWorld world;
    world.endpoint(takes_after(milliseconds{0}));
    world.run([&]() -> Task<void> {
        signer::Send send = LaneWorld::send_of(3, 100);
        send.raw.resize(131'073);
        const rpc::SendAnswer answer = co_await world.network().send(std::move(send));
        EXPECT_EQ(bot::send_class(answer, Hash32{}), signer::SendClass::invalid);
        EXPECT_TRUE(world.endpoint_asked(0).empty());
    });
}

ScriptedNode::Script counts(std::string latest, std::string pending) {
    return [latest = std::move(latest), pending = std::move(pending)](const Asked& asked) {
        const bool at_latest = asked.text.find("\"latest\"") != std::string::npos;
        return Steps{reply(asked, '"' + (at_latest ? latest : pending) + '"')};
    };
}

TEST(Catalogue, s38_of_nonces_the_highest_counts_whoever_lags) {
    LaneWorld world;
    world.endpoint(counts("0x3", "0x3"));
    world.endpoint(counts("0x5", "0x6"));
    world.endpoint(says_no(-32000, "internal error"));
    world.run([&]() -> Task<void> {
        const Result<bot::NonceCounts> told = co_await world.network().nonces(kNobody);
        EXPECT_TRUE(told.has_value());
        if (!told) co_return;
        EXPECT_EQ(told->latest, Nonce{5});
        EXPECT_EQ(told->pending, Nonce{6});
    });
}

TEST(Catalogue, s37_nonces_that_nobody_tells_are_an_error_and_not_zero) {
    LaneWorld world;
    world.endpoint(says_no(-32000, "internal error"));
    world.run([&]() -> Task<void> {
        const Result<bot::NonceCounts> told = co_await world.network().nonces(kNobody);
        EXPECT_FALSE(told.has_value());
    });
}

}  // namespace
}  // namespace plimsoll::faults
