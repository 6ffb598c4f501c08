// SPDX-License-Identifier: Apache-2.0
// What headers and receipts of the OP stack say beside those of Ethereum.
#include "tests/unit/chain/rpc/messages.hpp"

#include <gtest/gtest.h>

namespace plimsoll::rpc {
namespace {

FeeTerms terms_of(const std::string& extra_data) {
    std::string json = head_json();
    json.back() = ',';
    json += R"("extraData":")" + extra_data + R"("})";
    const Result<Message> message = read(notification("0xh", json));
    return std::get<Header>(std::get<SubscriptionMessage>(message.value()).body).fee_terms;
}

// The first is what Base and OP Mainnet put there after Holocene.
TEST(OpStackMessages, ReadsHowTheBaseFeeOfTheOpStackFollows) {
    EXPECT_EQ(terms_of("0x00000000fa00000006"), (FeeTerms{250, 6, {}}));
    EXPECT_EQ(terms_of("0x01000000fa000000060000000000030d40"),
              (FeeTerms{250, 6, Wei{std::uint64_t{200'000}}}));
    for (const char* const other :
         {"0x", "0x00000000fa000000", "0x01000000fa00000006", "0x00000000fa000000060000000000030d40",
          "0x02000000fa000000060000000000030d40", "0x01000000fa000000060000000000030d4000",
          "0x6265617665726275696c642e6f7267"})
        EXPECT_EQ(terms_of(other), FeeTerms{}) << other;
}

std::string receipt_json(const std::string& price, const std::string& more = "") {
    return R"({"id":1,"result":{"transactionHash":)" + word('a') + R"(,"blockHash":)" + word('b') +
           R"(,"blockNumber":"0x10","transactionIndex":"0x0","gasUsed":"0x61a80","logs":[],"status":"0x1",)" +
           R"("effectiveGasPrice":")" + price + '"' + more + "}}";
}

TEST(OpStackMessages, ReadsWhatAReceiptOfTheOpStackSaysOfTheBytes) {
    const auto l1_fee = [](const std::string& more) {
        const Reply reply = read_reply(receipt_json("0xf4240", more), Method::transaction_receipt);
        return std::get<Receipt>(*reply.answer).l1_fee;
    };
    EXPECT_EQ(l1_fee(R"(,"l1Fee":"0x2386f26fc1","l1GasPrice":"0x1","l1GasUsed":"0x640")"),
              Wei{std::uint64_t{0x2386f26fc1}});
    EXPECT_EQ(l1_fee(""), Wei{});
    EXPECT_EQ(l1_fee(R"(,"l1Fee":null)"), Wei{});
    const std::string absurd = "0x" + std::string(64, 'f');
    EXPECT_FALSE(read_reply(receipt_json(absurd), Method::transaction_receipt).answer.has_value());
    const std::string lie = receipt_json("0x1", R"(,"l1Fee":")" + absurd + '"');
    EXPECT_FALSE(read_reply(lie, Method::transaction_receipt).answer.has_value());
}

TEST(OpStackMessages, ReadsWhatAReceiptOfTheOpStackSaysOfTheOperator) {
    const auto fee = [](const std::string& more) {
        const Reply reply = read_reply(receipt_json("0xf4240", more), Method::transaction_receipt);
        return std::get<Receipt>(*reply.answer).operator_fee;
    };
    // 400,000 gas; a share of 1,500,001 millionths and 7 wei, rounded down; a hundred times the share for
    // each gas on Jovian.
    const std::string terms = R"(,"operatorFeeScalar":"0x16e361","operatorFeeConstant":"0x7")";
    EXPECT_EQ(fee(terms), Wei{std::uint64_t{600'000 + 7}});
    EXPECT_EQ(fee(terms + R"(,"daFootprintGasScalar":"0x190")"),
              Wei{std::uint64_t{400'000ULL * 1'500'001 * 100 + 7}});
    EXPECT_EQ(fee(R"(,"daFootprintGasScalar":"0x190")"), Wei{});
    EXPECT_EQ(fee(R"(,"operatorFeeScalar":null,"operatorFeeConstant":null,"daFootprintGasScalar":null)"),
              Wei{});
}

// On Ethereum the same field counts blobs, which have a base fee of their own.
TEST(OpStackMessages, TheFootprintOfItsDataIsGasUsedOfAJovianBlockOnly) {
    const auto used = [](const std::string& extra, const std::string& blobs) {
        std::string json = head_json();
        json.back() = ',';
        json += R"("extraData":")" + extra + R"(","blobGasUsed":)" + blobs + '}';
        return std::get<Header>(std::get<SubscriptionMessage>(read(notification("0xh", json)).value()).body)
            .head.gas_used.value;
    };
    const std::string jovian = "0x01000000fa000000060000000000030d40";
    const std::string holocene = "0x00000000fa00000006";
    const std::uint64_t gas = used(jovian, R"("0x0")");
    EXPECT_GT(gas, 0U);
    EXPECT_EQ(used(jovian, R"("0x7fffffff")"), 0x7fffffffU);
    EXPECT_EQ(used(jovian, "null"), gas);
    EXPECT_EQ(used(holocene, R"("0x7fffffff")"), gas);
    EXPECT_EQ(used("0x", R"("0x7fffffff")"), gas);
}

}  // namespace
}  // namespace plimsoll::rpc
