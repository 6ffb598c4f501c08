// SPDX-License-Identifier: Apache-2.0
// What an endpoint makes of a node that misbehaves.
#include "chain/async/all_of.hpp"
#include "chain/async/deadline.hpp"
#include "chain/codec/event_codec.hpp"
#include "chain/primitives/hex.hpp"
#include "chain/rpc/endpoint.hpp"
#include "tests/faults/endpoint_on_node.hpp"

#include <gtest/gtest.h>

#include <optional>

namespace plimsoll::faults {
namespace {

using async::Task;
using std::chrono::milliseconds;

std::vector<Step> answer_chain_id(const Asked& asked) {
    return {reply(asked, "\"0x7a69\"")};
}

TEST(EndpointFaults, MatchesRepliesThatComeInAnotherOrder) {
    std::vector<Asked> held;
    const auto script = [&held](const Asked& asked) -> std::vector<Step> {
        held.push_back(asked);
        if (held.size() < 2) return {};
        return {reply(held[1], "\"0x2\""), reply(held[0], "\"0x1\"")};
    };
    with_node(Over::ws, script, [](rpc::Endpoint& endpoint, ScriptedNode&) -> Task<void> {
        std::vector<std::uint64_t> got;
        const auto ask = [](rpc::Endpoint& node, std::vector<std::uint64_t>& out) -> Task<void> {
            const auto id = co_await node.chain_id();
            out.push_back(id.value().value);
            co_await async::sleep_for(milliseconds{30});
        };
        co_await async::all_of(ask(endpoint, got), ask(endpoint, got));
        EXPECT_EQ(got, (std::vector<std::uint64_t>{2, 1}));
    });
}

TEST(EndpointFaults, AbandonsOnlyTheRequestThatIsLate) {
    int count = 0;
    const auto script = [&count](const Asked& asked) -> std::vector<Step> {
        if (++count == 1) return {wait(milliseconds{250}), reply(asked, "\"0x1\"")};
        return {reply(asked, "\"0x2\"")};
    };
    with_node(Over::ws, script, [](rpc::Endpoint& endpoint, ScriptedNode&) -> Task<void> {
        const auto late = co_await endpoint.chain_id();
        EXPECT_FALSE(late.has_value());
        EXPECT_EQ(late.error().code, Errc::timed_out);
        co_await async::sleep_for(milliseconds{200});
        EXPECT_EQ(endpoint.counters().late_replies, 1U);
        const auto next = co_await endpoint.chain_id();
        EXPECT_EQ(next.value(), ChainId{2});
        EXPECT_EQ(endpoint.counters().timeouts, 1U);
        EXPECT_TRUE(endpoint.connected());
    });
}

TEST(EndpointFaults, DiallingAgainFailsWhatIsInFlight) {
    const auto script = [](const Asked&) -> std::vector<Step> { return {}; };
    with_node(Over::ws, script, [](rpc::Endpoint& endpoint, ScriptedNode&) -> Task<void> {
        std::optional<Errc> failure;
        const auto ask = [](rpc::Endpoint& node, std::optional<Errc>& out) -> Task<void> {
            const auto id = co_await node.chain_id();
            out = id.error().code;
        };
        const auto dial = [](rpc::Endpoint& node) -> Task<void> {
            co_await async::sleep_for(milliseconds{20});
            const auto again = co_await node.connect();
            EXPECT_TRUE(again.has_value());
            co_await async::sleep_for(milliseconds{1000});
        };
        co_await async::all_of(ask(endpoint, failure), dial(endpoint));
        EXPECT_EQ(failure, Errc::disconnected) << "whoever waits must not wait for the deadline";
    });
}

TEST(EndpointFaults, CountsWhatItDidNotAskFor) {
    const auto script = [](const Asked& asked) -> std::vector<Step> {
        return {say(R"({"id":999,"result":"0x1"})"),
                say("<html>"),
                say(R"({"id":null,"error":{"code":1,"message":"m"}})"),
                say(R"({"method":"eth_subscription","params":{"subscription":"0x1","result":{}}})"),
                reply(asked, "\"0x7a69\""),
                reply(asked, "\"0x1\"")};
    };
    with_node(Over::ws, script, [](rpc::Endpoint& endpoint, ScriptedNode&) -> Task<void> {
        const auto id = co_await endpoint.chain_id();
        EXPECT_EQ(id.value(), ChainId{31337});
        co_await async::sleep_for(milliseconds{20});
        EXPECT_EQ(endpoint.counters().foreign_replies, 2U);
        EXPECT_EQ(endpoint.counters().duplicate_replies, 1U);
        EXPECT_EQ(endpoint.counters().malformed_messages, 1U);
        EXPECT_EQ(endpoint.counters().foreign_notifications, 1U);
        EXPECT_TRUE(endpoint.connected());
    });
}

TEST(EndpointFaults, FailsWhatIsInFlightWhenTheNodeCloses) {
    const auto script = [](const Asked&) -> std::vector<Step> {
        return {close(1008, "too many requests\nof you")};
    };
    with_node(Over::ws, script, [](rpc::Endpoint& endpoint, ScriptedNode&) -> Task<void> {
        const auto id = co_await endpoint.chain_id();
        EXPECT_FALSE(id.has_value());
        EXPECT_EQ(id.error().code, Errc::disconnected);
        EXPECT_NE(id.error().context.find("1008 too many requests?of you"), std::string::npos)
            << id.error().context;
        EXPECT_FALSE(endpoint.connected());
        const auto next = co_await endpoint.chain_id();
        EXPECT_EQ(next.error().code, Errc::disconnected);
    });
}

TEST(EndpointFaults, NoticesADroppedConnection) {
    const auto script = [](const Asked&) -> std::vector<Step> { return {drop()}; };
    with_node(Over::ws, script, [](rpc::Endpoint& endpoint, ScriptedNode&) -> Task<void> {
        const Bytes raw(3, 1);
        const rpc::SendAnswer sent = co_await endpoint.send_raw_transaction(raw);
        EXPECT_EQ(sent.meaning, rpc::ErrorClass::transport) << "maybe sent";
    });
}

TEST(Catalogue, s55_silent_death_of_a_socket_is_noticed_by_our_own_ping) {
    with_node(Over::ws, answer_chain_id, [](rpc::Endpoint& endpoint, ScriptedNode& node) -> Task<void> {
        node.freeze();
        static_cast<void>(co_await endpoint.chain_id());  // wakes the node's reader for the last time
        const Error why = co_await endpoint.closed();
        EXPECT_EQ(why.code, Errc::timed_out) << why.context;
    });
}

TEST(EndpointFaults, RefusesAMessageAboveItsLimit) {
    const auto script = [](const Asked& asked) -> std::vector<Step> {
        return {reply(asked, '"' + std::string(200'000, 'x') + '"')};
    };
    for (const Over over : {Over::ws, Over::http}) {
        with_node(over, script, [](rpc::Endpoint& endpoint, ScriptedNode&) -> Task<void> {
            const auto version = co_await endpoint.client_version();
            EXPECT_FALSE(version.has_value());
            EXPECT_EQ(version.error().code, Errc::limit_exceeded) << version.error().context;
        });
    }
}

TEST(EndpointFaults, BoundsItsRequestsInFlight) {
    const auto script = [](const Asked&) -> std::vector<Step> { return {}; };
    with_node(Over::ws, script, [](rpc::Endpoint& endpoint, ScriptedNode&) -> Task<void> {
        std::vector<Errc> got;
        const auto ask = [](rpc::Endpoint& node, std::vector<Errc>& out) -> Task<void> {
            const auto id = co_await node.chain_id();
            out.push_back(id.error().code);
            co_await async::sleep_for(milliseconds{400});
        };
        co_await async::all_of(ask(endpoint, got), ask(endpoint, got), ask(endpoint, got), ask(endpoint, got),
                               ask(endpoint, got));
        EXPECT_EQ(got.size(), 5U);
        EXPECT_EQ(got.front(), Errc::limit_exceeded);
        EXPECT_EQ(got.back(), Errc::timed_out);
    });
}

TEST(Catalogue, s59_notification_before_the_subscribe_answer_is_held) {
    const std::string word(64, 'a');
    const std::string head =
        R"({"method":"eth_subscription","params":{"subscription":"0x9","result":{"hash":"0x)" + word +
        R"(","parentHash":"0x)" + word +
        R"(","number":"0x5","timestamp":"0x1","gasUsed":"0x0","gasLimit":"0x1","logsBloom":null}}})";
    const auto script = [&head](const Asked& asked) -> std::vector<Step> {
        return {say(head), reply(asked, "\"0x9\""), say(head)};
    };
    with_node(Over::ws, script, [](rpc::Endpoint& endpoint, ScriptedNode&) -> Task<void> {
        std::vector<rpc::Notification> told;
        endpoint.on_notification(
            [&told](rpc::Notification&& notification) { told.push_back(std::move(notification)); });
        const auto subscription = co_await endpoint.subscribe_heads();
        co_await async::sleep_for(milliseconds{20});
        EXPECT_EQ(told.size(), 2U);
        EXPECT_EQ(told.at(0).subscription, subscription.value());
        EXPECT_EQ(std::get<rpc::Header>(told.at(0).body).head.number, BlockNumber{5});
        EXPECT_EQ(endpoint.counters().foreign_notifications, 0U);
        endpoint.on_notification(nullptr);
    });
}

