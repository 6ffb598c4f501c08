// SPDX-License-Identifier: Apache-2.0
// How an endpoint bears nodes that set limits: the texts are what providers send.
#include "chain/async/deadline.hpp"
#include "tests/faults/endpoint_on_node.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/write.hpp>

#include <algorithm>
#include <array>

namespace plimsoll::faults {
namespace {

using Clock = std::chrono::steady_clock;
using rpc::EndpointState;

constexpr const char* kAlchemy =
    R"("error":{"code":429,"message":"Your app has exceeded its compute units per second capacity. If you have )"
    R"(retries enabled, you can safely ignore this message. If not, check out )"
    R"(https://docs.alchemy.com/reference/throughput"})";
constexpr const char* kInfura =
    R"("error":{"code":-32005,"message":"project ID request rate exceeded","data":{"rate":{"allowed_rps":50,)"
    R"("backoff_seconds":0,"current_rps":52.3},"see":"https://infura.io/docs/ethereum/json-rpc/ratelimits"}})";
constexpr const char* kInfuraWithTime =
    R"("error":{"code":-32005,"message":"project ID request rate exceeded","data":{"rate":{"allowed_rps":50,)"
    R"("backoff_seconds":30.0,"current_rps":52.3}}})";
constexpr const char* kQuickNode =
    R"("error":{"code":-32007,"message":"100/second request limit reached - reduce calls per second or upgrade )"
    R"(your account at quicknode.com"})";
constexpr const char* kTryAgain =
    R"("error":{"code":-32005,"message":"rate limited, try again in 4ms","data":null})";
constexpr const char* kConcurrent =
    R"("error":{"code":1008,"message":"You have exceeded the maximum number of concurrent requests on a single )"
    R"(WebSocket. At most 200 concurrent requests are allowed per WebSocket."})";
constexpr const char* kMetaMask =
    R"("code":429,"event":-33200,"message":"Too Many Requests","details":"You have surpassed your allowed )"
    R"(throughput limit. Reduce the amount of requests per second or upgrade for more capacity.")";

Step with_id(const Asked& asked, unsigned status_code, const char* body, const char* headers) {
    return status(status_code, R"({"jsonrpc":"2.0","id":)" + std::to_string(asked.id) + ',' + body + '}',
                  headers);
}

milliseconds wait_left(const rpc::EndpointHealth& health, rpc::Use use) {
    const Clock::time_point now = Clock::now();
    return std::chrono::ceil<milliseconds>(health.allowed_at(use, now) - now);
}

struct Dialect {
    unsigned status;
    const char* body;
    const char* headers;
    milliseconds least;  // of the pause that follows
    milliseconds most;
};

TEST(Catalogue, s52_rate_limits_in_all_dialects_are_backed_off_from) {
    const milliseconds own{125};  // half of the first delay
    const std::vector<Dialect> dialects{
        {429, kAlchemy, "", own, milliseconds{250}},
        {200, kAlchemy, "", own, milliseconds{250}},
        {200, kInfura, "", milliseconds{50}, milliseconds{63}},
        {200, kInfuraWithTime, "", milliseconds{30'000}, milliseconds{37'500}},
        {200, kQuickNode, "", own, milliseconds{250}},
        {200, kTryAgain, "", milliseconds{50}, milliseconds{63}},
        {429, kMetaMask, "", own, milliseconds{250}},
        {429, kAlchemy, "Retry-After: 2", milliseconds{2'000}, milliseconds{2'500}},
        {429, kQuickNode, "Date: Sun, 06 Nov 1994 08:49:37 GMT\nRetry-After: Sun, 06 Nov 1994 08:49:40 GMT",
         milliseconds{3'000}, milliseconds{3'750}},
        {429, kMetaMask, "Retry-After: 86400", milliseconds{300'000}, milliseconds{375'000}},
    };
    for (const Dialect& dialect : dialects) {
        const auto script = [&dialect](const Asked& asked) -> std::vector<Step> {
            if (asked.method == "eth_chainId") return {reply(asked, "\"0x1\"")};
            if (asked.method == "eth_sendRawTransaction")
                return {reply(asked, '"' + ("0x" + std::string(64, 'e')) + '"')};
            return {with_id(asked, dialect.status, dialect.body, dialect.headers)};
        };
        rpc::EndpointHealth health;
        const auto body = [&](rpc::Endpoint& endpoint, ScriptedNode&) -> Task<void> {
            const auto version = co_await endpoint.client_version();
            EXPECT_EQ(version.error().code, Errc::rpc_rejected) << version.error().context;
            EXPECT_EQ(rpc::to_string(health.state()), "rate_limited") << dialect.body;
            EXPECT_GT(wait_left(health, rpc::Use::feed), dialect.least - milliseconds{40}) << dialect.body;
            EXPECT_LE(wait_left(health, rpc::Use::feed), dialect.most) << dialect.body;
            // A transaction is not held back by what the others did.
            const rpc::SendAnswer sent = co_await endpoint.send_raw_transaction(Bytes(1, 1));
            EXPECT_EQ(sent.meaning, rpc::ErrorClass::none) << sent.text;
            EXPECT_EQ(health.counts().waits, 0U) << dialect.body;
        };
        with_node(Over::http, script, body, &health);
        EXPECT_EQ(health.counts().pauses, 1U);
        EXPECT_EQ(health.counts().answers[static_cast<std::size_t>(rpc::ErrorClass::rate_limited)], 1U);
    }
}

