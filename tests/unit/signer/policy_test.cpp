// SPDX-License-Identifier: Apache-2.0
#include "signer/policy.hpp"

#include "signer/signing.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <limits>
#include <type_traits>

namespace plimsoll::signer {
namespace {

// Nobody but a Policy can make what sign() takes.
static_assert(!std::is_constructible_v<ApprovedTransaction, Transaction>);
static_assert(!std::is_default_constructible_v<ApprovedTransaction>);

constexpr Wei gwei(std::uint64_t amount) {
    return to_wei(Gwei{amount});
}

Key test_key() {
    std::array<std::uint8_t, 32> secret{};
    secret.fill(0x33);
    return Key::from_secret(Secret{secret}).value();
}

PolicyLimits limits() {
    PolicyLimits out;
    out.chain = ChainId{31337};
    out.sender = test_key().address();
    out.executor.bytes.fill(0xEE);
    out.selector = {1, 2, 3, 4};
    out.max_gas = Gas{2'000'000};
    out.max_fee_per_gas = gwei(100);
    out.max_spend = cost(Gas{2'000'000}, gwei(50));
    return out;
}

Transaction execute() {
    Transaction out;
    out.chain_id = ChainId{31337};
    out.nonce = Nonce{3};
    out.max_fee_per_gas = gwei(20);
    out.max_priority_fee_per_gas = gwei(1);
    out.gas_limit = Gas{2'000'000};
    out.to = limits().executor;
    out.data = {1, 2, 3, 4, 5};
    return out;
}

Transaction cancel() {
    Transaction out = execute();
    out.to = limits().sender;
    out.data.clear();
    out.gas_limit = Gas{21'000};
    return out;
}

/// With nothing spent and no budget.
tl::expected<ApprovedTransaction, Refusal> approve(const PolicyLimits& within, Purpose purpose,
                                                   const Transaction& fields, const Wei& data_fee = {}) {
    SpendLedger spends{SpendLimits{}};
    return Policy{within}.approve(spends, 1, purpose, fields, data_fee);
}

tl::expected<SignedTransaction, Refusal> sign_within(const PolicyLimits& within, const Transaction& fields) {
    SpendLedger spends{SpendLimits{}};
    return approve_and_sign(Policy{within}, spends, test_key(), 1, Purpose::execute, fields);
}

TEST(Policy, AgreesToACallOfTheExecutorAndToACancellation) {
    EXPECT_TRUE(approve(limits(), Purpose::execute, execute()));
    EXPECT_TRUE(approve(limits(), Purpose::cancel, cancel()));
}

// 0.04 ether of gas out of 0.1: what is left of the budget decides, and what is agreed to is taken off it.
TEST(Policy, AsksWhatIsLeftOfTheBudgetAndTakesItsPart) {
    SpendLimits budget;
    budget.per_hour = cost(Gas{2'000'000}, gwei(50));
    const Wei one = cost(Gas{2'000'000}, gwei(20));
    const Policy policy{limits()};
    SpendLedger spends{budget};
    EXPECT_TRUE(policy.approve(spends, 1, Purpose::execute, execute()));
    EXPECT_EQ(spends.open(), one);
    Transaction second = execute();
    second.nonce = Nonce{4};
    EXPECT_TRUE(policy.approve(spends, 2, Purpose::execute, second, gwei(1)));
    EXPECT_EQ(spends.open(), one + one + gwei(1)) << "a rollup's fee for the bytes counts too";
    Transaction third = execute();
    third.nonce = Nonce{5};
    const auto refused = policy.approve(spends, 3, Purpose::execute, third);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().reason, RefusalReason::spend_budget);
    SpendLedger poor{SpendLimits{}};
    poor.balance(one - Wei{std::uint64_t{1}});
    EXPECT_EQ(policy.approve(poor, 1, Purpose::execute, execute()).error().reason,
              RefusalReason::balance_low);
    third.value = Wei{std::uint64_t{1}};
    EXPECT_FALSE(policy.approve(spends, 4, Purpose::execute, third));
    EXPECT_EQ(spends.open(), one + one + gwei(1)) << "what is refused is not charged";
}

TEST(Policy, TheDataFeeCountsAsSpending) {
    PolicyLimits within = limits();
    within.max_spend = cost(Gas{2'000'000}, gwei(20)) + gwei(7);
    EXPECT_TRUE(approve(within, Purpose::execute, execute(), gwei(7)));
    for (const Wei& data_fee : {gwei(8), Wei{U256::max()}}) {
        const auto refused = approve(within, Purpose::execute, execute(), data_fee);
        ASSERT_FALSE(refused);
        EXPECT_EQ(refused.error().reason, RefusalReason::spend_over_limit);
        EXPECT_NE(refused.error().text.find("for its bytes"), std::string::npos);
    }
}

struct Case {
    const char* name;
    RefusalReason reason;
    std::function<void(Transaction&)> change;
};

TEST(Policy, RefusesEveryOtherCallWithItsReason) {
    const Case cases[]{
        {"chain", RefusalReason::wrong_chain, [](Transaction& t) { t.chain_id = ChainId{1}; }},
        {"target", RefusalReason::wrong_target, [](Transaction& t) { t.to->bytes[0] = 0; }},
        {"target is the sender", RefusalReason::wrong_target, [](Transaction& t) { t.to = limits().sender; }},
        {"creation", RefusalReason::wrong_target, [](Transaction& t) { t.to.reset(); }},
        {"selector", RefusalReason::wrong_selector, [](Transaction& t) { t.data[3] = 9; }},
        {"short calldata", RefusalReason::wrong_selector,
         [](Transaction& t) {
             t.data = {1, 2, 3};
         }},
        {"no calldata", RefusalReason::wrong_selector, [](Transaction& t) { t.data.clear(); }},
        {"value", RefusalReason::value_not_zero, [](Transaction& t) { t.value = Wei{std::uint64_t{1}}; }},
        {"access list", RefusalReason::access_list_not_empty,
         [](Transaction& t) { t.access_list.resize(1); }},
        {"gas", RefusalReason::gas_over_limit, [](Transaction& t) { t.gas_limit = Gas{2'000'001}; }},
        {"gas of a transfer", RefusalReason::gas_under_floor,
         [](Transaction& t) { t.gas_limit = Gas{21'000}; }},
        {"fee", RefusalReason::fee_over_cap,
         [](Transaction& t) { t.max_fee_per_gas = gwei(100) + Wei{std::uint64_t{1}}; }},
        {"fee of 2^256 - 1", RefusalReason::fee_over_cap,
         [](Transaction& t) { t.max_fee_per_gas = Wei{U256::max()}; }},
        {"tip", RefusalReason::tip_over_fee, [](Transaction& t) { t.max_priority_fee_per_gas = gwei(21); }},
        {"spend", RefusalReason::spend_over_limit, [](Transaction& t) { t.max_fee_per_gas = gwei(51); }},
        {"a tip in a legacy transaction", RefusalReason::wrong_type,
         [](Transaction& t) { t.type = TransactionType::legacy; }},
        {"a tip in an EIP-2930 transaction", RefusalReason::wrong_type,
         [](Transaction& t) { t.type = TransactionType::access_list; }},
        {"a legacy transaction of no chain", RefusalReason::wrong_chain,
         [](Transaction& t) {
             t.type = TransactionType::legacy;
             t.chain_id = ChainId{0};
         }},
        {"nonce", RefusalReason::nonce_exhausted,
         [](Transaction& t) { t.nonce.value = std::numeric_limits<std::uint64_t>::max(); }},
    };
    for (const Case& one : cases) {
        Transaction fields = execute();
        one.change(fields);
        const auto verdict = approve(limits(), Purpose::execute, fields);
        ASSERT_FALSE(verdict) << one.name;
        EXPECT_EQ(verdict.error().reason, one.reason) << one.name;
        EXPECT_FALSE(verdict.error().text.empty()) << one.name;
    }
}

TEST(Policy, RefusesEveryCancellationButATransferOfNothingToOurselves) {
    const Case cases[]{
        {"elsewhere", RefusalReason::not_a_cancel, [](Transaction& t) { t.to = limits().executor; }},
        {"creation", RefusalReason::not_a_cancel, [](Transaction& t) { t.to.reset(); }},
        {"calldata", RefusalReason::not_a_cancel,
         [](Transaction& t) {
             t.data = {1, 2, 3, 4};
         }},
        {"gas", RefusalReason::not_a_cancel, [](Transaction& t) { t.gas_limit = Gas{21'001}; }},
        {"value", RefusalReason::value_not_zero, [](Transaction& t) { t.value = Wei{std::uint64_t{1}}; }},
        {"chain", RefusalReason::wrong_chain, [](Transaction& t) { t.chain_id = ChainId{1}; }},
        {"fee", RefusalReason::fee_over_cap, [](Transaction& t) { t.max_fee_per_gas = gwei(101); }},
    };
    for (const Case& one : cases) {
        Transaction fields = cancel();
        one.change(fields);
        const auto verdict = approve(limits(), Purpose::cancel, fields);
        ASSERT_FALSE(verdict) << one.name;
        EXPECT_EQ(verdict.error().reason, one.reason) << one.name;
    }
}

// Scenario 63: nodes answer "oversized data: transaction size 138074, limit 131072".
TEST(Policy, s63_WhatNoPoolTakesIsNotSigned) {
    PolicyLimits wide = limits();
    wide.max_gas = kTransactionGasCap;
    wide.max_spend = Wei{U256::max()};
    Transaction fields = execute();
    fields.gas_limit = kTransactionGasCap;
    std::size_t accepted = 0;
    for (const std::size_t size : {100'000U, 130'000U, 130'560U, 130'561U, 131'072U, 138'000U}) {
        fields.data.resize(size, 0xAB);
        const auto made = sign_within(wide, fields);
        if (!made) {
            EXPECT_EQ(made.error().reason, RefusalReason::data_over_limit) << size;
            continue;
        }
        EXPECT_LE(made->raw.size(), kTransactionSizeCap) << size;
        ++accepted;
    }
    EXPECT_EQ(accepted, 3U);
}

// Scenario 13: "intrinsic gas too low", "insufficient gas for floor data gas cost". EIP-7623: 21,000 and ten
// a token, of which a zero byte is one and any other four; EIP-2028 alone says 16 and 4.
TEST(Policy, s13_LessGasThanTheCalldataCostsIsNotSigned) {
    EXPECT_EQ(least_gas({}), Gas{21'000});
    EXPECT_EQ(least_gas(Bytes{0}), Gas{21'010});
    EXPECT_EQ(least_gas(Bytes{1}), Gas{21'040});
    Bytes halves(1'000);
    EXPECT_EQ(least_gas(halves), Gas{21'000 + 10 * 1'000});
    std::fill(halves.begin() + 500, halves.end(), std::uint8_t{7});
    EXPECT_EQ(least_gas(halves), Gas{21'000 + 10 * (500 + 4 * 500)});
    Transaction fields = execute();
    fields.data.assign({1, 2, 3, 4, 0, 0});
    fields.gas_limit = Gas{21'000 + 4 * 40 + 2 * 10};
    EXPECT_TRUE(approve(limits(), Purpose::execute, fields));
    fields.gas_limit = Gas{fields.gas_limit.value - 1};
    EXPECT_EQ(approve(limits(), Purpose::execute, fields).error().reason, RefusalReason::gas_under_floor);
}

TEST(Policy, NoConfiguredLimitLiftsTheGasCapOfEip7825) {
    PolicyLimits wide = limits();
    wide.max_gas = Gas{100'000'000};
    wide.max_spend = Wei{U256::max()};
    Transaction fields = execute();
    fields.gas_limit = kTransactionGasCap;
    EXPECT_TRUE(approve(wide, Purpose::execute, fields));
    fields.gas_limit = kTransactionGasCap.next();
    EXPECT_EQ(approve(wide, Purpose::execute, fields).error().reason, RefusalReason::gas_over_limit);
}

TEST(Policy, AnAbsurdFeeCapDoesNotOverflowTheSpendCheck) {
    PolicyLimits wide = limits();
    wide.max_fee_per_gas = Wei{U256::max()};
    Transaction fields = execute();
    fields.max_fee_per_gas = Wei{U256::max()};
    EXPECT_EQ(approve(wide, Purpose::execute, fields).error().reason, RefusalReason::spend_over_limit);
}

TEST(Signing, WhatThePolicyRefusesIsNotSigned) {
    Transaction fields = execute();
    fields.value = Wei{std::uint64_t{1}};
    const auto refused = sign_within(limits(), fields);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().reason, RefusalReason::value_not_zero);
}

TEST(Signing, TheSenderIsTheKeysAddress) {
    const auto made = sign_within(limits(), execute());
    ASSERT_TRUE(made);
    EXPECT_EQ(made->fields, execute());
    EXPECT_EQ(sender_of(*made), test_key().address());
    EXPECT_EQ(decode_transaction(made->raw), *made);
}

TEST(Signing, AKeyOfAnotherSenderIsRefused) {
    PolicyLimits other = limits();
    other.sender.bytes[0] ^= 1U;
    const auto refused = sign_within(other, execute());
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().reason, RefusalReason::key_failed);
}

}  // namespace
}  // namespace plimsoll::signer
