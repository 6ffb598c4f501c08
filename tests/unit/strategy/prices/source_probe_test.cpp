// SPDX-License-Identifier: Apache-2.0
#include "strategy/prices/source_probe.hpp"

#include "chain/codec/abi_writer.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <vector>

namespace plimsoll::strategy {
namespace {

Address address_at(std::uint8_t number) {
    Address out;
    out.bytes[19] = number;
    return out;
}

/// Answers of a source, in the order of the probe's calls.
class Answers {
  public:
    Answers& address(std::uint8_t number) {
        return keep(codec::AbiWriter{}.address(address_at(number)).take());
    }
    Answers& number(const U256& value) { return keep(codec::AbiWriter{}.u256(value).take()); }
    Answers& revert() {
        results_.push_back({false, {}});
        return *this;
    }
    [[nodiscard]] std::span<const codec::CallResult> list() const { return results_; }

  private:
    Answers& keep(Bytes bytes) {
        bytes_.push_back(std::make_unique<Bytes>(std::move(bytes)));
        results_.push_back({true, *bytes_.back()});
        return *this;
    }
    std::vector<std::unique_ptr<Bytes>> bytes_;
    std::vector<codec::CallResult> results_;
};

TEST(SourceProbe, AProxyWithAnAggregatorIsAFeed) {
    SourceProbe probe{address_at(9)};
    ASSERT_EQ(probe.first_calls().size(), SourceProbe::kFirstCalls);
    probe.accept_first(Answers{}.address(7).number(U256{42}).revert().revert().revert().revert().list());
    EXPECT_EQ(probe.source().kind, SourceKind::feed);
    EXPECT_EQ(probe.source().first, address_at(7));
    EXPECT_TRUE(probe.second_calls().empty());
    std::unordered_map<Address, Answer> answers;
    probe.collect(answers);
    EXPECT_EQ(answers.at(address_at(7)).value, U256{42});
}

TEST(SourceProbe, ASynchronicityAdapterIsAProductOfItsTwoFeeds) {
    SourceProbe probe{address_at(9)};
    probe.accept_first(
        Answers{}.revert().number(U256{5}).address(1).address(2).number(pow10(16)).number(U256{8}).list());
    ASSERT_EQ(probe.second_calls().size(), SourceProbe::kSecondCalls);
    EXPECT_EQ(probe.second_calls()[2].to, address_at(2));
    probe.accept_second(Answers{}.address(11).number(U256{3}).address(12).number(U256::max()).list());
    EXPECT_EQ(probe.source(),
              (PriceSource{SourceKind::product, address_at(11), address_at(12), pow10(8), pow10(16)}));
    std::unordered_map<Address, Answer> answers;
    probe.collect(answers);
    EXPECT_EQ(answers.at(address_at(11)).value, U256{3});
    EXPECT_EQ(answers.at(address_at(12)).value, U256{0}) << "a negative answer is no price";
}

TEST(SourceProbe, WhateverElseIsPolled) {
    SourceProbe silent{address_at(9)};
    silent.accept_first(Answers{}.revert().number(U256{5}).revert().revert().revert().revert().list());
    EXPECT_EQ(silent.source().kind, SourceKind::polled);

    SourceProbe no_decimals{address_at(9)};
    no_decimals.accept_first(
        Answers{}.revert().number(U256{5}).address(1).address(2).number(U256{0}).number(U256{8}).list());
    EXPECT_TRUE(no_decimals.second_calls().empty());

    SourceProbe odd_leg{address_at(9)};
    odd_leg.accept_first(
        Answers{}.revert().number(U256{5}).address(1).address(2).number(U256{1}).number(U256{8}).list());
    odd_leg.accept_second(Answers{}.address(11).number(U256{3}).revert().number(U256{4}).list());
    EXPECT_EQ(odd_leg.source().kind, SourceKind::polled);

    EXPECT_TRUE(SourceProbe{Address{}}.first_calls().empty());
}

}  // namespace
}  // namespace plimsoll::strategy