TEST(Catalogue, s52_rate_limits_hold_the_next_request_back_for_the_time_that_was_asked) {
    for (const Over over : {Over::http, Over::ws}) {
        int calls = 0;
        const auto script = [&calls](const Asked& asked) -> std::vector<Step> {
            if (asked.method != "eth_call") return {reply(asked, "\"0x1\"")};
            if (++calls == 1) return {with_id(asked, 200, kTryAgain, "")};
            return {reply(asked, "\"0x07\"")};
        };
        rpc::EndpointHealth health;
        const auto body = [&](rpc::Endpoint& endpoint, ScriptedNode&) -> Task<void> {
            const Clock::time_point before = Clock::now();
            ReadRequest request;
            request.what = std::vector<Call>{Call{}};
            const ReadResult read = co_await endpoint.execute(std::move(request));
            EXPECT_FALSE(read.bytes.has_value()) << "0x07 is no answer of Multicall3";
            EXPECT_EQ(calls, 2) << "asked again by itself";
            EXPECT_GE(Clock::now() - before, milliseconds{50}) << "and not before the floor of all hints";
        };
        with_node(over, script, body, &health);
        EXPECT_EQ(health.counts().waits, 1U);
        EXPECT_EQ(rpc::to_string(health.state()), "undialed") << "closed by us, and forgiven";
    }
}

