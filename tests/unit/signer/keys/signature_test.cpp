// SPDX-License-Identifier: Apache-2.0
#include "signer/keys/signature.hpp"

#include "chain/primitives/keccak.hpp"
#include "tests/unit/signer/vector_file.hpp"

#include <gtest/gtest.h>

namespace plimsoll::signer {
namespace {

using simdjson::dom::element;
using simdjson::dom::parser;

const U256 kOrder =
    parse_quantity_hex("0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141").value();

Hash32 word(BytesView bytes) {
    Hash32 out;
    std::copy(bytes.begin(), bytes.end(), out.bytes.begin());
    return out;
}

bool recovers(const Hash32& digest, const Hash32& r, const Hash32& s, const Address& expected) {
    for (std::uint8_t parity = 0; parity < 2; ++parity) {
        if (recover(digest, Signature{r, s, parity}) == expected) return true;
    }
    return false;
}

/// The half of (s, n - s) that Ethereum takes; zero and what is not below n stay as they are.
Hash32 lower(const Hash32& s) {
    const U256 value = s.as_u256();
    if (value.is_zero() || value >= kOrder || value <= (kOrder >> 1U)) return s;
    return Hash32::from_u256(kOrder - value);
}

/// Points whose x exceeds the group order need the recovery ids 2 and 3, which Ethereum has not.
bool needs_overflow_id(const element& row) {
    const std::string comment = text_of(row["comment"]);
    return comment.find("k*G has a large x-coordinate") != std::string::npos ||
           comment.find("x with a reduction") != std::string::npos;
}

TEST(Signature, AgreesWithWycheproof) {
    parser json;
    int valid = 0;
    int invalid = 0;
    for (const std::string& line : vector_lines("signatures/wycheproof_secp256k1.jsonl")) {
        const element row = json.parse(line);
        const Bytes sig = parse_hex("0x" + text_of(row["sig"])).value();
        if (sig.size() != 64) {  // r or s has not 32 bytes: no Signature can hold it
            EXPECT_EQ(text_of(row["result"]), "invalid") << line;
            continue;
        }
        const Bytes point = parse_hex("0x" + text_of(row["publicKey"])).value();
        const Address owner = Address::from_word(keccak256(BytesView{point}.subspan(1)));
        const Hash32 digest = parse_hash("0x" + text_of(row["digest"])).value();
        const Hash32 r = word(BytesView{sig}.first(32));
        const Hash32 s = word(BytesView{sig}.subspan(32));
        const bool expected = text_of(row["result"]) == "valid" && !needs_overflow_id(row);
        EXPECT_EQ(recovers(digest, r, lower(s), owner), expected) << line;
        EXPECT_EQ(recovers(digest, r, s, owner), expected && lower(s) == s) << line;
        ++(expected ? valid : invalid);
    }
    EXPECT_GT(valid, 80);
    EXPECT_GT(invalid, 50);
}

TEST(Signature, OutOfRangeValuesAreNotWellFormed) {
    const Hash32 one = Hash32::from_u256(U256{1});
    const Hash32 half = Hash32::from_u256(kOrder >> 1U);
    EXPECT_TRUE(well_formed({one, one, 0}));
    EXPECT_TRUE(well_formed({Hash32::from_u256(kOrder - U256{1}), half, 1}));
    EXPECT_FALSE(well_formed({Hash32{}, one, 0}));
    EXPECT_FALSE(well_formed({one, Hash32{}, 0}));
    EXPECT_FALSE(well_formed({Hash32::from_u256(kOrder), one, 0}));
    EXPECT_FALSE(well_formed({one, Hash32::from_u256((kOrder >> 1U) + U256{1}), 0}));
    EXPECT_FALSE(well_formed({one, one, 2}));
    EXPECT_EQ(recover(Hash32{}, {one, one, 2}).error().code, Errc::malformed_input);
}

}  // namespace
}  // namespace plimsoll::signer