TEST(Catalogue, s61_gateways_answers_to_a_transaction_are_maybe_sent_unless_they_say_why_not) {
    struct Case {
        unsigned status;
        std::string body;
        rpc::ErrorClass meaning;
    };
    const std::vector<Case> cases{
        {503, "<!DOCTYPE html><title>Error 503 Backend fetch failed</title>", rpc::ErrorClass::transport},
        {502, "<html>nginx secret-key</html>", rpc::ErrorClass::transport},
        {429, "slow down", rpc::ErrorClass::rate_limited},
        {429, R"({"code":429,"event":-33200,"message":"Too Many Requests","details":"d"})",
         rpc::ErrorClass::rate_limited},
        {429, R"({"id":null,"error":{"code":-1,"message":"no"}})", rpc::ErrorClass::rate_limited},
        {402, R"({"code":402,"event":-33000,"message":"Payment Required"})", rpc::ErrorClass::quota_ended},
        {403, R"({"error":"error in signature check"})", rpc::ErrorClass::unauthorized},
        {200, "<html>captcha</html>", rpc::ErrorClass::unknown},
        {200, "", rpc::ErrorClass::unknown},
        {200, R"({"id":77,"result":"0x1"})", rpc::ErrorClass::unknown},
        {200, R"({"id":null,"error":{"code":-32600,"message":"Invalid request"}})",
         rpc::ErrorClass::invalid_request},
    };
    std::size_t at = 0;
    const auto script = [&](const Asked&) -> std::vector<Step> {
        return {status(cases[at].status, cases[at].body)};
    };
    with_node(Over::http, script, [&](rpc::Endpoint& endpoint, ScriptedNode&) -> Task<void> {
        for (at = 0; at < cases.size(); ++at) {
            const Bytes raw(1, 1);
            const rpc::SendAnswer sent = co_await endpoint.send_raw_transaction(raw);
            EXPECT_EQ(rpc::to_string(sent.meaning), rpc::to_string(cases[at].meaning))
                << cases[at].body << sent.text;
            EXPECT_EQ(sent.text.find("secret"), std::string::npos);
        }
        EXPECT_TRUE(endpoint.connected());
    });
}

