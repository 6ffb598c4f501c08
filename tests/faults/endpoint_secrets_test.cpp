// SPDX-License-Identifier: Apache-2.0
// Headers reach the node, and no secret of an endpoint comes back in what people read.
#include "chain/async/all_of.hpp"
#include "chain/rpc/endpoint.hpp"
#include "tests/faults/scripted_node.hpp"
#include "tests/unit/chain/async/run_task.hpp"

#include <gtest/gtest.h>

namespace plimsoll::faults {
namespace {

using async::Task;
using std::chrono::milliseconds;

constexpr const char* kToken = "Bearer tok-5ecret1234";
constexpr const char* kPath = "/v3/pathkey-5ecret?apikey=querykey-5ecret";

/// "ws://127.0.0.1:1" → "ws://alice:pass-5ecret@127.0.0.1:1/v3/…".
std::string with_secrets(std::string url) {
    url.insert(url.find("://") + 3, "alice:pass-5ecret@");
    return url + kPath;
}

rpc::EndpointParams secret_params(const std::string& url) {
    rpc::EndpointParams out;
    out.url = rpc::parse_url(with_secrets(url)).value();
    out.headers = {{"X-Api-Key", "headerkey-5ecret"}, {"x-auth", kToken}};
    out.request_timeout = milliseconds{2'000};
    return out;
}

template <class Body>
void with_endpoint(bool ws, const ScriptedNode::Script& script, const Body& body) {
    async::asio::io_context io;
    ScriptedNode node{io.get_executor(), script};
    rpc::Endpoint endpoint{io.get_executor(), secret_params(ws ? node.ws_url() : node.http_url())};
    const auto guarded = [&]() -> Task<void> {
        co_await body(endpoint, node);
        endpoint.close();
    };
    async::run_task(io, async::all_of(node.run(), guarded()));
}

/// Everything the client said, as a spiteful gateway would repeat it.
std::string echo(const Asked& asked) {
    std::string out = "denied " + std::string{kPath} + " alice:pass-5ecret " + asked.headers;
    for (char& c : out) {
        if (c == '\n') c = ' ';
    }
    return out;
}

TEST(EndpointSecrets, SendsTheHeadersWithEveryRequest) {
    for (const bool ws : {true, false}) {
        const auto script = [](const Asked& asked) -> std::vector<Step> { return {reply(asked, "\"0x1\"")}; };
        with_endpoint(ws, script, [](rpc::Endpoint& endpoint, ScriptedNode& node) -> Task<void> {
            static_cast<void>(co_await endpoint.connect());
            static_cast<void>(co_await endpoint.chain_id());
            static_cast<void>(co_await endpoint.chain_id());
            EXPECT_EQ(node.asked().size(), 2U);
            for (const Asked& asked : node.asked()) {
                EXPECT_NE(asked.headers.find("X-Api-Key: headerkey-5ecret\n"), std::string::npos);
                EXPECT_NE(asked.headers.find(std::string{"x-auth: "} + kToken + "\n"), std::string::npos);
                EXPECT_NE(asked.headers.find("Authorization: Basic YWxpY2U6cGFzcy01ZWNyZXQ="),
                          std::string::npos);
                EXPECT_NE(asked.headers.find("User-Agent: plimsoll\n"), std::string::npos);
            }
        });
    }
}

void expect_clean(const std::string& text) {
    EXPECT_FALSE(text.empty());
    for (const char* secret : {"5ecret", "YWxpY2U6", "alice"})
        EXPECT_EQ(text.find(secret), std::string::npos) << text;
}

TEST(EndpointSecrets, TakesThemOutOfWhatTheNodeRepeats) {
    const auto script = [](const Asked& asked) -> std::vector<Step> {
        if (asked.method == "web3_clientVersion") return {error(asked, -32000, echo(asked))};
        if (asked.method == "eth_sendRawTransaction") return {close(1008, echo(asked).substr(0, 120))};
        return {reply(asked, "\"0x1\"")};
    };
    with_endpoint(true, script, [](rpc::Endpoint& endpoint, ScriptedNode&) -> Task<void> {
        static_cast<void>(co_await endpoint.connect());
        const auto version = co_await endpoint.client_version();
        EXPECT_FALSE(version.has_value());
        EXPECT_NE(version.error().context.find("denied"), std::string::npos);
        expect_clean(version.error().context);
        const Bytes raw(3, 1);
        const rpc::SendAnswer sent = co_await endpoint.send_raw_transaction(raw);
        EXPECT_NE(sent.text.find("denied"), std::string::npos) << sent.text;
        expect_clean(sent.text);
        expect_clean(endpoint.name());
    });
}

TEST(EndpointSecrets, TakesThemOutOverHttpToo) {
    const auto script = [](const Asked& asked) -> std::vector<Step> {
        if (asked.method == "web3_clientVersion") return {status(403, "<html>" + echo(asked) + "</html>")};
        return {status(401, R"({"error":{"code":-1,"message":")" + echo(asked) + "\"}}")};
    };
    with_endpoint(false, script, [](rpc::Endpoint& endpoint, ScriptedNode&) -> Task<void> {
        static_cast<void>(co_await endpoint.connect());
        const auto version = co_await endpoint.client_version();
        expect_clean(version.error().context);
        const auto id = co_await endpoint.chain_id();
        EXPECT_NE(id.error().context.find("denied"), std::string::npos);
        expect_clean(id.error().context);
        const auto heads = co_await endpoint.subscribe_heads();
        EXPECT_EQ(heads.error().code, Errc::refused);
        EXPECT_NE(heads.error().context.find("give this endpoint a ws, wss or ipc address"),
                  std::string::npos);
        expect_clean(heads.error().context);
    });
}

TEST(EndpointSecrets, SaysTheStatusOfARefusedUpgradeAndNoMore) {
    async::asio::io_context io;
    rpc::Endpoint dead{io.get_executor(), secret_params("ws://127.0.0.1:1")};
    const auto body = [&]() -> Task<void> {
        const Result<void> connected = co_await dead.connect();
        EXPECT_EQ(connected.error().code, Errc::disconnected);
        expect_clean(connected.error().context);
    };
    async::run_task(io, body());
}

}  // namespace
}  // namespace plimsoll::faults
