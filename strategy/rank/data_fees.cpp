// SPDX-License-Identifier: Apache-2.0
#include "strategy/rank/data_fees.hpp"

#include "chain/codec/abi_reader.hpp"
#include "chain/codec/abi_writer.hpp"
#include "chain/codec/multicall.hpp"
#include "chain/codec/selector.hpp"

#include <algorithm>
#include <limits>
#include <utility>

namespace plimsoll::strategy {

namespace {

/// A predeployed contract: 0x4200…15 is L1Block of the OP stack and 0x4200…0f its GasPriceOracle, 0x6c is
/// ArbGasInfo of Arbitrum.
Address predeploy(std::uint8_t first, std::uint8_t last) {
    Address out;
    out.bytes.front() = first;
    out.bytes.back() = last;
    return out;
}

Call plain(const Address& to, const codec::Selector& selector) {
    return Call{to, Bytes(selector.begin(), selector.end())};
}

constexpr std::uint64_t kReadEvery = 6;   // seconds; half of L1's block time
constexpr unsigned kWidestPrice = 96;     // bits; beyond it a price is a lie
constexpr std::uint64_t kEnvelope = 120;  // bytes around the calldata, signature and all; hardly compressible
constexpr std::size_t kOpStackCalls = 6;
constexpr std::uint64_t kFeeMillion = 1'000'000;  // gas

/// GasPriceOracle.getOperatorFee for so much gas.
Call operator_fee_of(std::uint64_t gas) {
    codec::AbiWriter call{codec::selector("getOperatorFee(uint256)")};
    return Call{predeploy(0x42, 0x0f), call.u256(U256{gas}).take()};
}

Result<U256> word(const codec::CallResult& result, std::size_t place) {
    codec::AbiReader reader{result.data};
    U256 out;
    for (std::size_t i = 0; i <= place; ++i)
        out = reader.u256();
    if (!result.success || !reader.ok() || out.bit_width() > kWidestPrice)
        return fail(Errc::malformed_reply, "the chain's own contract does not tell its data fees");
    return out;
}

Result<std::uint32_t> scalar(const codec::CallResult& result) {
    PLIMSOLL_TRY(const U256 value, word(result, 0));
    if (value > U256{std::numeric_limits<std::uint32_t>::max()})
        return fail(Errc::malformed_reply, "a scalar of the data fee beyond 32 bits");
    return static_cast<std::uint32_t>(value.low64());
}

Result<fees::OpStackPrices> op_stack_prices(const std::vector<codec::CallResult>& results) {
    if (results.size() != kOpStackCalls)
        return fail(Errc::malformed_reply, "data fees: another number of answers than of calls");
    fees::OpStackPrices out;
    PLIMSOLL_TRY(const U256 base, word(results[0], 0));
    PLIMSOLL_TRY(const U256 blob, word(results[1], 0));
    PLIMSOLL_TRY(out.base_fee_scalar, scalar(results[2]));
    PLIMSOLL_TRY(out.blob_base_fee_scalar, scalar(results[3]));
    out.l1_base_fee = Wei{base};
    out.blob_base_fee = Wei{blob};
    return out;
}

Result<fees::ArbitrumPrices> arbitrum_prices(const std::vector<codec::CallResult>& results) {
    if (results.size() != 1)
        return fail(Errc::malformed_reply, "data fees: another number of answers than of calls");
    constexpr std::size_t kPerL1Byte = 1;
    constexpr std::size_t kPerGas = 5;
    PLIMSOLL_TRY(const U256 byte, word(results[0], kPerL1Byte));
    PLIMSOLL_TRY(const U256 gas, word(results[0], kPerGas));
    return fees::ArbitrumPrices{Wei{byte}, Wei{gas}};
}

/// Both answers lie on one line, whatever the fork's scalar means. A chain before Isthmus knows no such call.
Result<fees::OperatorFee> operator_fee(const codec::CallResult& of_none,
                                       const codec::CallResult& of_million) {
    const auto told = [](const codec::CallResult& one) { return one.success && !one.data.empty(); };
    if (!told(of_none) && !told(of_million)) return fees::OperatorFee{};
    PLIMSOLL_TRY(const U256 constant, word(of_none, 0));
    PLIMSOLL_TRY(const U256 million, word(of_million, 0));
    if (million < constant) return fail(Errc::malformed_reply, "an operator fee that falls with the gas");
    return fees::OperatorFee{Wei{million - constant}, Wei{constant}};
}

DataCost cost_of(const fees::OpStackPrices& prices, const fees::TransactionSize& size) {
    return DataCost{fees::fjord_fee(prices, size), Gas{}};
}

DataCost cost_of(const fees::ArbitrumPrices& prices, const fees::TransactionSize& size) {
    return DataCost{Wei{}, fees::arbitrum_gas(prices, size)};
}

}  // namespace

const fees::TransactionSize& DataFees::typical(std::size_t hops) {
    static constexpr std::array<fees::TransactionSize, kMostHops + 1> kTypical{
        {{924, 7'540, 338}, {1'212, 10'115, 406}, {1'244, 10'506, 428}}};
    return kTypical.at(std::min(hops, kMostHops));
}

fees::TransactionSize DataFees::size_of(BytesView calldata) {
    constexpr std::uint64_t kNonZeroByte = 16;
    fees::TransactionSize out = fees::measure(calldata);
    out.bytes += kEnvelope;
    out.calldata_gas += kNonZeroByte * kEnvelope;
    out.fast_lz += kEnvelope;
    return out;
}

bool DataFees::due(const Head& head) const {
    return !empty() && (!known_ || head.timestamp >= asked_at_.next(kReadEvery));
}

std::vector<Call> DataFees::calls(const Head& head) {
    asked_at_ = head.timestamp;
    if (model_ == fees::DataFeeModel::arbitrum)
        return {plain(predeploy(0, 0x6c), codec::selector("getPricesInWei()"))};
    const Address l1_block = predeploy(0x42, 0x15);
    return {plain(l1_block, codec::selector("basefee()")),
            plain(l1_block, codec::selector("blobBaseFee()")),
            plain(l1_block, codec::selector("baseFeeScalar()")),
            plain(l1_block, codec::selector("blobBaseFeeScalar()")),
            operator_fee_of(0),
            operator_fee_of(kFeeMillion)};
}

Result<void> DataFees::accept(BytesView answer) {
    PLIMSOLL_TRY(const std::vector<codec::CallResult> results, codec::decode_aggregate3(answer));
    Prices prices;
    fees::OperatorFee operated;
    if (model_ == fees::DataFeeModel::arbitrum) {
        PLIMSOLL_TRY(prices, arbitrum_prices(results));
    } else {
        PLIMSOLL_TRY(prices, op_stack_prices(results));
        PLIMSOLL_TRY(operated, strategy::operator_fee(results[4], results[5]));
    }
    try {
        costs_ = compute(prices, sizes_);
    } catch (const ArithmeticError& error) {
        return fail(Errc::malformed_reply, std::string{"data fees beyond all amounts: "} + error.what());
    }
    prices_ = prices;
    operator_fee_ = operated;
    known_ = true;
    return {};
}

void DataFees::learn(std::size_t hops, BytesView calldata) {
    if (empty() || !known_ || hops > kMostHops) return;
    auto sizes = sizes_;
    sizes.at(hops) = size_of(calldata);
    try {
        costs_ = compute(prices_, sizes);
        sizes_ = sizes;
    } catch (const ArithmeticError&) {
        return;  // prices at the very edge: what was reckoned with so far stays
    }
}

DataFees::ByHops DataFees::compute(const Prices& prices,
                                   const std::array<fees::TransactionSize, kMostHops + 1>& sizes) {
    ByHops out;
    for (std::size_t hops = 0; hops < out.size(); ++hops)
        out.at(hops) = std::visit([&](const auto& of) { return cost_of(of, sizes.at(hops)); }, prices);
    return out;
}

}  // namespace plimsoll::strategy
