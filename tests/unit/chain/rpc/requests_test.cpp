// SPDX-License-Identifier: Apache-2.0
#include "chain/rpc/requests.hpp"

#include "chain/primitives/hex.hpp"
#include "chain/rpc/hex_quantity.hpp"
#include "chain/rpc/url.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace plimsoll::rpc {
namespace {

const Address kOne{{0x11}};
const Hash32 kTopic{{0xcc}};

std::string address_text() {
    return "0x11" + std::string(38, '0');
}
std::string hash_text() {
    return "0xcc" + std::string(62, '0');
}

TEST(Requests, AreWrittenAsTheSpecificationSays) {
    EXPECT_EQ(requests::plain(1, Method::chain_id),
              R"({"jsonrpc":"2.0","id":1,"method":"eth_chainId","params":[]})");
    EXPECT_EQ(requests::fee_history(1, 10, 60),
              R"({"jsonrpc":"2.0","id":1,"method":"eth_feeHistory","params":["0xa","latest",[60]]})");
    EXPECT_EQ(requests::block_by_tag(2, "latest"),
              R"({"jsonrpc":"2.0","id":2,"method":"eth_getBlockByNumber","params":["latest",false]})");
    EXPECT_EQ(requests::block_by_number(3, BlockNumber{255}),
              R"({"jsonrpc":"2.0","id":3,"method":"eth_getBlockByNumber","params":["0xff",false]})");
    EXPECT_EQ(requests::call(4, nullptr, kOne, Bytes{1, 2}, kTopic),
              R"({"jsonrpc":"2.0","id":4,"method":"eth_call","params":[{"to":")" + address_text() +
                  R"(","data":"0x0102"},{"blockHash":")" + hash_text() + R"("}]})");
    EXPECT_EQ(requests::send_raw_transaction(5, Bytes{0x02, 0xf8}),
              R"({"jsonrpc":"2.0","id":5,"method":"eth_sendRawTransaction","params":["0x02f8"]})");
    EXPECT_EQ(requests::unsubscribe(6, "0xab"),
              R"({"jsonrpc":"2.0","id":6,"method":"eth_unsubscribe","params":["0xab"]})");
}

TEST(Requests, LeaveOutWhatAFilterDoesNotName) {
    EXPECT_EQ(requests::subscribe_logs(1, Watch{}),
              R"({"jsonrpc":"2.0","id":1,"method":"eth_subscribe","params":["logs",{}]})");
    EXPECT_EQ(requests::subscribe_logs(1, Watch{{kOne, kOne}, {kTopic}}),
              R"({"jsonrpc":"2.0","id":1,"method":"eth_subscribe","params":["logs",{"address":[")" +
                  address_text() + "\",\"" + address_text() + R"("],"topics":[[")" + hash_text() +
                  R"("]]}]})");
    EXPECT_EQ(requests::subscribe_pending_to(1, {}),
              R"({"jsonrpc":"2.0","id":1,"method":"eth_subscribe","params":["alchemy_pendingTransactions",)"
              R"({"hashesOnly":false}]})");
    EXPECT_EQ(requests::subscribe_pending_to(1, std::vector<Address>{kOne}),
              R"({"jsonrpc":"2.0","id":1,"method":"eth_subscribe","params":["alchemy_pendingTransactions",)"
              R"({"toAddress":[")" +
                  address_text() + R"("],"hashesOnly":false}]})");
    EXPECT_EQ(requests::logs_at(1, kTopic, Watch{{}, {kTopic}}),
              R"({"jsonrpc":"2.0","id":1,"method":"eth_getLogs","params":[{"blockHash":")" + hash_text() +
                  R"(","topics":[[")" + hash_text() + R"("]]}]})");
}

RC_GTEST_PROP(HexQuantity, ReadsWhatItWrites, (std::uint64_t value)) {
    std::string text;
    append_quantity(text, value);
    const std::string inside = text.substr(1, text.size() - 2);
    RC_ASSERT(parse_quantity64(inside) == value);
    RC_ASSERT(parse_quantity(inside) == U256{value});
}

