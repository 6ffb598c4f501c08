// SPDX-License-Identifier: Apache-2.0
#include "chain/primitives/keccak.hpp"

#include "chain/primitives/hex.hpp"
#include "tests/unit/chain/primitives/keccak_answers.hpp"

#include <gtest/gtest.h>
#include <simdjson.h>

#include <string>
#include <vector>

namespace plimsoll::testing {
namespace {

constexpr Hash32 kTransfer = keccak256(std::string_view{"Transfer(address,address,uint256)"});
static_assert(kTransfer.bytes[0] == 0xDD && kTransfer.bytes[1] == 0xF2 && kTransfer.bytes[31] == 0xEF,
              "topics are compile-time constants");

Bytes as_bytes(const Hash32& hash) {
    return {hash.bytes.begin(), hash.bytes.end()};
}

TEST(Keccak, GivesTheKeccakTeamsKnownAnswers) {
    const std::vector<KnownKeccak> cases = known_keccak_answers();
    ASSERT_EQ(cases.size(), 256U);
    for (const KnownKeccak& known : cases)
        EXPECT_EQ(as_bytes(keccak256(BytesView{known.message})), known.digest);
}

TEST(Keccak, IsNotTheStandardisedSha3) {
    const std::vector<KnownKeccak> cases = read_keccak_answers("keccak/not_keccak_sha3_256.txt");
    ASSERT_EQ(cases.size(), 11U);
    for (const KnownKeccak& known : cases)
        EXPECT_NE(as_bytes(keccak256(BytesView{known.message})), known.digest);
}

TEST(Keccak, AgreesWithEthersOnRandomMessages) {
    simdjson::dom::parser parser;
    const std::string text = read_vector_file("keccak/ethers_hashes.json");
    std::size_t count = 0;
    for (const simdjson::dom::element item : parser.parse(text)) {
        const Bytes message = parse_hex(item["data"].get_string().value()).value();
        EXPECT_EQ(to_string(keccak256(BytesView{message})), item["keccak256"].get_string().value());
        ++count;
    }
    EXPECT_EQ(count, 257U);
}

/// FIPS-independent check of long input: the extremely long message of the Keccak team, 2^24 repetitions in
/// its original, is too slow here; a message of many blocks must equal itself in text form and differ when
/// one bit does.
TEST(Keccak, HashesManyBlocksAndNoticesEveryByte) {
    std::string message(136 * 20 + 7, 'a');
    const Hash32 whole = keccak256(std::string_view{message});
    EXPECT_EQ(whole,
              keccak256(BytesView{reinterpret_cast<const std::uint8_t*>(message.data()), message.size()}));
    for (std::size_t i = 0; i < message.size(); i += 31) {
        message[i] = 'b';
        EXPECT_NE(keccak256(std::string_view{message}), whole) << i;
        message[i] = 'a';
    }
}

template <std::size_t Size>
constexpr std::array<std::uint8_t, Size> counted() {
    std::array<std::uint8_t, Size> out{};
    for (std::size_t i = 0; i < Size; ++i)
        out[i] = static_cast<std::uint8_t>(i);
    return out;
}

template <std::size_t Size>
void expect_same_at_both_times() {
    static constexpr auto kMessage = counted<Size>();
    static constexpr Hash32 kAtCompileTime = keccak256(BytesView{kMessage});
    const Bytes message(kMessage.begin(), kMessage.end());
    EXPECT_EQ(keccak256(BytesView{message}), kAtCompileTime) << Size;
}

TEST(Keccak, GivesTheSameAtCompileTimeAndAtRunTime) {
    expect_same_at_both_times<0>();
    expect_same_at_both_times<1>();
    expect_same_at_both_times<7>();
    expect_same_at_both_times<8>();
    expect_same_at_both_times<135>();
    expect_same_at_both_times<136>();
    expect_same_at_both_times<137>();
    expect_same_at_both_times<272>();
}

}  // namespace
}  // namespace plimsoll::testing