TEST(EndpointFaults, AsksAgainOnANewConnectionWhenAnIdleOneWasClosed) {
    int count = 0;
    const auto script = [&count](const Asked& asked) -> std::vector<Step> {
        if (++count == 2) return {drop()};
        return {reply(asked, "\"0x7a69\"")};
    };
    with_node(Over::http, script, [](rpc::Endpoint& endpoint, ScriptedNode& node) -> Task<void> {
        for (int i = 0; i < 3; ++i) {
            const auto id = co_await endpoint.chain_id();
            EXPECT_EQ(id.value(), ChainId{31337});
        }
        EXPECT_EQ(node.connections(), 2U);
    });
}

std::string log_at(std::uint64_t block) {
    const std::string word(64, 'b');
    std::string number = std::to_string(block);  // decimal digits are hex digits too, below ten
    return R"({"address":"0x)" + std::string(40, '1') + R"(","topics":[],"data":"0x","blockHash":"0x)" +
           word + R"(","blockNumber":"0x)" + number + R"(","transactionHash":"0x)" + word +
           R"(","transactionIndex":"0x0","logIndex":"0x0"})";
}

/// Gives logs of at most three blocks at once: one in each block from 1 to 9.
std::vector<Step> stingy_node(const Asked& asked) {
    const std::string word(64, 'b');
    if (asked.method != "eth_getLogs") {
        return {reply(
            asked,
            R"({"hash":"0x)" + word + R"(","parentHash":"0x)" + word +
                R"(","number":"0x9","timestamp":"0x1","gasUsed":"0x0","gasLimit":"0x1","logsBloom":null})")};
    }
    const auto bound = [&asked](const char* key) {
        return static_cast<std::uint64_t>(
            asked.text[asked.text.find(key) + std::string_view{key}.size() + 5] - '0');
    };
    const std::uint64_t from = bound("fromBlock");
    const std::uint64_t to = bound("toBlock");
    if (to - from >= 3) return {error(asked, -32614, "eth_getLogs is limited to a 3 range")};
    std::string logs;
    for (std::uint64_t block = from; block <= to; ++block)
        logs += (logs.empty() ? "" : ",") + log_at(block);
    return {reply(asked, '[' + logs + ']')};
}