TEST(HexQuantity, ReadsAllOf256Bits) {
    EXPECT_EQ(parse_quantity("0x" + std::string(64, 'f')), U256::max());
    EXPECT_EQ(parse_quantity("0x10000000000000000"), U256::from_limbs({0, 1, 0, 0}));
    EXPECT_FALSE(parse_quantity("0x1" + std::string(64, '0')));
    EXPECT_FALSE(parse_quantity64("0x10000000000000000"));
    EXPECT_FALSE(parse_quantity("0x1000000000000000g"));
    EXPECT_FALSE(parse_quantity("0x+1"));
    EXPECT_FALSE(parse_quantity64("0x-1"));
}

TEST(Url, IsReadAndShownWithoutItsSecrets) {
    const Url url = parse_url("http://user:pass@node.example:8545/v3/0123secret?key=1").value();
    EXPECT_EQ(url.host, "node.example");
    EXPECT_EQ(url.port, "8545");
    EXPECT_EQ(url.target, "/v3/0123secret?key=1");
    EXPECT_EQ(url.authorization, "Basic dXNlcjpwYXNz");
    EXPECT_EQ(to_string(url), "http://node.example:8545/…");
    EXPECT_EQ(to_string(parse_url("ws://127.0.0.1:8545").value()), "ws://127.0.0.1:8545");
    EXPECT_EQ(to_string(parse_url("ws://[::1]:9").value()), "ws://[::1]:9");
    EXPECT_EQ(parse_url("http://host?key=1").value().target, "/?key=1");
    EXPECT_EQ(parse_url("http://host").value().port, "80");
}

TEST(Url, KnowsItsFiveSchemes) {
    const auto url = [](const char* text) { return parse_url(text).value(); };
    EXPECT_EQ(url("wss://host").port, "443");
    EXPECT_EQ(url("https://host/v2/0123secret").port, "443");
    EXPECT_EQ(to_string(url("https://host/v2/0123secret")), "https://host:443/…");
    EXPECT_EQ(host_header(url("https://host")), "host");
    EXPECT_EQ(host_header(url("wss://host:80")), "host:80");
    EXPECT_EQ(host_header(url("ws://host:80")), "host");
    EXPECT_EQ(host_header(url("http://[::1]:443")), "[::1]:443");
    EXPECT_EQ(url("ws://[fe80::1%eth0]:9").host, "fe80::1%eth0");
    EXPECT_EQ(url("ipc:///run/geth.ipc").target, "/run/geth.ipc");
    EXPECT_EQ(to_string(url("ipc:///run/geth.ipc")), "ipc:/run/geth.ipc");
    EXPECT_TRUE(is_loopback(url("ipc:///run/geth.ipc")));
    EXPECT_TRUE(is_loopback(url("wss://localhost")));
    EXPECT_FALSE(is_loopback(url("wss://localhost.example.org")));
    EXPECT_FALSE(can_subscribe(Scheme::https));
    EXPECT_TRUE(can_subscribe(Scheme::ipc));
}

TEST(Url, RefusesWithoutEchoingTheText) {
    for (const char* text : {"",
                             "node",
                             "ftp://secret",
                             "wsss://secret",
                             "wss://",
                             "https://secret:0",
                             "http://",
                             "ipc://secret/x",
                             "http://:80/secret",
                             "http://secret:0",
                             "http://secret:65536",
                             "http://secret:8a",
                             "ws://[::1",
                             "ws://a b",
                             "ws://[::1]x:1",
                             "http://secret:123456",
                             "http://[secret]",
                             "http://[[254[1]/secret",
                             "http://[::1[]",
                             "http://a[secret",
                             "http://[]"}) {
        const auto url = parse_url(text);
        ASSERT_FALSE(url) << text;
        EXPECT_EQ(url.error().code, Errc::config_invalid);
        EXPECT_EQ(url.error().context.find("secret"), std::string::npos);
    }
}

TEST(Url, KnowsThisMachine) {
    for (const char* text : {"ws://127.0.0.1:1", "http://127.9.8.7", "http://localhost:1", "ws://[::1]:1"}) {
        EXPECT_TRUE(is_loopback(parse_url(text).value())) << text;
    }
    for (const char* text :
         {"ws://127.0.0.1.example.org", "http://128.0.0.1", "http://127.0.0", "http://127.0.0.1.1",
          "http://localhost.example.org", "http://0.0.0.0", "http://127.0.0.256", "ws://[::2]:1"}) {
        EXPECT_FALSE(is_loopback(parse_url(text).value())) << text;
    }
}

}  // namespace
}  // namespace plimsoll::rpc
