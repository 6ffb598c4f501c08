// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chain/fees/data_fee.hpp"
#include "chain/primitives/block.hpp"
#include "chain/primitives/bytes.hpp"
#include "chain/primitives/read_request.hpp"
#include "chain/primitives/result.hpp"
#include "chain/primitives/units.hpp"

#include <array>
#include <cstddef>
#include <variant>
#include <vector>

namespace plimsoll::strategy {

/// What a rollup takes for the bytes of one execution.
struct DataCost {
    Wei fee;  // beside the gas (OP stack)
    Gas gas;  // of the transaction itself (Arbitrum)
    friend bool operator==(const DataCost&, const DataCost&) = default;
};

/// The data fees of this chain: prices read from its own contracts, sizes from what was encoded before.
class DataFees {
  public:
    static constexpr std::size_t kMostHops = 2;
    using ByHops = std::array<DataCost, kMostHops + 1>;

    explicit DataFees(fees::DataFeeModel model) : model_{model} {}

    [[nodiscard]] bool empty() const noexcept { return model_ == fees::DataFeeModel::none; }
    /// Whether costs can be told: without a model always, else once prices were read.
    [[nodiscard]] bool known() const noexcept { return empty() || known_; }
    /// Whether prices should be read again; they follow the blocks of L1.
    [[nodiscard]] bool due(const Head& head) const;
    /// L1Block's attributes and GasPriceOracle.getOperatorFee (OP stack), or ArbGasInfo.getPricesInWei.
    [[nodiscard]] std::vector<Call> calls(const Head& head);
    /// The answer to `calls()`, as Multicall3 gives it; Errc::malformed_reply leaves everything as it was.
    [[nodiscard]] Result<void> accept(BytesView answer);

    /// Calldata of an execution through so many pools: the next ones will be as large.
    void learn(std::size_t hops, BytesView calldata);
    /// By the number of pools that an execution sells through.
    [[nodiscard]] const ByHops& costs() const noexcept { return costs_; }
    /// Beside them.
    [[nodiscard]] const fees::OperatorFee& operator_fee() const noexcept { return operator_fee_; }

    /// What an expected fee beside the gas may come to while a transaction is under way: no chain stops at a
    /// price for the bytes, and L1's may double within six of its blocks. The operator's fee is first taken
    /// for the gas limit, which is less than twice the gas that is expected.
    [[nodiscard]] static Wei most(const Wei& fee) { return fee + fee; }

    /// Of a transaction with this calldata.
    [[nodiscard]] static fees::TransactionSize size_of(BytesView calldata);
    /// What is reckoned with before the first of so many hops was encoded.
    [[nodiscard]] static const fees::TransactionSize& typical(std::size_t hops);

  private:
    using Prices = std::variant<fees::OpStackPrices, fees::ArbitrumPrices>;
    [[nodiscard]] static ByHops compute(const Prices& prices,
                                        const std::array<fees::TransactionSize, kMostHops + 1>& sizes);

    fees::DataFeeModel model_;
    bool known_ = false;
    Timestamp asked_at_;
    Prices prices_;
    std::array<fees::TransactionSize, kMostHops + 1> sizes_{typical(0), typical(1), typical(2)};
    ByHops costs_{};
    fees::OperatorFee operator_fee_;
};

}  // namespace plimsoll::strategy
