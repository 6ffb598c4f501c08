// SPDX-License-Identifier: Apache-2.0
#include "signer/rehearsal.hpp"

#include <gtest/gtest.h>

namespace plimsoll::signer {
namespace {

PolicyLimits limits() {
    PolicyLimits out;
    out.chain = ChainId{31337};
    out.sender.bytes.fill(0xAA);
    out.executor.bytes.fill(0xEE);
    out.selector = {1, 2, 3, 4};
    out.max_gas = Gas{3'000'000};
    out.max_fee_per_gas = Wei{U256{100'000'000'000ULL}};
    out.max_spend = Wei{pow10(18)};
    return out;
}

FeeLimits fees() {
    return FeeLimits{Wei{U256{1'000'000'000ULL}}, Wei{U256{100'000'000'000ULL}}, {}};
}

Head head_at(std::uint64_t base_fee) {
    Head out;
    out.number = BlockNumber{7};
    out.base_fee = Wei{U256{base_fee}};
    out.gas_limit = Gas{30'000'000};
    out.gas_used = Gas{15'000'000};
    return out;
}

const Bytes kCall{1, 2, 3, 4, 0, 0, 0, 5};

TEST(SignerRehearsal, SignsWithAKeyThatIsNotOurs) {
    Rehearsal rehearsal = Rehearsal::of(limits(), fees()).value();
    const auto made = rehearsal.sign(head_at(10'000'000'000), kCall, Gas{1'000'000});
    ASSERT_TRUE(made);
    const auto decoded = decode_transaction(made->raw);
    ASSERT_TRUE(decoded);
    EXPECT_EQ(decoded->fields.to, limits().executor);
    EXPECT_EQ(decoded->fields.data, kCall);
    EXPECT_EQ(decoded->fields.gas_limit, Gas{1'000'000});
    const auto sender = sender_of(*decoded);
    ASSERT_TRUE(sender);
    EXPECT_NE(*sender, limits().sender);
    EXPECT_NE(*sender, sender_of(Rehearsal::of(limits(), fees())
                                     .value()
                                     .sign(head_at(10'000'000'000), kCall, Gas{1'000'000})
                                     .value())
                           .value())
        << "another key each time";
}

TEST(SignerRehearsal, AsksThePolicyAndTheFeesAsAnyOther) {
    Rehearsal rehearsal = Rehearsal::of(limits(), fees()).value();
    EXPECT_FALSE(rehearsal.sign(head_at(10'000'000'000), {9, 9, 9, 9}, Gas{1'000'000})) << "another function";
    EXPECT_FALSE(rehearsal.sign(head_at(10'000'000'000), kCall, Gas{4'000'000})) << "too much gas";
    EXPECT_FALSE(rehearsal.sign(head_at(900'000'000'000), kCall, Gas{1'000'000})) << "too dear";
    EXPECT_TRUE(rehearsal.sign(head_at(10'000'000'000), kCall, Gas{1'000'000}));
}

}  // namespace
}  // namespace plimsoll::signer
