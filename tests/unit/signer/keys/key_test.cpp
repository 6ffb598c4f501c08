// SPDX-License-Identifier: Apache-2.0
#include "signer/keys/key.hpp"

#include "chain/primitives/hex.hpp"
#include "chain/primitives/keccak.hpp"
#include "tests/unit/signer/keys/printable.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <type_traits>

namespace plimsoll::signer {
namespace {

static_assert(!std::is_copy_constructible_v<Secret> && !std::is_copy_assignable_v<Secret>);
static_assert(!std::is_copy_constructible_v<Key> && !std::is_copy_assignable_v<Key>);
static_assert(std::is_nothrow_move_constructible_v<Secret>);
static_assert(!Printable<Secret> && !Printable<Key>);
static_assert(!std::equality_comparable<Secret>);

std::array<std::uint8_t, 32> secret_bytes(std::string_view hex) {
    std::array<std::uint8_t, 32> out{};
    const Bytes bytes = parse_hex(hex).value();
    std::copy(bytes.begin(), bytes.end(), out.begin());
    return out;
}

Result<Key> key_of(std::string_view hex) {
    std::array<std::uint8_t, 32> bytes = secret_bytes(hex);
    return Key::from_secret(Secret{bytes});
}

TEST(Key, WipesWhereTheSecretCameFrom) {
    std::array<std::uint8_t, 32> source{};
    source.fill(0x55);
    Secret first{source};
    EXPECT_EQ(source, (std::array<std::uint8_t, 32>{}));
    const Secret second{std::move(first)};
    EXPECT_EQ(second.reveal()[31], 0x55);
    // NOLINTNEXTLINE(bugprone-use-after-move): that it is wiped is the rule under test.
    EXPECT_TRUE(
        std::all_of(first.reveal().begin(), first.reveal().end(), [](std::uint8_t b) { return b == 0; }));
}

TEST(Key, RefusesWhatIsNoPrivateKey) {
    const auto code = [](std::string_view hex) { return key_of(hex).error().code; };
    EXPECT_EQ(code("0x0000000000000000000000000000000000000000000000000000000000000000"),
              Errc::key_unavailable);
    EXPECT_EQ(code("0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141"),
              Errc::key_unavailable);
    EXPECT_TRUE(key_of("0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364140"));
    EXPECT_EQ(key_of("0xffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff")
                  .error()
                  .context.find("ffff"),
              std::string::npos);
}

TEST(Key, SignsWithTheNonceOfRfc6979) {
    // Known answers for secp256k1 with SHA-256, as kept by trezor-crypto and the Bitcoin wiki: key 1,
    // "Satoshi Nakamoto".
    const Key key = key_of("0x0000000000000000000000000000000000000000000000000000000000000001").value();
    const Hash32 digest =
        parse_hash("0xa0dc65ffca799873cbea0ac274015b9526505daaaed385155425f7337704883e").value();
    const Signature signature = key.sign(digest);
    EXPECT_EQ(to_string(signature.r), "0x934b1ea10a4b3c1757e2b0c017d0b6143ce3c9a7e6a4a49860d7a6ab210ee3d8");
    EXPECT_EQ(to_string(signature.s), "0x2442ce9d2b916064108014783e923ec36b49743e2ffa1c4496f01a512aafd9e5");
}

RC_GTEST_PROP(Key, SignaturesAreLowSDeterministicAndRecoverable, ()) {
    std::array<std::uint8_t, 32> secret = *rc::gen::arbitrary<std::array<std::uint8_t, 32>>();
    secret[31] |= 1U;    // not zero
    secret[0] &= 0x7FU;  // below the order
    const Key key = Key::from_secret(Secret{secret}).value();
    const Hash32 digest{*rc::gen::arbitrary<std::array<std::uint8_t, 32>>()};
    const Signature signature = key.sign(digest);
    RC_ASSERT(well_formed(signature));
    RC_ASSERT(signature == key.sign(digest));
    RC_ASSERT((recover(digest, signature) == key.address()));
}

TEST(Key, ThrowawayKeysDiffer) {
    const auto first = throwaway_key();
    const auto second = throwaway_key();
    ASSERT_TRUE(first && second);
    EXPECT_NE(first->address(), second->address());
}

TEST(DevKey, IsTheFirstAccountOfTheTestMnemonic) {
    const std::vector<std::string> local{"ws://127.0.0.1:8545", "http://localhost:8545/"};
    const auto key = dev_key(ChainId{31337}, local);
    ASSERT_TRUE(key);
    EXPECT_EQ(to_string(key->address()), "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266");
}

TEST(DevKey, DemandsChain31337) {
    const std::vector<std::string> local{"ws://127.0.0.1:8545"};
    for (const std::uint64_t chain : {0ULL, 1ULL, 1337ULL, 31338ULL}) {
        EXPECT_EQ(dev_key(ChainId{chain}, local).error().code, Errc::refused) << chain;
    }
}

TEST(DevKey, DemandsThatEveryEndpointIsLoopback) {
    EXPECT_EQ(dev_key(ChainId{31337}, {}).error().code, Errc::refused);
    const std::vector<std::string> mixed{"ws://127.0.0.1:8545", "ws://10.0.0.1:8545/v2/token"};
    const auto refused = dev_key(ChainId{31337}, mixed);
    EXPECT_EQ(refused.error().code, Errc::refused);
    EXPECT_EQ(refused.error().context.find("token"), std::string::npos);
}

TEST(DevKey, LoopbackIsALiteralAddressOrLocalhost) {
    for (const char* url :
         {"ws://127.0.0.1:8545", "http://127.255.0.9", "ws://[::1]:8545/x", "ws://localhost/"}) {
        EXPECT_TRUE(is_loopback(url)) << url;
    }
    for (const char* url :
         {"", "127.0.0.1:8545", "ws://127.0.0.1.example.org", "ws://127.0.0.1@example.org",
          "ws://example.org/127.0.0.1", "ws://example.org?127.0.0.1", "ws://127.0.0", "ws://127.0.0.256",
          "ws://127.1", "ws://[::1", "ws://0.0.0.0", "ws://localhost.example.org",
          "ws://example.org#@127.0.0.1", "ws://[::1].example.org:1", "ws://LOCALHOST@a"}) {
        EXPECT_FALSE(is_loopback(url)) << url;
    }
}

}  // namespace
}  // namespace plimsoll::signer