TEST(Catalogue, s53_quota_ended_opens_the_circuit_for_long_and_is_told) {
    struct Quota {
        unsigned status;
        const char* body;
        const char* says;
    };
    const std::vector<Quota> quotas{
        {402,
         R"("code":402,"event":-33000,"message":"Payment Required","details":"You have reached your daily credit )"
         R"(limit...")",
         "Payment Required"},
        {403,
         R"("error":{"code":-32600,"message":"Monthly capacity limit exceeded. Visit )"
         R"(https://dashboard.alchemyapi.io/settings/billing ..."})",
         "Monthly capacity limit exceeded"},
    };
    for (const Quota& quota : quotas) {
        const auto script = [&quota](const Asked& asked) -> std::vector<Step> {
            if (asked.method == "eth_chainId") return {reply(asked, "\"0x1\"")};
            return {with_id(asked, quota.status, quota.body, "")};
        };
        rpc::EndpointHealth health;
        const auto body = [&](rpc::Endpoint& endpoint, ScriptedNode& node) -> Task<void> {
            for (int i = 0; i < 5; ++i) {
                const auto version = co_await endpoint.client_version();
                EXPECT_FALSE(version.has_value());
            }
            EXPECT_EQ(node.asked().size(), 1U) << "not asked again";
            EXPECT_EQ(rpc::to_string(health.state()), "rate_limited");
            EXPECT_NE(health.why().find(quota.says), std::string::npos) << health.why();
            EXPECT_GE(wait_left(health, rpc::Use::read), milliseconds{29'000});
            const rpc::SendAnswer sent = co_await endpoint.send_raw_transaction(Bytes(1, 1));
            EXPECT_EQ(sent.meaning, rpc::ErrorClass::quota_ended) << "tried, as nothing is lost by it";
            EXPECT_EQ(health.counts().waits, 0U) << "all of it told at once";
        };
        with_node(Over::http, script, body, &health);
        EXPECT_EQ(health.counts().quota_ends, 1U);
    }
}

TEST(Catalogue, s54_concurrent_requests_on_a_websocket_are_bounded_and_its_refusal_is_a_pause) {
    EXPECT_EQ(rpc::EndpointParams{}.max_in_flight, 100U) << "providers allow 200";
    const auto script = [](const Asked& asked) -> std::vector<Step> {
        if (asked.method == "eth_chainId") return {reply(asked, "\"0x1\"")};
        return {with_id(asked, 200, kConcurrent, "")};
    };
    rpc::EndpointHealth health;
    const auto body = [&health](rpc::Endpoint& endpoint, ScriptedNode&) -> Task<void> {
        const auto version = co_await endpoint.client_version();
        EXPECT_FALSE(version.has_value());
        EXPECT_EQ(rpc::to_string(health.state()), "rate_limited");
        EXPECT_TRUE(endpoint.connected());
    };
    with_node(Over::ws, script, body, &health);
}

TEST(Catalogue, s54_a_close_frame_that_speaks_of_limits_is_a_pause_too) {
    struct Close {
        unsigned code;
        const char* reason;
        std::uint64_t pauses;
        std::uint64_t quota_ends;
    };
    const std::vector<Close> closes{
        {1008, "You have exceeded the maximum number of concurrent requests", 1, 0},
        {1013, "Try again later", 1, 0},
        {1000, "rate limited, try again in 4ms", 1, 0},
        {1008, "Monthly capacity limit exceeded", 0, 1},
        {1000, "", 0, 0},
        {1011, "internal error", 0, 0}};
    for (const Close& one : closes) {
        const auto script = [&one](const Asked& asked) -> std::vector<Step> {
            if (asked.method == "eth_chainId") return {reply(asked, "\"0x1\"")};
            return {close(one.code, one.reason)};
        };
        rpc::EndpointHealth health;
        const auto body = [&](rpc::Endpoint& endpoint, ScriptedNode&) -> Task<void> {
            const auto version = co_await endpoint.client_version();
            EXPECT_EQ(version.error().code, Errc::disconnected);
            EXPECT_EQ(rpc::to_string(health.state()), "unreachable");
        };
        with_node(Over::ws, script, body, &health);
        EXPECT_EQ(health.counts().pauses, one.pauses) << one.reason;
        EXPECT_EQ(health.counts().quota_ends, one.quota_ends) << one.reason;
        EXPECT_EQ(health.counts().losses, 1U);
    }
}

/// Declines every upgrade with these bytes.
Task<void> decline(async::asio::ip::tcp::acceptor& acceptor, std::string response) {
    for (;;) {
        auto socket = co_await acceptor.async_accept(async::use_task);
        std::array<char, 4'096> request{};
        co_await socket.async_read_some(async::asio::buffer(request), async::use_task);
        co_await async::asio::async_write(socket, async::asio::buffer(response), async::use_task);
    }
}

TEST(Catalogue, s52_rate_limits_at_the_upgrade_to_a_websocket_are_obeyed) {
    struct Declined {
        const char* response;
        std::uint64_t pauses;
        std::uint64_t quota_ends;
    };
    const std::vector<Declined> cases{
        {"HTTP/1.1 429 Too Many Requests\r\nRetry-After: 2\r\nContent-Length: 0\r\n\r\n", 1, 0},
        {"HTTP/1.1 402 Payment Required\r\nContent-Length: 0\r\n\r\n", 0, 1},
        {"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n", 0, 0},
    };
    for (const Declined& one : cases) {
        async::asio::io_context io;
        using async::asio::ip::tcp;
        tcp::acceptor acceptor{io, tcp::endpoint{async::asio::ip::address_v4::loopback(), 0}};
        rpc::EndpointHealth health;
        rpc::EndpointParams params =
            params_for("ws://127.0.0.1:" + std::to_string(acceptor.local_endpoint().port()));
        params.health = &health;
        rpc::Endpoint endpoint{io.get_executor(), std::move(params)};
        const auto body = [&]() -> Task<void> {
            const Result<void> connected = co_await endpoint.connect();
            EXPECT_EQ(connected.error().code, Errc::disconnected);
        };
        std::string response = one.response;
        async::run_task(io, async::all_of(decline(acceptor, std::move(response)), body()));
        EXPECT_EQ(health.counts().pauses, one.pauses) << one.response;
        EXPECT_EQ(health.counts().quota_ends, one.quota_ends) << one.response;
        EXPECT_EQ(wait_left(health, rpc::Use::feed) > milliseconds{1'500}, one.pauses + one.quota_ends != 0);
        EXPECT_EQ(health.state(), EndpointState::unreachable);
    }
}

TEST(EndpointLimits, KeepsToTheBudgetAndLetsATransactionPass) {
    const auto script = [](const Asked& asked) -> std::vector<Step> { return {reply(asked, "\"0x7a69\"")}; };
    rpc::EndpointHealthParams params;
    params.budget = rpc::BudgetParams{10, 10, 0, 50};  // half of ten for submission
    rpc::EndpointHealth health{params};
    const auto body = [&health](rpc::Endpoint& endpoint, ScriptedNode&) -> Task<void> {
        const Clock::time_point before = Clock::now();
        for (int i = 0; i < 6; ++i)
            static_cast<void>(co_await endpoint.chain_id());
        EXPECT_GE(Clock::now() - before, milliseconds{95}) << "five at once, then one in 100 ms";
        EXPECT_TRUE(health.counts().waits == 1 || Clock::now() - before > milliseconds{150});
        EXPECT_EQ(wait_left(health, rpc::Use::submit), milliseconds{0});
        static_cast<void>(co_await endpoint.send_raw_transaction(Bytes(1, 1)));
    };
    with_node(Over::ws, script, body, &health);
    EXPECT_EQ(health.counts().requests[static_cast<std::size_t>(rpc::Method::chain_id)], 6U);
    EXPECT_EQ(health.counts().requests[static_cast<std::size_t>(rpc::Method::send_raw_transaction)], 1U);
}

}  // namespace
}  // namespace plimsoll::faults
