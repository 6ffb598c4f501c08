// SPDX-License-Identifier: Apache-2.0
#include "chain/fees/data_fee.hpp"

#include "chain/fees/fast_lz.hpp"
#include "chain/primitives/hex.hpp"
#include "tests/unit/chain/vector_file.hpp"

#include <gtest/gtest.h>

#include <sstream>
#include <string>

namespace plimsoll::testing {
namespace {

using fees::ArbitrumPrices;
using fees::fast_lz_size;
using fees::measure;
using fees::OpStackPrices;
using fees::TransactionSize;

Bytes from_hex(const std::string& digits) {
    return parse_hex("0x" + digits).value();
}

Bytes repeated(std::uint8_t value, std::size_t count) {
    return Bytes(count, value);
}

/// A legacy transaction of nothing, and a contract call, as op-geth's own tests have them.
const std::string kEmpty = "dd80808094095e7baea6a6c7c4c2dfeb977efac326af552d878080808080";
const std::string kContractCall =
    "02f901550a758302df1483be21b88304743f94f80e51afb613d764fa61751affd3313c190a86bb870151bd62fd12adb8e41ef24f"
    "3f000000000000000000000000000000000000000000000000000000000000006e000000000000000000000000af88d065e77c8c"
    "c2239327c5edb3a432268e5831000000000000000000000000000000000000000000000000000000000003c1e500000000000000"
    "00000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000"
    "00000000a000000000000000000000000000000000000000000000000000000000000000148c89ed219d02f1a5be012c689b4f5b"
    "731827bebe000000000000000000000000c001a033fd89cb37c31b2cba46b6466e040c61fc9b2a3675a7f5f493ebd5ad77c497f8"
    "a07cdf65680e238392693019b4092f610222e71b7cec06449cb922b93b6a12744e";

TEST(FastLz, HasTheSizesOfOpGeth) {
    EXPECT_EQ(fast_lz_size({}), 0U);
    EXPECT_EQ(fast_lz_size(repeated(0, 1000)), 21U);
    EXPECT_EQ(fast_lz_size(repeated(1, 1000)), 21U);
    EXPECT_EQ(fast_lz_size(from_hex("facade")), 4U);
    EXPECT_EQ(fast_lz_size(from_hex(kEmpty)), 31U);
    EXPECT_EQ(fast_lz_size(from_hex(kContractCall)), 202U);
}

TEST(FastLz, NeverExceedsItsUpperBound) {
    // What cannot be compressed takes one instruction for each 32 bytes.
    Bytes noise;
    std::uint64_t state = 88172645463325252ULL;
    for (std::size_t size = 0; size < 600; ++size) {
        EXPECT_LE(fast_lz_size(noise), size + (size + 31) / 32) << size;
        state ^= state << 13U;
        state ^= state >> 7U;
        state ^= state << 17U;
        noise.push_back(static_cast<std::uint8_t>(state));
    }
}

OpStackPrices of_op_geth() {
    return {Wei{std::uint64_t{1'000'000'000}}, Wei{std::uint64_t{10'000'000}}, 2, 3};
}

TEST(DataFee, OfTheEmptyTransactionIsWhatOpGethSays) {
    const TransactionSize size = measure(from_hex(kEmpty));
    EXPECT_EQ(size.calldata_gas, 480U);
    EXPECT_EQ(fees::ecotone_fee(of_op_geth(), size), Wei{std::uint64_t{960'900}});
    EXPECT_EQ(fees::fjord_fee(of_op_geth(), size), Wei{std::uint64_t{3'203'000}});
}

TEST(DataFee, IsWhatOpMainnetTook) {
    int ecotone = 0;
    int fjord = 0;
    for (const std::string& line : read_vector_lines("data_fee/op_mainnet.txt")) {
        std::istringstream in{line};
        std::string fork;
        std::uint64_t base_fee{};
        std::uint64_t blob_fee{};
        std::uint64_t gas{};
        std::uint64_t fee{};
        OpStackPrices prices;
        std::string transaction;
        in >> fork >> base_fee >> prices.base_fee_scalar >> blob_fee >> prices.blob_base_fee_scalar >> gas >>
            fee >> transaction;
        prices.l1_base_fee = Wei{base_fee};
        prices.blob_base_fee = Wei{blob_fee};
        const TransactionSize size = measure(from_hex(transaction));
        if (fork == "ecotone") {
            ++ecotone;
            EXPECT_EQ(size.calldata_gas, gas);
            EXPECT_EQ(fees::ecotone_fee(prices, size), Wei{fee});
        } else {
            ++fjord;
            EXPECT_EQ((size.fast_lz * 836'500 - 42'585'600) * 16 / 1'000'000, gas);
            EXPECT_EQ(fees::fjord_fee(prices, size), Wei{fee});
        }
    }
    EXPECT_EQ(ecotone, 1);
    EXPECT_EQ(fjord, 1);
}

TEST(DataFee, OfFjordHasALeastSize) {
    TransactionSize size;
    size.fast_lz = 170;  // 0.8365 x 170 - 42.5856 = 99.6 bytes
    const Wei least = fees::fjord_fee(of_op_geth(), size);
    EXPECT_EQ(least, fees::fjord_fee(of_op_geth(), TransactionSize{}));
    size.fast_lz = 171;
    EXPECT_GT(fees::fjord_fee(of_op_geth(), size), least);
}

TEST(DataFee, OfArbitrumIsGasOfTheTransaction) {
    TransactionSize size;
    size.fast_lz = 300;
    const ArbitrumPrices prices{Wei{std::uint64_t{16'000'000}}, Wei{std::uint64_t{10'000'000}}};
    EXPECT_EQ(fees::arbitrum_fee(prices, size), Wei{std::uint64_t{4'800'000'000}});
    EXPECT_EQ(fees::arbitrum_gas(prices, size), Gas{480});
    const ArbitrumPrices odd{Wei{std::uint64_t{1}}, Wei{std::uint64_t{7}}};
    EXPECT_EQ(fees::arbitrum_gas(odd, size), Gas{43}) << "rounded up";
    EXPECT_EQ(fees::arbitrum_gas(ArbitrumPrices{Wei{std::uint64_t{1}}, Wei{}}, size), Gas{0});
    EXPECT_THROW(static_cast<void>(
                     fees::arbitrum_gas(ArbitrumPrices{Wei{U256{1} << 200U}, Wei{std::uint64_t{1}}}, size)),
                 ArithmeticError);
}

}  // namespace
}  // namespace plimsoll::testing
