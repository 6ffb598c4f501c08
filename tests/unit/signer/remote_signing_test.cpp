// SPDX-License-Identifier: Apache-2.0
#include "signer/remote_signing.hpp"

#include "signer/delegation.hpp"
#include "signer/keys/key.hpp"

#include <gtest/gtest.h>

#include <functional>

namespace plimsoll::signer {
namespace {

Key key_of(std::uint8_t fill) {
    std::array<std::uint8_t, 32> secret{};
    secret.fill(fill);
    return Key::from_secret(Secret{secret}).value();
}

Transaction asked() {
    Transaction out;
    out.chain_id = ChainId{1};
    out.nonce = Nonce{7};
    out.max_priority_fee_per_gas = Wei{std::uint64_t{1'000'000'000}};
    out.max_fee_per_gas = Wei{std::uint64_t{30'000'000'000}};
    out.gas_limit = Gas{900'000};
    out.to.emplace().bytes.fill(0xEE);
    out.data = {0x12, 0x34, 0x00, 0xFF};
    return out;
}

Bytes answer(const Transaction& fields, const Key& key) {
    return assemble(fields, key.sign(signing_hash(fields))).raw;
}

TEST(RemoteSigning, AsksForExactlyTheseFields) {
    EXPECT_EQ(
        signing_parameters(key_of(0x33).address(), asked()),
        R"([{"type":"0x2","from":"0x5CbDd86a2FA8Dc4bDdd8a8f69dBa48572EeC07FB",)"
        R"("to":"0xEeeeeEeeeEeEeeEeEeEeeEEEeeeeEeeeeeeeEEeE","gas":"0xdbba0","maxFeePerGas":"0x6fc23ac00",)"
        R"("maxPriorityFeePerGas":"0x3b9aca00","value":"0x0","nonce":"0x7","data":"0x123400ff",)"
        R"("chainId":"0x1"}])");
    Transaction creation = asked();
    creation.to.reset();
    EXPECT_THROW(static_cast<void>(signing_parameters({}, creation)), std::logic_error);
}

TEST(RemoteSigning, TakesWhatWasAskedFor) {
    const Key key = key_of(0x33);
    const auto good = check_signed(answer(asked(), key), asked(), key.address());
    ASSERT_TRUE(good);
    EXPECT_EQ(good->fields, asked());
    EXPECT_EQ(good->raw, answer(asked(), key));
}

// Scenario 74.
TEST(RemoteSigning, s74_RefusesEveryOtherTransaction) {
    const Key key = key_of(0x33);
    const std::vector<std::pair<std::string, std::function<void(Transaction&)>>> lies{
        {"chain id", [](Transaction& t) { t.chain_id = ChainId{5}; }},
        {"nonce", [](Transaction& t) { t.nonce = Nonce{8}; }},
        {"target", [](Transaction& t) { t.to->bytes[19] ^= 1U; }},
        {"target", [](Transaction& t) { t.to.reset(); }},
        {"value", [](Transaction& t) { t.value = Wei{std::uint64_t{1}}; }},
        {"calldata", [](Transaction& t) { t.data.back() ^= 1U; }},
        {"calldata", [](Transaction& t) { t.data.push_back(0); }},
        {"gas limit", [](Transaction& t) { t.gas_limit = Gas{900'001}; }},
        {"fee cap", [](Transaction& t) { t.max_fee_per_gas = t.max_fee_per_gas + Wei{std::uint64_t{1}}; }},
        {"priority fee", [](Transaction& t) { t.max_priority_fee_per_gas = Wei{}; }},
        {"access list", [](Transaction& t) { t.access_list.resize(1); }},
        {"type",
         [](Transaction& t) {
             t.type = TransactionType::legacy;
             t.max_priority_fee_per_gas = t.max_fee_per_gas;
         }},
        {"type",
         [](Transaction& t) {
             t.type = TransactionType::access_list;
             t.max_priority_fee_per_gas = t.max_fee_per_gas;
         }},
    };
    for (const auto& [what, lie] : lies) {
        Transaction fields = asked();
        lie(fields);
        const auto verdict = check_signed(answer(fields, key), asked(), key.address());
        ASSERT_FALSE(verdict) << what;
        EXPECT_EQ(verdict.error().code, Errc::malformed_reply);
        EXPECT_EQ(verdict.error().context, "the signer changed the " + what);
    }
}

TEST(RemoteSigning, s74_RefusesAnotherKeyAndAMalleableSignature) {
    const Key key = key_of(0x33);
    const auto foreign = check_signed(answer(asked(), key_of(0x44)), asked(), key.address());
    ASSERT_FALSE(foreign);
    EXPECT_NE(foreign.error().context.find("another key"), std::string::npos);

    // The same signature with n - s and the other parity is valid mathematics and another hash.
    Signature high = key.sign(signing_hash(asked()));
    const U256 order = U256::from_limbs(
        {0xBFD25E8CD0364141ULL, 0xBAAEDCE6AF48A03BULL, 0xFFFFFFFFFFFFFFFEULL, 0xFFFFFFFFFFFFFFFFULL});
    high.s = Hash32::from_u256(order - high.s.as_u256());
    high.y_parity ^= 1U;
    EXPECT_FALSE(check_signed(assemble(asked(), high).raw, asked(), key.address()));
    Signature turned = key.sign(signing_hash(asked()));
    turned.y_parity ^= 1U;
    EXPECT_FALSE(check_signed(assemble(asked(), turned).raw, asked(), key.address()));
}

TEST(RemoteSigning, s74_RefusesEveryTruncationAndEveryFlippedBit) {
    const Key key = key_of(0x33);
    const Bytes good = answer(asked(), key);
    for (std::size_t size = 0; size < good.size(); ++size)
        EXPECT_FALSE(check_signed(BytesView{good}.first(size), asked(), key.address())) << size;
    Bytes longer = good;
    longer.push_back(0);
    EXPECT_FALSE(check_signed(longer, asked(), key.address()));
    for (std::size_t bit = 0; bit < 8 * good.size(); ++bit) {
        Bytes flipped = good;
        flipped[bit / 8] ^= static_cast<std::uint8_t>(1U << (bit % 8));
        EXPECT_FALSE(check_signed(flipped, asked(), key.address())) << "bit " << bit;
    }
}

// Scenario 15. EIP-7702: the code of a delegated account is 0xef0100 and the delegate's address.
TEST(Delegation, s15_IsKnownByTheAccountsCode) {
    Bytes code{0xEF, 0x01, 0x00};
    code.resize(23, 0xAB);
    Address delegate;
    delegate.bytes.fill(0xAB);
    EXPECT_EQ(delegate_of(code), delegate);
    EXPECT_FALSE(delegate_of({}));
    EXPECT_FALSE(delegate_of(Bytes(23, 0x60)));
    for (std::size_t i = 0; i < 3; ++i) {
        Bytes other = code;
        other[i] ^= 1U;
        EXPECT_FALSE(delegate_of(other)) << i;
    }
    code.push_back(0);
    EXPECT_FALSE(delegate_of(code));
    code.resize(22);
    EXPECT_FALSE(delegate_of(code));
}

}  // namespace
}  // namespace plimsoll::signer
