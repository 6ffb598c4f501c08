// SPDX-License-Identifier: Apache-2.0
// What nodes say about how long to wait and how much to ask, verbatim.
#include "chain/rpc/log_range_hint.hpp"
#include "chain/rpc/needed_fee_hint.hpp"
#include "chain/rpc/retry_hint.hpp"
#include "chain/rpc/transport.hpp"

#include <gtest/gtest.h>

#include <string>

namespace plimsoll::rpc {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

struct Wait {
    const char* text;
    std::optional<milliseconds> expected;
};

TEST(RetryHint, ReadsMessages) {
    const Wait cases[] = {
        {"rate limited, try again in 4ms", milliseconds{4}},
        {"Rate limited, Try Again In 2 seconds.", seconds{2}},
        {"too many requests, retry in 1m30s", seconds{90}},
        {"please retry after 1.5s", milliseconds{1'500}},
        {"retry after 10", seconds{10}},
        {"try again in 0s", milliseconds{0}},
        {"try again in 99999999999999999999 minutes", seconds{86'400}},
        {"try again in inf", seconds{86'400}},
        {"try again in nan s", milliseconds{0}},
        {"try again in -3s", milliseconds{0}},
        {"try again in a minute", std::nullopt},
        {"try again in ", std::nullopt},
        {"100/second request limit reached - reduce calls per second", std::nullopt},
        {"", std::nullopt},
    };
    for (const Wait& c : cases)
        EXPECT_EQ(retry_hint::in_message(c.text), c.expected) << c.text;
}

TEST(RetryHint, ReadsSecondsAndHeaders) {
    EXPECT_EQ(retry_hint::in_seconds("30.0"), seconds{30});
    EXPECT_EQ(retry_hint::in_seconds("0"), seconds{0});
    EXPECT_EQ(retry_hint::in_seconds("\"30\""), std::nullopt);
    EXPECT_EQ(retry_hint::in_seconds(""), std::nullopt);
    EXPECT_EQ(retry_hint::in_seconds("1e9"), std::nullopt);
    EXPECT_EQ(retry_hint::in_header("120", ""), seconds{120});
    constexpr const char* kNow = "Wed, 28 Feb 2024 23:59:30 GMT";
    EXPECT_EQ(retry_hint::in_header("Thu, 29 Feb 2024 00:00:10 GMT", kNow), seconds{40});
    EXPECT_EQ(retry_hint::in_header("Wed, 28 Feb 2024 23:00:00 GMT", kNow), seconds{0});
    EXPECT_EQ(retry_hint::in_header("Thu, 29 Feb 2024 00:00:10 GMT", ""), std::nullopt)
        << "no clock to go by";
    EXPECT_EQ(retry_hint::in_header("Fri, 31 Feb 2024 00:00:10 GMT", kNow), std::nullopt);
    EXPECT_EQ(retry_hint::in_header("Thu, 29 anF 2024 00:00:10 GMT", kNow), std::nullopt);
    EXPECT_EQ(retry_hint::in_header("soon", kNow), std::nullopt);
    EXPECT_EQ(retry_hint::in_header("Fri, 01 Jan 9999 00:00:00 GMT", kNow), seconds{86'400});
}

struct Range {
    const char* text;
    std::uint64_t from;
    std::uint64_t to;
    std::uint64_t blocks;  // 0: no hint
    bool lasting;
};

constexpr const char* kAlchemy =
    "Log response size exceeded. You can make eth_getLogs requests with up to a 2K block range and no limit "
    "on "
    "the response size, or you can request any block range with a cap of 10K logs in the response. Based on "
    "your parameters and the response size limit, this block range should work: [0x0, 0x133e71]";
constexpr const char* kInfura =
    "query returned more than 10000 results. Try with this block range [0xCB3D, 0x7B737].";

TEST(LogRangeHint, ReadsWhatProvidersOffer) {
    const Range cases[] = {
        {kAlchemy, 0, 0xffffff, 0x133e72, false},
        {kAlchemy, 0x100, 0xffffff, 0x133e72 - 0x100, false},
        {kInfura, 0xCB3D, 0xffffff, 0x7B737 - 0xCB3D + 1, false},
        {kInfura, 1, 1'000'000, 0x7B737 - 0xCB3D + 1, false},  // of another stretch: its length
        {kInfura, 0xCB3D, 0xCB3D + 100, 0, false},             // more than was asked: no help
        {"eth_getLogs is limited to a 10,000 range", 0, 16'777'216, 10'000, true},
        {"eth_getLogs is limited to a 10,000 range", 0, 9'999, 0, false},
        {"requested too many blocks from 0 to 16777216, maximum is set to 2048", 0, 16'777'216, 2'048, true},
        {"you can make eth_getLogs requests with up to a 2K block range", 0, 16'777'216, 2'000, true},
        {"exceed maximum block range: 50000", 0, 16'777'216, 50'000, true},
        {"query returned more than 10000 results", 0, 16'777'216, 0, false},
        {"block range [0x5, 0x1]", 0, 100, 0, false},
        {"block range [0x, 0x1]", 0, 100, 0, false},
        {"block range [0x1, 0xfffffffffffffffffffff]", 0, 100, 0, false},
        {"limited to a 0 range", 0, 100, 0, false},
        {"limited to a 99999999999999999999999 range", 0, 100, 0, false},
        {"", 0, 100, 0, false},
    };
    for (const Range& c : cases) {
        const auto hint = parse_log_range_hint(c.text, BlockNumber{c.from}, BlockNumber{c.to});
        EXPECT_EQ(hint ? hint->blocks : 0, c.blocks) << c.text;
        EXPECT_EQ(hint && hint->lasting, c.lasting) << c.text;
    }
}

TEST(CloseError, TellsALimitFromALoss) {
    EXPECT_EQ(close_error(1008, "").meaning, ErrorClass::rate_limited);
    EXPECT_EQ(close_error(1013, "Try again later").meaning, ErrorClass::rate_limited);
    EXPECT_EQ(close_error(1000, "rate limited, try again in 4ms").retry_after, milliseconds{4});
    EXPECT_EQ(close_error(1008, "Monthly capacity limit exceeded.").meaning, ErrorClass::quota_ended);
    EXPECT_EQ(close_error(1009, "").meaning, ErrorClass::limit_exceeded);
    EXPECT_EQ(close_error(1006, "Connection dropped by remote peer.").meaning, ErrorClass::transport);
    EXPECT_EQ(close_error(1000, "").meaning, ErrorClass::transport);
}

TEST(NeededFeeHint, IsReadFromTheWordsOfEachNode) {
    struct Words {
        std::string_view text;
        std::uint64_t tip, fee_cap, base_fee;
    };
    constexpr std::uint64_t kGwei = 1'000'000'000;
    for (const Words& one :
         {Words{"transaction gas price below minimum: gas tip cap 25000000000, minimum needed 26000000000",
                26 * kGwei, 0, 0},
          Words{
              "call failed: transaction gas price below minimum: gas tip cap 25000000000 wei, minimum needed "
              "26000000000 wei",
              26 * kGwei, 0, 0},
          Words{"Replacement transaction underpriced. A gasPrice/maxFeePerGas of at least 22000000000 is "
                "necessary to replace the existing transaction with nonce 0.",
                0, 22 * kGwei, 0},
          Words{"Replacement transaction underpriced. A gasPrice/maxPriorityFeePerGas of at least 1100000000 "
                "is necessary to replace the existing transaction with nonce 0.",
                1'100'000'000, 0, 0},
          Words{"gas price too low: 1 wei, use at least tx.gasPrice = 2 wei", 0, 2, 0},
          Words{
              "Transaction gas price is too low. It does not satisfy your node's minimal gas price (minimal: "
              "100 got: 50). Try increasing the gas price.",
              0, 100, 0},
          Words{
              "Transaction gas price 100wei is too low. There is another transaction with same nonce in the "
              "queue with gas price 150wei. Try increasing the gas price or incrementing the nonce.",
              0, 150, 0},
          Words{
              "max fee per gas less than block base fee: address 0xC000000000000000000000000000000000000000, "
              "maxFeePerGas: 7, baseFee: 10",
              0, 0, 10},
          Words{"FeeTooLow, MaxFeePerGas too low. MaxFeePerGas: 50, BaseFee: 100, MaxPriorityFeePerGas:1, "
                "Block "
                "number: 5",
                0, 0, 100},
          Words{"Transaction maxFeePerGas (1) is too low for the next block, which has a baseFeePerGas of "
                "768851839",
                0, 0, 768'851'839},
          Words{"replacement transaction underpriced", 0, 0, 0}, Words{"minimum needed: some", 0, 0, 0},
          Words{"minimum needed 26 gwei", 0, 0, 0}, Words{"minimum needed 2.5", 0, 0, 0},
          Words{"minimum needed 1234567890123456789012345678901", 0, 0, 0},
          Words{"minimum needed", 0, 0, 0}}) {
        EXPECT_EQ(parse_needed_fee(one.text), (NeededFee{Wei{one.tip}, Wei{one.fee_cap}, Wei{one.base_fee}}))
            << one.text;
    }
}

}  // namespace
}  // namespace plimsoll::rpc
