// SPDX-License-Identifier: Apache-2.0
// Answers for mainnet.test.mjs what the program makes of a node's words: blocks, logs and receipts as the
// message reader decodes them, what a watch filter says of a block's bloom, and the base fee that follows.
#include "chain/feed/watch_filter.hpp"
#include "chain/fees/base_fee.hpp"
#include "chain/fees/data_fee.hpp"
#include "chain/primitives/hex.hpp"
#include "chain/rpc/message_reader.hpp"
#include "tests/e2e/differential/answer_lines.hpp"

#include <algorithm>
#include <string>
#include <string_view>

namespace plimsoll::testing {
namespace {

using simdjson::dom::element;

/// Every request was of one method.
class OneMethod final : public rpc::MessageContext {
  public:
    explicit OneMethod(rpc::Method method) : method_{method} {}
    [[nodiscard]] std::optional<rpc::Method> method_of(rpc::RequestId) const override { return method_; }
    [[nodiscard]] rpc::SubscriptionKind kind_of(std::string_view) const override { return {}; }

  private:
    rpc::Method method_;
};

template <class T>
T decoded(element request, rpc::Method method) {
    static rpc::MessageReader reader{std::size_t{1} << 26U};
    std::string frame{text_of(request["frame"])};
    const std::size_t size = frame.size();
    frame.resize(size + rpc::kFramePadding);
    const rpc::Message message =
        expect(reader.read(std::string_view{frame}.substr(0, size), OneMethod{method}));
    const auto& answer = std::get<rpc::Reply>(message).answer;
    if (!answer) throw std::runtime_error{answer.error().text};
    return std::get<T>(*answer);
}

std::string quoted(const std::string& text) {
    return '"' + text + '"';
}

std::string number(std::uint64_t value) {
    return quoted(std::to_string(value));
}

std::string log_text(const Log& log) {
    std::string topics;
    for (std::size_t i = 0; i < log.topic_count; ++i)
        topics += (i == 0 ? "" : ",") + quoted(to_string(log.topics.at(i)));
    return "{\"address\":" + quoted(to_string(log.address)) + ",\"topics\":[" + topics +
           "],\"data\":" + quoted(to_hex(log.data_view())) +
           ",\"blockNumber\":" + number(log.block_number.value) +
           ",\"blockHash\":" + quoted(to_string(log.block_hash)) +
           ",\"transactionHash\":" + quoted(to_string(log.transaction_hash)) +
           ",\"transactionIndex\":" + number(log.transaction_index) + ",\"logIndex\":" + number(log.index) +
           ",\"removed\":" + (log.removed ? "true}" : "false}");
}

std::string logs_text(const std::vector<Log>& logs) {
    std::string out = "[";
    for (const Log& log : logs)
        out += (out.size() == 1 ? "" : ",") + log_text(log);
    return out + "]";
}

std::string block(element request) {
    const auto header = decoded<rpc::Header>(request, rpc::Method::block_by_hash);
    const Head& head = header.head;
    return "{\"hash\":" + quoted(to_string(head.hash)) +
           ",\"parentHash\":" + quoted(to_string(head.parent_hash)) +
           ",\"number\":" + number(head.number.value) + ",\"timestamp\":" + number(head.timestamp.value) +
           ",\"baseFeePerGas\":" + quoted(to_decimal(head.base_fee.raw())) +
           ",\"gasUsed\":" + number(head.gas_used.value) + ",\"gasLimit\":" + number(head.gas_limit.value) +
           ",\"logsBloom\":" + quoted(to_hex(header.bloom)) +
           ",\"next\":" + quoted(to_decimal(fees::next_base_fee(head).raw())) + "}";
}

std::string receipt(element request) {
    const auto read = decoded<rpc::Receipt>(request, rpc::Method::transaction_receipt);
    return "{\"transactionHash\":" + quoted(to_string(read.transaction_hash)) +
           ",\"blockHash\":" + quoted(to_string(read.block_hash)) +
           ",\"blockNumber\":" + number(read.block_number.value) +
           ",\"transactionIndex\":" + number(read.transaction_index) +
           ",\"status\":" + (read.succeeded ? "\"success\"" : "\"reverted\"") +
           ",\"gasUsed\":" + number(read.gas_used.value) +
           ",\"effectiveGasPrice\":" + quoted(to_decimal(read.effective_gas_price.raw())) +
           ",\"logs\":" + logs_text(read.logs) + "}";
}

std::string logs(element request) {
    return logs_text(decoded<std::vector<Log>>(request, rpc::Method::get_logs));
}

/// For each address, and then for each topic with the first address: whether the bloom may hold such a log.
std::string may_match(element request) {
    rpc::Bloom bloom{};
    const Bytes bytes = expect(parse_hex(text_of(request["bloom"])));
    if (bytes.size() != bloom.size()) throw std::runtime_error{"a bloom has 256 bytes"};
    std::copy(bytes.begin(), bytes.end(), bloom.begin());
    std::string out = "[";
    const auto add = [&](Watch watch) {
        out += (out.size() == 1 ? "" : ",") +
               std::string{feed::WatchFilter{std::move(watch)}.may_match(bloom) ? "true" : "false"};
    };
    for (const element address : request["addresses"].get_array())
        add(Watch{{expect(parse_address(text_of(address)))}, {}});
    const Address first = expect(parse_address(text_of(request["addresses"].at(0))));
    for (const element topic : request["topics"].get_array())
        add(Watch{{first}, {expect(parse_hash(text_of(topic)))}});
    return out + "]";
}

/// What GasPriceOracle.getL1Fee adds to the bytes it is given for a signature they do not have.
constexpr std::uint64_t kSignatureBytes = 68;

std::uint32_t scalar_of(element value) {
    const U256 scalar = number_of(value);
    if (scalar > U256{UINT32_MAX}) throw std::runtime_error{"above 32 bits"};
    return static_cast<std::uint32_t>(scalar.low64());
}

/// The fee for an unsigned transaction's bytes, by both rules.
std::string data_fee(element request) {
    constexpr std::uint64_t kNonZeroByte = 16;
    const fees::OpStackPrices prices{
        Wei{number_of(request["l1BaseFee"])}, Wei{number_of(request["blobBaseFee"])},
        scalar_of(request["baseFeeScalar"]), scalar_of(request["blobBaseFeeScalar"])};
    fees::TransactionSize size = fees::measure(expect(parse_hex(text_of(request["data"]))));
    size.calldata_gas += kNonZeroByte * kSignatureBytes;
    size.fast_lz += kSignatureBytes;
    return "{\"ecotone\":" + quoted(to_decimal(fees::ecotone_fee(prices, size).raw())) +
           ",\"fjord\":" + quoted(to_decimal(fees::fjord_fee(prices, size).raw())) + "}";
}

std::string answer(element request) {
    const std::string_view op = text_of(request["op"]);
    if (op == "block") return block(request);
    if (op == "receipt") return receipt(request);
    if (op == "logs") return logs(request);
    if (op == "data_fee") return data_fee(request);
    if (op == "may_match") return may_match(request);
    throw std::runtime_error{"unknown op"};
}

}  // namespace
}  // namespace plimsoll::testing

int main() {
    return plimsoll::testing::answer_lines(&plimsoll::testing::answer);
}
