// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chain/primitives/bytes.hpp"
#include "chain/primitives/units.hpp"

#include <cstdint>

namespace plimsoll::fees {

/// Who charges for a transaction's bytes beside its gas.
enum class DataFeeModel : std::uint8_t {
    none,
    op_stack,  // Optimism, Base: taken from the balance beside the gas
    arbitrum,  // as additional gas of the transaction
};

/// What a transaction's bytes cost. Ecotone charges by what they would take as calldata, everything since
/// Fjord by how far they can be compressed.
struct TransactionSize {
    std::uint64_t bytes{};
    std::uint64_t calldata_gas{};  // 4 for a zero byte, 16 for any other
    std::uint64_t fast_lz{};       // see fast_lz_size
    friend bool operator==(const TransactionSize&, const TransactionSize&) = default;
};

/// Of a signed transaction as it is sent.
[[nodiscard]] TransactionSize measure(BytesView transaction);

/// An OP-stack chain's prices, as L1Block or GasPriceOracle tell them.
struct OpStackPrices {
    Wei l1_base_fee;  // per L1 gas
    Wei blob_base_fee;
    std::uint32_t base_fee_scalar{};  // millionths
    std::uint32_t blob_base_fee_scalar{};
    friend bool operator==(const OpStackPrices&, const OpStackPrices&) = default;
};

/// calldata gas x (16 x base fee scalar x L1 base fee + blob scalar x blob base fee) / 16e6: Ecotone.
/// Throws ArithmeticError for prices nobody can have meant.
[[nodiscard]] Wei ecotone_fee(const OpStackPrices& prices, const TransactionSize& size);
/// estimated size x (16 x base fee scalar x L1 base fee + blob scalar x blob base fee) / 1e12, where the
/// estimate is max(100, 0.8365 x FastLZ size - 42.5856) bytes: Fjord and later. Throws likewise.
[[nodiscard]] Wei fjord_fee(const OpStackPrices& prices, const TransactionSize& size);

/// What an OP-stack chain takes for the work itself since Isthmus, beside the gas and the bytes: a share of
/// each million of gas and a constant. Isthmus' scalar is that share; Jovian's is a hundred wei a gas. Zero
/// where none is taken.
struct OperatorFee {
    Wei per_million_gas;
    Wei constant;
    friend bool operator==(const OperatorFee&, const OperatorFee&) = default;
};

/// floor(gas x share / 1e6) + constant (GasPriceOracle.getOperatorFee). Of the gas limit when a transaction
/// is taken up, of the gas used in the end. Throws likewise.
[[nodiscard]] Wei operator_fee(const OperatorFee& fee, Gas gas);

/// An Arbitrum chain's prices, as ArbGasInfo.getPricesInWei tells them.
struct ArbitrumPrices {
    Wei per_l1_byte;  // of compressed data: 16 x the price of a unit of L1 calldata
    Wei per_gas;      // the L2 base fee
    friend bool operator==(const ArbitrumPrices&, const ArbitrumPrices&) = default;
};

/// What the poster is paid for the bytes. The chain compresses with Brotli; FastLZ's size stands for it,
/// which is larger. Throws likewise.
[[nodiscard]] Wei arbitrum_fee(const ArbitrumPrices& prices, const TransactionSize& size);
/// The same as gas of the transaction, rounded up: its gas limit must cover it, and its receipt's gasUsed
/// holds it. Zero while the price of gas is not known. Throws if it does not fit 64 bits.
[[nodiscard]] Gas arbitrum_gas(const ArbitrumPrices& prices, const TransactionSize& size);

}  // namespace plimsoll::fees
