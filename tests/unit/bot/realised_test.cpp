// SPDX-License-Identifier: Apache-2.0
#include "bot/realised.hpp"

#include "chain/codec/selector.hpp"

#include <gtest/gtest.h>

namespace plimsoll::bot {
namespace {

Address address(std::uint8_t last) {
    Address out;
    out.bytes[19] = last;
    return out;
}

const Address kExecutor = address(1);
const Address kReceiver = address(2);

Log transfer(const Address& token, const Address& from, const Address& to, std::uint64_t amount) {
    Log out;
    out.address = token;
    out.topics = {codec::topic("Transfer(address,address,uint256)"), from.to_word(), to.to_word(), Hash32{}};
    out.topic_count = 3;
    out.data.assign(Hash32::from_u256(U256{amount}).bytes);
    return out;
}

TEST(RealisedProfit, AddsTransfersFromTheExecutorToTheReceiverByToken) {
    const std::vector<Log> logs{transfer(address(10), kExecutor, kReceiver, 5),
                                transfer(address(11), kExecutor, kReceiver, 7),
                                transfer(address(10), kExecutor, kReceiver, 6)};
    const std::vector<TokenProfit> profits = realised_profit(logs, kExecutor, kReceiver);
    ASSERT_EQ(profits.size(), 2U);
    EXPECT_EQ(profits[0].token, address(10));
    EXPECT_EQ(profits[0].amount, TokenAmount{11});
    EXPECT_EQ(profits[1].amount, TokenAmount{7});
}

TEST(RealisedProfit, PassesOverWhatDoesNotReachTheReceiver) {
    Log approval = transfer(address(10), kExecutor, kReceiver, 9);
    approval.topics[0] = codec::topic("Approval(address,address,uint256)");
    Log nft = transfer(address(10), kExecutor, kReceiver, 9);
    nft.topic_count = 4;
    Log malformed = transfer(address(10), kExecutor, kReceiver, 9);
    malformed.data.resize(31);
    const std::vector<Log> logs{transfer(address(10), address(3), kReceiver, 9),
                                transfer(address(10), kExecutor, address(3), 9), approval, nft, malformed};
    EXPECT_TRUE(realised_profit(logs, kExecutor, kReceiver).empty());
}

}  // namespace
}  // namespace plimsoll::bot
