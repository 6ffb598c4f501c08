// SPDX-License-Identifier: Apache-2.0
// Messages that no honest node sends, and those that only some nodes send.
#include "chain/async/deadline.hpp"
#include "tests/faults/endpoint_on_node.hpp"

namespace plimsoll::faults {
namespace {

std::string with_result(const Asked& asked, const std::string& result) {
    return R"({"jsonrpc":"2.0","id":)" + std::to_string(asked.id) + R"(,"result":)" + result + '}';
}

std::string repeated(const std::string& text, std::size_t times) {
    std::string out;
    for (std::size_t i = 0; i < times; ++i)
        out += text;
    return out;
}

struct Hostile {
    const char* name;
    std::function<std::string(const Asked&)> message;
    bool answers;  // it is ours, and therefore a malformed reply; otherwise the right one still comes
};

std::vector<Hostile> hostile_messages() {
    const auto result = [](std::string text) {
        return [text](const Asked& asked) { return with_result(asked, text); };
    };
    const auto fixed = [](std::string text) { return [text](const Asked&) { return text; }; };
    return {
        {"id mismatch", fixed(R"({"jsonrpc":"2.0","id":4711,"result":"0x1"})"), false},
        {"id null", fixed(R"({"jsonrpc":"2.0","id":null,"result":"0x1"})"), false},
        {"id a string",
         [](const Asked& asked) { return R"({"id":")" + std::to_string(asked.id) + R"(","result":"0x1"})"; },
         false},
        {"id above 64 bits", fixed(R"({"id":184467440737095516171,"result":"0x1"})"), false},
        {"id a fraction",
         [](const Asked& asked) { return R"({"id":)" + std::to_string(asked.id) + R"(.5,"result":"0x1"})"; },
         false},
        {"no result", [](const Asked& asked) { return R"({"id":)" + std::to_string(asked.id) + '}'; }, false},
        {"result twice",
         [](const Asked& asked) {
             return R"({"id":)" + std::to_string(asked.id) + R"(,"result":"0x1","result":"0x2"})";
         },
         false},
        {"id twice",
         [](const Asked& asked) {
             return R"({"id":4711,"id":)" + std::to_string(asked.id) + R"(,"result":"0x1"})";
         },
         false},
        {"result and error",
         [](const Asked& asked) {
             return R"({"id":)" + std::to_string(asked.id) +
                    R"(,"result":"0x1","error":{"code":1,"message":"m"}})";
         },
         false},
        {"it calls us", fixed(R"({"jsonrpc":"2.0","id":1,"method":"foo","params":[1]})"), false},
        {"depth bomb behind an unknown key",
         fixed(R"({"a":)" + repeated("[", 40'000) + repeated("]", 40'000) + '}'), false},
        {"depth bomb that does not end", fixed(repeated("[", 90'000)), false},
        {"depth bomb as a result", result(repeated("[", 40'000) + repeated("]", 40'000)), true},
        {"long string as a result", result('"' + std::string(90'000, '1') + '"'), true},
        {"number above 64 bits", result("\"0x10000000000000000\""), true},
        {"number above 256 bits", result("\"0x1" + std::string(64, '0') + '"'), true},
        {"a JSON number", result("31337"), true},
        {"hex without 0x", result("\"7a69\""), true},
        {"hex with leading zeros", result("\"0x007a69\""), true},
        {"hex of nothing", result("\"0x\""), true},
        {"an object", result(R"({"hash":"0x1"})"), true},
        {"cut", fixed(R"({"jsonrpc":"2.0","id":1,"res)"), false},
        {"two in one", fixed(R"({"id":4711,"result":"0x1"}{"id":4711,"result":"0x1"})"), false},
        {"zero bytes", fixed(std::string(1'000, '\0')), false},
        {"no UTF-8", fixed("{\"id\":4711,\"\xff\xfe\":\"\xc3\x28\"}"), false},
        {"nothing", fixed(" "), false},
    };
}

TEST(Catalogue, s62_hostile_json_costs_its_message_and_never_the_process) {
    for (const Hostile& hostile : hostile_messages()) {
        if (hostile.name == std::string_view{"no UTF-8"}) continue;  // ends a WebSocket (RFC 6455, 8.1)
        const auto script = [&hostile](const Asked& asked) -> std::vector<Step> {
            return {say(hostile.message(asked)), reply(asked, "\"0x7a69\"")};
        };
        with_node(Over::ws, script, [&hostile](rpc::Endpoint& endpoint, ScriptedNode&) -> Task<void> {
            for (int i = 0; i < 2; ++i) {
                const auto id = co_await endpoint.chain_id();
                const bool right = id && *id == ChainId{31'337};
                const bool malformed = !id && id.error().code == Errc::malformed_reply;
                EXPECT_TRUE(hostile.answers ? malformed : right) << hostile.name;
            }
            EXPECT_TRUE(endpoint.connected()) << hostile.name;
            const rpc::EndpointCounters& seen = endpoint.counters();
            EXPECT_GE(seen.malformed_messages + seen.foreign_replies + seen.duplicate_replies, 1U)
                << hostile.name;
        });
    }
}

TEST(Catalogue, s62_hostile_json_over_http_fails_its_own_request_only) {
    for (const Hostile& hostile : hostile_messages()) {
        int asks = 0;
        const auto script = [&](const Asked& asked) -> std::vector<Step> {
            if (++asks == 2) return {reply(asked, "\"0x7a69\"")};
            return {status(200, hostile.message(asked))};
        };
        with_node(Over::http, script, [&hostile](rpc::Endpoint& endpoint, ScriptedNode&) -> Task<void> {
            const auto bad = co_await endpoint.chain_id();
            EXPECT_EQ(bad.error().code, Errc::malformed_reply) << hostile.name << ": " << bad.error().context;
            const auto good = co_await endpoint.chain_id();
            EXPECT_EQ(good.value(), ChainId{31'337}) << hostile.name;
        });
    }
}

TEST(Catalogue, s61_body_that_is_no_json_is_classified_by_its_status_and_not_echoed) {
    struct Body {
        unsigned status;
        const char* text;
        Errc code;
    };
    const std::vector<Body> bodies{
        {503,
         "<!DOCTYPE html>\n<html>\n  <head>\n    <title>503 Backend fetch failed</title>\n  </head>\n  "
         "<body>\n    "
         "<h1>Error 503 Backend fetch failed</h1>\n    <p>key-5e2c</p>\n  </body>\n</html>",
         Errc::disconnected},
        {502, "<html><head><title>502 Bad Gateway</title></head><body>nginx key-5e2c</body></html>",
         Errc::disconnected},
        {504, "upstream request timeout key-5e2c", Errc::disconnected},
        {200, "<html>please solve this captcha key-5e2c</html>", Errc::malformed_reply},
        {413, "key-5e2c too large", Errc::limit_exceeded},
    };
    for (const Body& one : bodies) {
        const auto script = [&one](const Asked&) -> std::vector<Step> {
            return {status(one.status, one.text)};
        };
        rpc::EndpointHealth health;
        const auto body = [&](rpc::Endpoint& endpoint, ScriptedNode&) -> Task<void> {
            for (int i = 0; i < 5; ++i) {
                const auto id = co_await endpoint.chain_id();
                EXPECT_EQ(id.error().code, one.code) << id.error().context;
                EXPECT_EQ(id.error().context.find("key-5e2c"), std::string::npos);
                EXPECT_NE(id.error().context.find("HTTP " + std::to_string(one.status)), std::string::npos);
            }
            EXPECT_TRUE(endpoint.connected());
            const bool answered = one.code == Errc::limit_exceeded;
            EXPECT_EQ(rpc::to_string(health.state()), answered ? "alive" : "unreachable") << one.text;
            EXPECT_EQ(health.why().find("key-5e2c"), std::string::npos);
        };
        with_node(Over::http, script, body, &health);
    }
}

TEST(Catalogue, s64_batch_answers_are_matched_by_id_and_what_is_missing_is_unknown) {
    // We never send batches, but many requests at once; these nodes answer as if it were one.
    std::vector<Asked> held;
    const auto script = [&held](const Asked& asked) -> std::vector<Step> {
        held.push_back(asked);
        if (held.size() < 4) return {};
        return {say(R"([{"jsonrpc":"2.0","id":)" + std::to_string(held[0].id) +
                    R"(,"error":{"code":-32600,"message":"batch too large"}}])"),
                error(held[3], -32003, "response too large"), reply(held[2], "\"0x3\""),
                error(held[1], -32600, "batch too large")};
    };
    const auto body = [](rpc::Endpoint& endpoint, ScriptedNode&) -> Task<void> {
        std::vector<std::string> got;
        const auto ask = [](rpc::Endpoint& node, std::vector<std::string>& out) -> Task<void> {
            const auto id = co_await node.chain_id();
            out.push_back(id ? std::to_string(id->value) : std::string{to_string(id.error().code)});
            while (out.size() < 4)
                co_await async::sleep_for(milliseconds{5});
        };
        co_await async::all_of(ask(endpoint, got), ask(endpoint, got), ask(endpoint, got),
                               ask(endpoint, got));
        EXPECT_EQ(got, (std::vector<std::string>{std::string{to_string(Errc::limit_exceeded)}, "3",
                                                 std::string{to_string(Errc::rpc_rejected)},
                                                 std::string{to_string(Errc::timed_out)}}));
        EXPECT_EQ(endpoint.counters().malformed_messages, 1U);
        EXPECT_EQ(endpoint.counters().timeouts, 1U);
    };
    with_node(Over::ws, script, body);
}

std::string header_json(char digit) {
    const std::string word(64, digit);
    return R"({"hash":"0x)" + word + R"(","parentHash":"0x)" + word +
           R"(","number":"0x5","timestamp":"0x1","gasUsed":"0x0","gasLimit":"0x1","logsBloom":null})";
}

std::string told(const std::string& subscription, const std::string& result) {
    return R"({"jsonrpc":"2.0","method":"eth_subscription","params":{"subscription":")" + subscription +
           R"(","result":)" + result + "}}";
}

TEST(Catalogue, s58_old_subscription_ids_after_a_reconnect_are_dropped_and_counted) {
    int subscriptions = 0;
    const auto script = [&subscriptions](const Asked& asked) -> std::vector<Step> {
        if (asked.method != "eth_subscribe") return {reply(asked, "\"0x1\"")};
        if (++subscriptions == 1) return {reply(asked, "\"0x1\""), say(told("0x1", header_json('a')))};
        // The old id again, which now is nobody's, and the new one.
        return {reply(asked, "\"0x2\""), say(told("0x1", header_json('b'))),
                say(told("0x2", header_json('c')))};
    };
    with_node(Over::ws, script, [](rpc::Endpoint& endpoint, ScriptedNode&) -> Task<void> {
        std::vector<rpc::Notification> seen;
        endpoint.on_notification([&seen](rpc::Notification&& one) { seen.push_back(std::move(one)); });
        const auto first = co_await endpoint.subscribe_heads();
        co_await async::sleep_for(milliseconds{20});
        endpoint.close();
        const auto again = co_await endpoint.connect();
        EXPECT_TRUE(again.has_value());
        const auto second = co_await endpoint.subscribe_heads();
        co_await async::sleep_for(milliseconds{20});
        EXPECT_NE(first.value(), second.value());
        EXPECT_EQ(seen.size(), 2U);
        EXPECT_EQ(seen.at(0).subscription, first.value());
        EXPECT_EQ(seen.at(1).subscription, second.value());
        EXPECT_EQ(std::get<rpc::Header>(seen.at(1).body).head.hash.bytes.front(), 0xCC);
        EXPECT_EQ(endpoint.counters().foreign_notifications, 1U);
        endpoint.on_notification(nullptr);
    });
}

std::string pending_json() {
    return R"({"blockHash":null,"blockNumber":null,"from":"0x)" + std::string(40, '1') +
           R"(","gas":"0x1","hash":"0x)" + std::string(64, 'e') +
           R"(","input":"0x0102","nonce":"0x0","to":"0x)" + std::string(40, '2') +
           R"(","transactionIndex":null,"value":"0x0","type":"0x2","v":"0x1"})";
}

TEST(EndpointWire, SubscribesToPendingTransactionsInTheFormThatTheNodeKnows) {
    for (const bool alchemy : {true, false}) {
        const auto script = [alchemy](const Asked& asked) -> std::vector<Step> {
            const bool form = asked.text.find("alchemy_pendingTransactions") != std::string::npos;
            if (form && !alchemy) {
                return {error(asked, -32601,
                              R"(no \"alchemy_pendingTransactions\" subscription in eth namespace)")};
            }
            return {reply(asked, "\"0x9\""), say(told("0x9", pending_json())),
                    say(told("0x9", "\"0x" + std::string(64, 'd') + '"')),
                    say(told("0x9", R"({"hash":"0x1"})"))};
        };
        with_node(Over::ws, script, [alchemy](rpc::Endpoint& endpoint, ScriptedNode& node) -> Task<void> {
            std::vector<rpc::Notification> seen;
            endpoint.on_notification([&seen](rpc::Notification&& one) { seen.push_back(std::move(one)); });
            Address target;
            target.bytes.fill(0x22);
            std::vector<Address> targets(1, target);
            const auto subscription = co_await endpoint.subscribe_pending(std::move(targets));
            EXPECT_TRUE(subscription.has_value());
            co_await async::sleep_for(milliseconds{20});
            EXPECT_EQ(seen.size(), 1U);
            EXPECT_EQ(seen.at(0).kind, rpc::SubscriptionKind::pending);
            const auto& transaction = std::get<PendingTransaction>(seen.at(0).body);
            EXPECT_EQ(transaction.to, target);
            EXPECT_EQ(transaction.input, (Bytes{1, 2}));
            EXPECT_EQ(endpoint.counters().pending_hashes, 1U) << "told without its content";
            EXPECT_EQ(endpoint.counters().malformed_messages, 1U);
            EXPECT_EQ(node.asked().size(), alchemy ? 1U : 2U);
            EXPECT_NE(node.asked().front().text.find(std::string(40, '2')), std::string::npos);
            endpoint.on_notification(nullptr);
        });
    }
}

TEST(EndpointWire, KnowsTheFinalizedBlockWhereTheNodeDoes) {
    struct Case {
        std::function<Step(const Asked&)> answer;
        Errc code;
    };
    const std::vector<Case> cases{
        {[](const Asked& asked) { return reply(asked, "null"); }, Errc::not_found},
        {[](const Asked& asked) { return error(asked, -32000, "finalized block not found"); },
         Errc::not_found},
        {[](const Asked& asked) { return error(asked, -39001, "Unknown block"); }, Errc::not_found},
        {[](const Asked& asked) {
             return error(asked, -32602, "invalid argument 0: hex string without 0x prefix");
         },
         Errc::not_found},
        {[](const Asked& asked) { return error(asked, 429, "Too Many Requests"); }, Errc::rpc_rejected},
    };
    for (const Case& one : cases) {
        const auto script = [&one](const Asked& asked) -> std::vector<Step> { return {one.answer(asked)}; };
        with_node(Over::http, script, [&one](rpc::Endpoint& endpoint, ScriptedNode&) -> Task<void> {
            const auto block = co_await endpoint.finalized_block();
            EXPECT_EQ(block.error().code, one.code) << block.error().context;
        });
    }
    const auto good = [](const Asked& asked) -> std::vector<Step> {
        const bool tag = asked.text.find(R"(["finalized",false])") != std::string::npos;
        return {reply(asked, tag ? header_json('a') : "null")};
    };
    with_node(Over::ws, good, [](rpc::Endpoint& endpoint, ScriptedNode&) -> Task<void> {
        const auto block = co_await endpoint.finalized_block();
        EXPECT_EQ(block.value().head.number, BlockNumber{5});
    });
}

}  // namespace
}  // namespace plimsoll::faults
