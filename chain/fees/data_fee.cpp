// SPDX-License-Identifier: Apache-2.0
#include "chain/fees/data_fee.hpp"

#include "chain/fees/fast_lz.hpp"

#include <algorithm>

namespace plimsoll::fees {

namespace {

constexpr std::uint64_t kZeroByte = 4;
constexpr std::uint64_t kNonZeroByte = 16;
constexpr std::uint64_t kMillion = 1'000'000;

// Fjord's linear regression, in millionths of a byte.
constexpr std::uint64_t kIntercept = 42'585'600;  // taken off
constexpr std::uint64_t kFastLzCoefficient = 836'500;
constexpr std::uint64_t kLeastSize = 100 * kMillion;

U256 weighted_price(const OpStackPrices& prices) {
    return U256{kNonZeroByte} * U256{prices.base_fee_scalar} * prices.l1_base_fee.raw() +
           U256{prices.blob_base_fee_scalar} * prices.blob_base_fee.raw();
}

}  // namespace

TransactionSize measure(BytesView transaction) {
    TransactionSize out;
    out.bytes = transaction.size();
    const auto zeros =
        static_cast<std::uint64_t>(std::count(transaction.begin(), transaction.end(), std::uint8_t{0}));
    out.calldata_gas = zeros * kZeroByte + (out.bytes - zeros) * kNonZeroByte;
    out.fast_lz = fast_lz_size(transaction);
    return out;
}

Wei ecotone_fee(const OpStackPrices& prices, const TransactionSize& size) {
    return Wei{U256{size.calldata_gas} * weighted_price(prices) / U256{kNonZeroByte * kMillion}};
}

Wei fjord_fee(const OpStackPrices& prices, const TransactionSize& size) {
    const U256 compressed = U256{size.fast_lz} * U256{kFastLzCoefficient};
    const U256 estimate = compressed - std::min(compressed, U256{kIntercept});
    return Wei{std::max(estimate, U256{kLeastSize}) * weighted_price(prices) / U256{kMillion * kMillion}};
}

Wei operator_fee(const OperatorFee& fee, Gas gas) {
    return Wei{mul_div_down(fee.per_million_gas.raw(), U256{gas.value}, U256{kMillion})} + fee.constant;
}

Wei arbitrum_fee(const ArbitrumPrices& prices, const TransactionSize& size) {
    return Wei{U256{size.fast_lz} * prices.per_l1_byte.raw()};
}

Gas arbitrum_gas(const ArbitrumPrices& prices, const TransactionSize& size) {
    if (prices.per_gas.is_zero()) return Gas{};
    const U256 gas = mul_div_up(arbitrum_fee(prices, size).raw(), U256{1}, prices.per_gas.raw());
    if (!gas.fits64()) throw ArithmeticError{"data gas beyond 64 bits"};
    return Gas{gas.low64()};
}

}  // namespace plimsoll::fees
