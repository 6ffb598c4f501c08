// SPDX-License-Identifier: Apache-2.0
// Prices seen before they are mined.
#include "chain/codec/abi_writer.hpp"
#include "tests/unit/strategy/scripted/stage.hpp"

#include <gtest/gtest.h>

namespace plimsoll::strategy::scripted {
namespace {

Market near_the_line() {
    Market market = three_assets();
    const AccountId id = market.add_holder(address_of(0xA001));
    market.holders[id].collateral[kEther] = ether(10);
    market.holders[id].debt[kDollar] = dollars(15'000);  // below the line under 1875 a piece
    return market;
}

Stage staged(bool speculate) {
    const Market market = near_the_line();
    ScriptedChain chain;
    add_deep_pools(chain, market);
    EngineParams params = default_params(market);
    params.speculate = speculate;
    Stage stage{market, std::move(chain), params};
    stage.boot();
    return stage;
}

/// transmit of OCR1 with one observation, to the aggregator of `reserve`.
PendingTransaction transmission(ReserveId reserve, const Usd& price) {
    codec::AbiWriter list;
    list.u256(U256{1}).u256(price.raw());
    codec::AbiWriter report;
    report.u256(U256{1}).u256(U256{}).dynamic(list);
    codec::AbiWriter call{codec::selector("transmit(bytes,bytes32[],bytes32[],bytes32)")};
    call.bytes(report.take()).dynamic(codec::AbiWriter::array(0)).dynamic(codec::AbiWriter::array(0));
    call.u256(U256{});
    PendingTransaction out;
    out.hash = Hash32::from_u256(U256{0x7A} + price.raw());
    out.to = aggregator_of(reserve);
    out.input = call.take();
    return out;
}

TEST(PendingPrice, LeadsToAMarkedSendBehindItsTransactionAndIsCounted) {
    Stage stage = staged(true);
    const PendingTransaction pending = transmission(kEther, usd(1'850));
    stage.hold = true;
    stage.tell(pending);
    const auto sends = stage.sends();
    ASSERT_EQ(sends.size(), 1U);
    EXPECT_TRUE(sends.front().speculative);
    EXPECT_EQ(sends.front().behind, pending.hash);
    EXPECT_EQ(sends.front().block_hash, stage.heads.back().hash);
    EXPECT_EQ(stage.engine().counts().speculative_sends, 1U);
    EXPECT_EQ(stage.engine().counts().pending_prices, 1U);
    EXPECT_EQ(stage.engine().venue(0).prices()[kEther], usd(2'000));  // the book is untouched
    stage.tell(pending);                                              // from another node
    EXPECT_EQ(stage.engine().counts().pending_prices, 1U);
    // Mined: the intent is open already.
    stage.block({stage.venue().market().price_log(kEther, usd(1'850))});
    EXPECT_TRUE(stage.sends().empty());
}

TEST(PendingPrice, IsOnlyCountedWithoutSpeculation) {
    Stage stage = staged(false);
    stage.tell(transmission(kEther, usd(1'850)));
    EXPECT_TRUE(stage.take().empty());
    EXPECT_EQ(stage.engine().counts().pending_prices, 1U);
    stage.block({stage.venue().market().price_log(kEther, usd(1'850))});
    const auto sends = stage.sends();
    ASSERT_EQ(sends.size(), 1U);
    EXPECT_FALSE(sends.front().speculative);
    EXPECT_TRUE(sends.front().behind.is_zero());
}

TEST(PendingPrice, OfNoKnownAggregatorOrNoPriceMovesNothing) {
    Stage stage = staged(true);
    PendingTransaction other = transmission(kEther, usd(1'850));
    other.to = address_of(0xDEAD);
    stage.tell(other);
    PendingTransaction transfer = transmission(kEther, usd(1'850));
    transfer.input = {0xA9, 0x05, 0x9C, 0xBB};
    stage.tell(transfer);
    EXPECT_TRUE(stage.take().empty());
    EXPECT_EQ(stage.engine().counts().pending_prices, 0U);
}

TEST(PendingPrice, IsForgottenWithTheNextBlock) {
    Stage stage = staged(true);
    stage.tell(transmission(kLink, usd(9)));
    stage.block();
    stage.tell(transmission(kEther, usd(1'850)));
    ASSERT_EQ(stage.sends().size(), 1U);
    EXPECT_EQ(stage.engine().counts().pending_prices, 2U);
    stage.tell(transmission(kLink, usd(9)));  // was not mined, and is told again
    EXPECT_EQ(stage.engine().counts().pending_prices, 3U);
}

}  // namespace
}  // namespace plimsoll::strategy::scripted