TEST(EndpointFaults, SplitsALogQueryThatTheNodeRefuses) {
    with_node(Over::http, stingy_node, [](rpc::Endpoint& endpoint, ScriptedNode&) -> Task<void> {
        ReadRequest request;
        request.id = 3;
        request.block_hash = parse_hash("0x" + std::string(64, 'b')).value();
        LogQuery query;
        query.from = BlockNumber{1};
        query.to = BlockNumber{9};
        request.what = std::move(query);
        const ReadResult read = co_await endpoint.execute(std::move(request));
        EXPECT_TRUE(read.bytes.has_value()) << read.bytes.error().context;
        const auto logs = codec::decode_logs(read.bytes.value_or(Bytes{}));
        EXPECT_EQ(logs.value().size(), 9U);
        for (std::size_t i = 0; i < logs->size(); ++i)
            EXPECT_EQ((*logs)[i].block_number, BlockNumber{i + 1});
    });
}

TEST(EndpointFaults, ConnectsAgainUntilTheNodeIsThere) {
    async::asio::io_context io;
    int count = 0;
    const auto script = [&count](const Asked& asked) -> std::vector<Step> {
        ++count;
        if (count <= 2) return {drop()};
        if (count == 3) return {reply(asked, "\"0x1\"")};  // another chain
        return {reply(asked, "\"0x7a69\"")};
    };
    ScriptedNode node{io.get_executor(), script};
    rpc::EndpointParams params = params_for(node.ws_url());
    params.chain_id = ChainId{31337};
    rpc::Endpoint endpoint{io.get_executor(), params};
    const auto body = [&]() -> Task<void> {
        const auto ready = co_await endpoint.wait_connected(milliseconds{5'000});
        EXPECT_TRUE(ready.has_value());
        EXPECT_EQ(node.connections(), 4U);
    };
    async::run_task(io, async::all_of(node.run(), endpoint.keep_connected(), body()));
    EXPECT_FALSE(endpoint.connected());
}

}  // namespace
}  // namespace plimsoll::faults
