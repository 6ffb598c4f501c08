// SPDX-License-Identifier: Apache-2.0
#include "signer/lanes/relay_signature.hpp"

#include "chain/primitives/hex.hpp"
#include "signer/keys/private_file.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <string>

namespace plimsoll::signer {
namespace {

constexpr std::string_view kRelaySecret = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

std::string relay_key_file(const std::string& name, std::string_view content) {
    const std::string path = testing::TempDir() + "relay-" + std::to_string(::getpid()) + "-" + name;
    std::filesystem::remove(path);
    EXPECT_TRUE(write_private_file(path, content).has_value());
    return path;
}

struct Case {
    std::string_view body;
    std::string_view header;
};

// Made by viem 2.37.6: privateKeyToAccount(key).signMessage({ message: keccak256(body) }).
constexpr Case kCases[] = {
    {"",
     "0xFCAd0B19bB29D4674531d6f115237E16AfCE377c:"
     "0x86de857360a58d570615b792652cff134580573aa8305f40cc0440f11d3a7f1c4c00276bddce836078933140e5d97511"
     "599460268996c16bba21abeb5e8062be1c"},
    {R"({"jsonrpc":"2.0","id":1,"method":"eth_sendBundle","params":[{"txs":["0x02f8"],"blockNumber":"0x10"}]})",
     "0xFCAd0B19bB29D4674531d6f115237E16AfCE377c:"
     "0x48ffb77f22213f6109672a877cf30b3222e71e85c1b4134c5ee1dad4d210ef3354123e4eb58fb0429b05ffe31d729fc3"
     "583051db25ee5837b9dfba2925b930c51b"},
    {R"({"jsonrpc":"2.0","id":7,"method":"eth_cancelPrivateTransaction","params":[{"txHash":"0x00"}]})",
     "0xFCAd0B19bB29D4674531d6f115237E16AfCE377c:"
     "0xf74effcd8c2230d999516edb598ef174ddf04481ae44190d30729ec5b73c5fb26a2ddfec38a29142affcfc16ac75d117"
     "e5b148d7af0e0368eb819826667e74af1b"},
};

TEST(RelaySignature, IsWhatAnIndependentImplementationMakesOfTheSameBytes) {
    const std::string path = relay_key_file("key", std::string{kRelaySecret} + "\n");
    const Result<Key> key = read_relay_key(path);
    ASSERT_TRUE(key.has_value());
    for (const Case& one : kCases)
        EXPECT_EQ(relay_signature(*key, one.body), one.header);
}

TEST(RelayKey, IsReadWithAndWithoutItsPrefix) {
    const Result<Key> key = read_relay_key(relay_key_file("prefixed", "0x" + std::string{kRelaySecret}));
    ASSERT_TRUE(key.has_value());
    EXPECT_EQ(to_string(key->address()), "0xFCAd0B19bB29D4674531d6f115237E16AfCE377c");
}

TEST(RelayKey, IsRefusedWhereItIsNoneOrOthersMayReadIt) {
    for (const std::string_view content :
         {std::string_view{}, kRelaySecret.substr(1), std::string_view{"0x"},
          std::string_view{"0000000000000000000000000000000000000000000000000000000000000000"}}) {
        const Result<Key> key = read_relay_key(relay_key_file("wrong", content));
        ASSERT_FALSE(key.has_value());
        EXPECT_EQ(key.error().context.find("456789abcdef"), std::string::npos);
    }
    const std::string path = relay_key_file("open", kRelaySecret);
    ASSERT_EQ(::chmod(path.c_str(), 0644), 0);
    const Result<Key> open = read_relay_key(path);
    ASSERT_FALSE(open.has_value());
    EXPECT_EQ(open.error().code, Errc::refused);
    EXPECT_FALSE(read_relay_key("/nonexistent/relay.key").has_value());
}

}  // namespace
}  // namespace plimsoll::signer
