// SPDX-License-Identifier: Apache-2.0
#include "signer/draft.hpp"

#include "chain/primitives/keccak.hpp"
#include "signer/keys/key.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <array>

namespace plimsoll::signer {
namespace {

/// Everybody's hash: the portable code over all of the bytes.
Hash32 hash_of(const Bytes& bytes) {
    return keccak_detail::hash(bytes.data(), bytes.size());
}

Key draft_key() {
    std::array<std::uint8_t, 32> secret{};
    secret.fill(0x11);
    return Key::from_secret(Secret{secret}).value();
}

Transaction call_of(std::size_t size, TransactionType type = TransactionType::dynamic_fee) {
    Transaction out;
    out.type = type;
    out.chain_id = ChainId{31337};
    out.nonce = Nonce{size};
    out.max_fee_per_gas = Wei{std::uint64_t{3'000'000'000}};
    out.max_priority_fee_per_gas = out.max_fee_per_gas;
    out.gas_limit = Gas{500'000};
    out.to = Address{};
    out.data = Bytes(size, 0x42);
    return out;
}

std::size_t zeros_in_front(const Hash32& number) {
    const auto end =
        std::find_if(number.bytes.begin(), number.bytes.end(), [](std::uint8_t b) { return b != 0; });
    return static_cast<std::size_t>(end - number.bytes.begin());
}

/// The way through the draft, and everything that is told of it checked without it.
SignedTransaction signed_by_draft(const Key& key, const Transaction& fields) {
    Draft draft{fields};
    const Hash32 digest = draft.digest();
    EXPECT_EQ(digest, hash_of(unsigned_bytes(fields)));
    const Signature signature = key.sign(digest);
    SignedTransaction out = std::move(draft).signed_with(signature);
    EXPECT_EQ(out.hash, hash_of(out.raw));
    EXPECT_EQ(decode_transaction(out.raw), out);
    EXPECT_EQ(sender_of(out), key.address());
    return out;
}

TEST(Draft, SignsCallsOfEveryLength) {
    const Key key = draft_key();
    for (std::size_t size = 0; size <= 600; ++size)
        EXPECT_EQ(signed_by_draft(key, call_of(size)).fields, call_of(size));
}

// One nonce in 128 gives an r or an s that begins with zeros and is shorter on the wire.
TEST(Draft, HashesWhatItGotWhereTheLengthWasNotTheForeseenOne) {
    const Key key = draft_key();
    std::array<int, 2> short_ones{};
    for (std::uint64_t nonce = 0; nonce < 1500; ++nonce) {
        Transaction fields = call_of(400);
        fields.nonce = Nonce{nonce};
        const Signature signature = signed_by_draft(key, fields).signature;
        short_ones[0] += zeros_in_front(signature.r) > 0 ? 1 : 0;
        short_ones[1] += zeros_in_front(signature.s) > 0 ? 1 : 0;
    }
    EXPECT_GT(short_ones[0], 0);
    EXPECT_GT(short_ones[1], 0);
}

TEST(Draft, TakesNumbersOfAnyLengthForASignature) {
    Signature signature;
    for (std::size_t r = 0; r < 32; ++r) {
        for (const std::size_t s : {std::size_t{0}, r, std::size_t{31}}) {
            signature.r = {};
            signature.s = {};
            signature.r.bytes[r] = 0x80;
            signature.s.bytes[s] = 0x01;
            Draft draft{call_of(272)};
            static_cast<void>(draft.digest());
            const SignedTransaction out = std::move(draft).signed_with(signature);
            EXPECT_EQ(out.hash, hash_of(out.raw));
            EXPECT_EQ(out.raw, assemble(call_of(272), signature).raw);
        }
    }
}

TEST(Draft, SignsTheOlderTypesToo) {
    const Key key = draft_key();
    for (const TransactionType type : {TransactionType::legacy, TransactionType::access_list}) {
        for (const std::uint64_t chain : {0ULL, 1ULL, 46ULL, 47ULL, 111ULL, 31337ULL}) {
            Transaction fields = call_of(300, type);
            fields.chain_id = ChainId{chain};
            if (type == TransactionType::access_list)
                fields.access_list.push_back({Address{}, {Hash32{}, {}}});
            EXPECT_EQ(signed_by_draft(key, fields).fields, fields);
        }
    }
}

RC_GTEST_PROP(Draft, TellsWhatIsToldWithoutIt, ()) {
    Transaction fields = call_of(*rc::gen::inRange<std::size_t>(0, 2000));
    for (std::uint8_t& byte : fields.data)
        byte = *rc::gen::arbitrary<std::uint8_t>();
    fields.access_list.resize(*rc::gen::inRange<std::size_t>(0, 4));
    for (AccessListEntry& entry : fields.access_list)
        entry.storage_keys.resize(*rc::gen::inRange<std::size_t>(0, 9));
    const SignedTransaction out = signed_by_draft(draft_key(), fields);
    RC_ASSERT(out == assemble(fields, out.signature));
}

}  // namespace
}  // namespace plimsoll::signer
