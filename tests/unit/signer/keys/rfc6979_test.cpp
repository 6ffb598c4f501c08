// SPDX-License-Identifier: Apache-2.0
#include "signer/keys/rfc6979.hpp"

#include "chain/primitives/hash.hpp"
#include "chain/primitives/hex.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <array>
#include <string_view>

namespace plimsoll::signer {
namespace {

using Word = std::array<std::uint8_t, 32>;

Word word(std::string_view hex) {
    return parse_hash(hex).value().bytes;
}

Word ours(const Word& digest, const Word& key, unsigned attempt = 0, void* entropy = nullptr) {
    Word out{};
    EXPECT_EQ(plimsoll_nonce_rfc6979(out.data(), digest.data(), key.data(), nullptr, entropy, attempt), 1);
    return out;
}

Word theirs(const Word& digest, const Word& key, unsigned attempt = 0, void* entropy = nullptr) {
    Word out{};
    EXPECT_EQ(
        secp256k1_nonce_function_rfc6979(out.data(), digest.data(), key.data(), nullptr, entropy, attempt),
        1);
    return out;
}

TEST(Rfc6979, MakesTheNoncesThatAreKnown) {
    // secp256k1 with SHA-256, as kept by trezor-crypto and the Bitcoin wiki: key 1, "Satoshi Nakamoto"; key
    // n - 1, the same words.
    const Word digest = word("0xa0dc65ffca799873cbea0ac274015b9526505daaaed385155425f7337704883e");
    EXPECT_EQ(ours(digest, word("0x0000000000000000000000000000000000000000000000000000000000000001")),
              word("0x8f8a276c19f4149656b280621e358cce24f5f52542772691ee69063b74f15d15"));
    EXPECT_EQ(ours(digest, word("0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364140")),
              word("0x33a19b60e25fb6f4435af53a3d42d493644827367e6453928554f43e49aa6f90"));
}

TEST(Rfc6979, IsTheLibrarysWhereDigestsAreAtTheirEnds) {
    const Word key = word("0x00000000000000000000000000000000000000000000000000000000deadbeef");
    for (const std::string_view digest :
         {"0x0000000000000000000000000000000000000000000000000000000000000000",
          "0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364140",
          "0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141",
          "0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364142",
          "0xffffffffffffffffffffffffffffff0000000000000000000000000000000000",
          "0xfffffffffffffffffffffffffffffeffffffffffffffffffffffffffffffffff",
          "0xffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff"}) {
        EXPECT_EQ(ours(word(digest), key), theirs(word(digest), key)) << digest;
    }
}

RC_GTEST_PROP(Rfc6979, IsTheLibrarysByteForByte, (const Word& digest, const Word& key)) {
    RC_ASSERT(ours(digest, key) == theirs(digest, key));
}

RC_GTEST_PROP(Rfc6979, LeavesFurtherNoncesAndEntropyToTheLibrary, (Word digest, const Word& key)) {
    RC_ASSERT(ours(digest, key, 1) == theirs(digest, key, 1));
    RC_ASSERT(ours(digest, key, 1) != ours(digest, key));
    Word entropy = key;
    RC_ASSERT(ours(digest, key, 0, entropy.data()) == theirs(digest, key, 0, entropy.data()));
}

}  // namespace
}  // namespace plimsoll::signer
