// SPDX-License-Identifier: Apache-2.0
// What an endpoint makes of TLS servers, honest and not. The certificates come from the openssl program.
#include "chain/async/all_of.hpp"
#include "chain/async/deadline.hpp"
#include "chain/rpc/endpoint.hpp"
#include "tests/faults/certificates.hpp"
#include "tests/faults/scripted_node.hpp"
#include "tests/faults/tls_front.hpp"
#include "tests/unit/chain/async/run_task.hpp"

#include <gtest/gtest.h>

namespace plimsoll::faults {
namespace {

using async::Task;
using std::chrono::milliseconds;
using Handshake = TlsBehaviour::Handshake;

struct Client {
    std::string scheme = "wss";
    std::string host = "localhost";
    std::string ca = "ca";  // of certificates(); empty: the system's
};

std::uint16_t port_of(const std::string& url) {
    return static_cast<std::uint16_t>(std::stoul(url.substr(url.rfind(':') + 1)));
}

rpc::EndpointParams tls_params(const Client& client, std::uint16_t port) {
    rpc::EndpointParams out;
    out.url =
        rpc::parse_url(client.scheme + "://" + client.host + ":" + std::to_string(port) + "/v3/secret-key")
            .value();
    if (!client.ca.empty()) out.tls.ca_file = certificates() + "/" + client.ca + ".pem";
    out.connect_timeout = milliseconds{3'000};
    out.request_timeout = milliseconds{3'000};
    out.max_message = std::size_t{4} << 20U;
    out.reconnect = {milliseconds{5}, milliseconds{20}};
    return out;
}

std::vector<Step> answer_any_with_chain_id(const Asked& asked) {
    return {reply(asked, "\"0x7a69\"")};
}

struct World {
    rpc::Endpoint& endpoint;
    ScriptedNode& node;
    TlsFront& front;
};

template <class Body>
void with_front(const Client& client, const TlsBehaviour& behaviour, const ScriptedNode::Script& script,
                const Body& body) {
    async::asio::io_context io;
    ScriptedNode node{io.get_executor(), script};
    TlsFront front{io.get_executor(), port_of(node.ws_url()), behaviour};
    rpc::Endpoint endpoint{io.get_executor(), tls_params(client, front.port())};
    World world{endpoint, node, front};
    const auto guarded = [&]() -> Task<void> {
        co_await body(world);
        endpoint.close();
    };
    async::run_task(io, async::all_of(node.run(), front.run(), guarded()));
}

/// The error that connecting ends with.
Error refusal(const Client& client, const TlsBehaviour& behaviour) {
    Error out;
    with_front(client, behaviour, answer_any_with_chain_id, [&out](World& world) -> Task<void> {
        const Result<void> connected = co_await world.endpoint.connect();
        EXPECT_FALSE(connected.has_value());
        if (!connected) out = connected.error();
        EXPECT_EQ(world.node.connections(), 0U) << "nothing may reach a node that is not believed";
    });
    return out;
}

TEST(TlsFaults, SpeaksWithACertificateOfThePrivateAuthority) {
    for (const char* scheme : {"wss", "https"}) {
        for (const char* host : {"localhost", "127.0.0.1"}) {
            const Client client{scheme, host, "ca"};
            with_front(client, {}, answer_any_with_chain_id, [host](World& world) -> Task<void> {
                const Result<void> connected = co_await world.endpoint.connect();
                EXPECT_TRUE(connected.has_value()) << connected.error().context;
                const auto id = co_await world.endpoint.chain_id();
                EXPECT_TRUE(id.has_value() && *id == ChainId{31337});
                EXPECT_EQ(world.front.sessions(), 1U);
                EXPECT_EQ(world.front.asked_name(), std::string{host} == "localhost" ? "localhost" : "")
                    << "a literal address is no name (RFC 6066)";
            });
        }
    }
}

TEST(Catalogue, s65_tls_refuses_and_says_what_is_wrong_with_a_certificate) {
    struct Case {
        const char* certificate;
        const char* host;
        const char* ca;
        const char* says;
    };
    const std::vector<Case> cases{
        {"expired", "localhost", "ca", "the certificate expired on "},
        {"wrong_host", "localhost", "ca", "for another host (DNS:node.example.org), not for localhost"},
        {"partial_wildcard", "localhost", "ca", "for another host"},
        {"name_only", "127.0.0.1", "ca", "for another host (DNS:localhost), not for 127.0.0.1"},
        {"unknown_ca", "localhost", "ca",
         "from an authority that is not known here (CN = Test authority other_ca)"},
        {"good", "localhost", "", "from an authority that is not known here (CN = Test authority ca)"},
        {"self_signed", "localhost", "ca", "is self-signed"},
        {"self_signed", "localhost", "", "is self-signed"},
    };
    for (const Case& one : cases) {
        for (const char* scheme : {"wss", "https"}) {
            TlsBehaviour behaviour;
            behaviour.certificate = one.certificate;
            const Error error = refusal(Client{scheme, one.host, one.ca}, behaviour);
            EXPECT_EQ(error.code, Errc::refused) << one.certificate;
            EXPECT_NE(error.context.find(one.says), std::string::npos) << error.context;
            EXPECT_EQ(error.context.find("secret-key"), std::string::npos) << error.context;
            EXPECT_EQ(error.context.find("TLS with " + std::string{scheme} + "://" + one.host), 0U)
                << error.context;
        }
    }
}

TEST(TlsFaults, BelievesASelfSignedCertificateThatIsItsOwnAuthority) {
    TlsBehaviour behaviour;
    behaviour.certificate = "self_signed";
    with_front(Client{"wss", "localhost", "self_signed"}, behaviour, answer_any_with_chain_id,
               [](World& world) -> Task<void> {
                   const Result<void> connected = co_await world.endpoint.connect();
                   EXPECT_TRUE(connected.has_value());
               });
}

TEST(TlsFaults, WantsAnAuthorityThatCanBeRead) {
    for (const char* name : {"absent", "good.key/..", "request"}) {
        const Error error = refusal(Client{"wss", "localhost", name}, {});
        EXPECT_EQ(error.code, Errc::config_invalid) << error.context;
        EXPECT_NE(error.context.find(name), std::string::npos) << error.context;
    }
}

TEST(TlsFaults, TellsOtherTroubleFromABadCertificate) {
    struct Case {
        Handshake handshake;
        Errc code;
        const char* says;
    };
    const std::vector<Case> cases{
        {Handshake::hang_up, Errc::disconnected, "hung up during the TLS handshake"},
        {Handshake::outdated, Errc::disconnected, "protocol"},
        {Handshake::plain, Errc::disconnected, "does not speak TLS"},
    };
    for (const Case& one : cases) {
        TlsBehaviour behaviour;
        behaviour.handshake = one.handshake;
        const Error error = refusal(Client{}, behaviour);
        EXPECT_EQ(error.code, one.code) << error.context;
        EXPECT_NE(error.context.find(one.says), std::string::npos) << error.context;
    }
}

TEST(TlsFaults, DoesNotWaitForAHandshakeForever) {
    for (const char* scheme : {"wss", "https"}) {
        async::asio::io_context io;
        TlsBehaviour behaviour;
        behaviour.handshake = Handshake::silent;
        TlsFront front{io.get_executor(), 1, behaviour};
        rpc::EndpointParams params = tls_params(Client{scheme, "localhost", "ca"}, front.port());
        params.connect_timeout = milliseconds{150};
        rpc::Endpoint endpoint{io.get_executor(), params};
        const auto body = [&]() -> Task<void> {
            const Result<void> connected = co_await endpoint.connect();
            EXPECT_FALSE(connected.has_value());
            EXPECT_EQ(connected.error().code, Errc::timed_out) << connected.error().context;
        };
        const auto begun = std::chrono::steady_clock::now();
        async::run_task(io, async::all_of(front.run(), body()));
        EXPECT_LT(std::chrono::steady_clock::now() - begun, milliseconds{2'000});
    }
}

TEST(TlsFaults, MovesLargeMessagesUnharmed) {
    std::string largest;
    const auto script = [&largest](const Asked& asked) -> std::vector<Step> {
        if (asked.text.size() > largest.size()) largest = asked.text;
        return {reply(asked, '"' + std::string(1'000'000, 'v') + '"')};
    };
    for (const char* scheme : {"wss", "https"}) {
        largest.clear();
        with_front(Client{scheme, "localhost", "ca"}, {}, script, [&](World& world) -> Task<void> {
            const Result<void> connected = co_await world.endpoint.connect();
            EXPECT_TRUE(connected.has_value());
            const Bytes raw(400'000, 0xAB);
            static_cast<void>(co_await world.endpoint.send_raw_transaction(raw));
            const auto version = co_await world.endpoint.client_version();
            EXPECT_TRUE(version.has_value());
            std::size_t bytes = 0;
            for (std::size_t at = largest.find("0xabab") + 2; largest.compare(at, 2, "ab") == 0; at += 2)
                ++bytes;
            EXPECT_EQ(bytes, raw.size());
        });
    }
}

TEST(TlsFaults, ConnectsAgainAndDeliversSubscriptions) {
    int asked_chain = 0;
    const auto script = [&asked_chain](const Asked& asked) -> std::vector<Step> {
        if (asked.method == "eth_chainId" && ++asked_chain <= 2) return {drop()};
        if (asked.method == "eth_subscribe") return {reply(asked, "\"0x9\"")};
        return {reply(asked, "\"0x7a69\"")};
    };
    async::asio::io_context io;
    ScriptedNode node{io.get_executor(), script};
    TlsFront front{io.get_executor(), port_of(node.ws_url()), {}};
    rpc::EndpointParams params = tls_params(Client{}, front.port());
    params.chain_id = ChainId{31337};
    rpc::Endpoint endpoint{io.get_executor(), params};
    const auto body = [&]() -> Task<void> {
        const auto ready = co_await endpoint.wait_connected(milliseconds{5'000});
        EXPECT_TRUE(ready.has_value());
        EXPECT_EQ(front.sessions(), 3U);
        const auto heads = co_await endpoint.subscribe_heads();
        EXPECT_TRUE(heads.has_value());
    };
    async::run_task(io, async::all_of(node.run(), front.run(), endpoint.keep_connected(), body()));
}

TEST(TlsFaults, DoesNotHurryBackToACertificateThatIsNotBelieved) {
    async::asio::io_context io;
    TlsBehaviour behaviour;
    behaviour.certificate = "expired";
    TlsFront front{io.get_executor(), 1, behaviour};
    rpc::EndpointParams params = tls_params(Client{}, front.port());
    params.reconnect = {milliseconds{1}, milliseconds{60'000}};
    rpc::Endpoint endpoint{io.get_executor(), params};
    const auto body = [&]() -> Task<void> {
        const auto ready = co_await endpoint.wait_connected(milliseconds{300});
        EXPECT_FALSE(ready.has_value());
        EXPECT_EQ(ready.error().code, Errc::refused) << ready.error().context;
    };
    async::run_task(io, async::all_of(front.run(), endpoint.keep_connected(), body()));
}

}  // namespace
}  // namespace plimsoll::faults
