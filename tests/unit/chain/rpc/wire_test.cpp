// SPDX-License-Identifier: Apache-2.0
// What real nodes said, read by the message reader and, beside it, by simdjson's other parser.
#include "chain/primitives/hex.hpp"
#include "chain/rpc/message_reader.hpp"
#include "tests/unit/chain/rpc/padded.hpp"

#include <gtest/gtest.h>
#include <simdjson.h>

#include <string>
#include <unordered_map>

namespace plimsoll::rpc {
namespace {

namespace dom = simdjson::dom;

std::string quantity(std::uint64_t value) {
    std::array<char, 24> out{};
    std::snprintf(out.data(), out.size(), "0x%llx", static_cast<unsigned long long>(value));
    return out.data();
}

std::string text_of(const dom::element& object, const char* key) {
    std::string_view out;
    if (object[key].get(out) != simdjson::SUCCESS) return "(none)";
    return std::string{out};
}

void expect_log(const Log& log, const dom::element& json) {
    EXPECT_EQ(to_hex(log.address.bytes), text_of(json, "address"));
    EXPECT_EQ(to_hex(log.data_view()), text_of(json, "data"));
    EXPECT_EQ(to_string(log.block_hash), text_of(json, "blockHash"));
    EXPECT_EQ(quantity(log.block_number.value), text_of(json, "blockNumber"));
    EXPECT_EQ(to_string(log.transaction_hash), text_of(json, "transactionHash"));
    EXPECT_EQ(quantity(log.transaction_index), text_of(json, "transactionIndex"));
    EXPECT_EQ(quantity(log.index), text_of(json, "logIndex"));
    std::size_t count = 0;
    for (const dom::element topic : dom::array(json["topics"])) {
        EXPECT_EQ(to_string(log.topics.at(count++)), std::string{std::string_view(topic)});
    }
    EXPECT_EQ(log.topic_count, count);
}

void expect_header(const Header& header, const dom::element& json) {
    EXPECT_EQ(to_string(header.head.hash), text_of(json, "hash"));
    EXPECT_EQ(to_string(header.head.parent_hash), text_of(json, "parentHash"));
    EXPECT_EQ(quantity(header.head.number.value), text_of(json, "number"));
    EXPECT_EQ(quantity(header.head.timestamp.value), text_of(json, "timestamp"));
    EXPECT_EQ(quantity(header.head.base_fee.raw().low64()), text_of(json, "baseFeePerGas"));
    EXPECT_EQ(quantity(header.head.gas_used.value), text_of(json, "gasUsed"));
    EXPECT_EQ(quantity(header.head.gas_limit.value), text_of(json, "gasLimit"));
    EXPECT_EQ(to_hex(header.bloom), text_of(json, "logsBloom"));
}

void expect_receipt(const Receipt& receipt, const dom::element& json) {
    EXPECT_EQ(to_string(receipt.transaction_hash), text_of(json, "transactionHash"));
    EXPECT_EQ(to_string(receipt.block_hash), text_of(json, "blockHash"));
    EXPECT_EQ(receipt.succeeded ? "0x1" : "0x0", text_of(json, "status"));
    EXPECT_EQ(quantity(receipt.gas_used.value), text_of(json, "gasUsed"));
    EXPECT_EQ(quantity(receipt.effective_gas_price.raw().low64()), text_of(json, "effectiveGasPrice"));
    std::size_t count = 0;
    for (const dom::element log : dom::array(json["logs"]))
        expect_log(receipt.logs.at(count++), log);
    EXPECT_EQ(receipt.logs.size(), count);
}

class Wire : public testing::TestWithParam<const char*> {
  protected:
    dom::element load() { return parser_.load(std::string{PLIMSOLL_VECTORS "/wire/"} + GetParam()); }

  private:
    dom::parser parser_;
};

TEST_P(Wire, SubscriptionFramesDecodeToWhatTheySay) {
    const dom::element file = load();
    MessageReader reader{std::size_t{1} << 20U};
    OneRequest context;
    std::unordered_map<std::string, std::string> asked;  // request id onto what was subscribed
    int heads = 0;
    int logs = 0;
    int pending = 0;
    for (const dom::element item : dom::array(file["ws"])) {
        const std::string frame = text_of(item, "frame");
        dom::parser once;
        const dom::element json = once.parse(frame);
        if (text_of(item, "dir") == "out") {
            std::string_view what;
            if (text_of(json, "method") == "eth_subscribe" &&
                json["params"].at(0).get(what) == simdjson::SUCCESS) {
                asked[std::to_string(std::uint64_t(json["id"]))] = what;
            }
            continue;
        }
        std::uint64_t id = 0;
        if (json["id"].get(id) == simdjson::SUCCESS) {
            const std::string& what = asked[std::to_string(id)];
            if (what == "newHeads") context.heads = text_of(json, "result");
            if (what == "logs") context.logs = text_of(json, "result");
            if (what == "newPendingTransactions" && pending++ == 0) context.pending = text_of(json, "result");
            continue;
        }
        if (text_of(json, "method") != "eth_subscription") continue;
        const Padded padded{frame};
        const auto message = reader.read(padded.frame(), context);
        ASSERT_TRUE(message) << frame;
        const auto& body = std::get<SubscriptionMessage>(*message).body;
        const dom::element result = json["params"]["result"];
        if (const auto* header = std::get_if<Header>(&body)) {
            ++heads;
            expect_header(*header, result);
        } else if (const auto* log = std::get_if<Log>(&body)) {
            ++logs;
            expect_log(*log, result);
            const SubscriptionMessage* const known = reader.read_known(padded.frame(), context);
            ASSERT_NE(known, nullptr) << frame;
            expect_log(std::get<Log>(known->body), result);
        }
    }
    EXPECT_GE(heads, 5);
    EXPECT_GE(logs, 2);
}

/// Reads one captured HTTP body as the answer to the method it answered; counts what it was.
void expect_exchange(const dom::element& item, MessageReader& reader,
                     std::unordered_map<std::string, int>& seen) {
    const std::string name = text_of(item, "method");
    if (text_of(item, "label") == "pending block") return;  // never asked for; Hardhat gives it no number
    for (std::size_t i = 0; i < kMethodCount; ++i) {
        const auto method = static_cast<Method>(i);
        if (wire_name(method) != name) continue;
        const std::string body = text_of(item, "response");
        dom::parser once;
        const dom::element json = once.parse(body);
        const std::uint64_t id = json["id"];
        const Padded padded{body};
        const auto message = reader.read(padded.frame(), OneRequest{id, method});
        ASSERT_TRUE(message) << body;
        const Reply& reply = std::get<Reply>(*message);
        dom::element error;
        if (json["error"].get(error) == simdjson::SUCCESS) {
            ASSERT_FALSE(reply.answer) << body;
            EXPECT_EQ(reply.answer.error().rpc_code, std::int64_t(error["code"]));
            EXPECT_NE(reply.answer.error().meaning, ErrorClass::unknown) << body;
            ++seen["error"];
            return;
        }
        ASSERT_TRUE(reply.answer) << text_of(item, "label") << body << reply.answer.error().text;
        const dom::element result = json["result"];
        if (const auto* header = std::get_if<Header>(&*reply.answer)) expect_header(*header, result);
        if (const auto* receipt = std::get_if<Receipt>(&*reply.answer)) expect_receipt(*receipt, result);
        if (const auto* recent = std::get_if<RecentTips>(&*reply.answer)) {
            const dom::array rewards(result["reward"]);
            ASSERT_EQ(recent->tips.size(), rewards.size());
            for (std::size_t block = 0; block < recent->tips.size(); ++block) {
                const dom::element first = dom::array(rewards.at(block)).at(0);
                EXPECT_EQ(to_quantity_hex(recent->tips[block].raw()), std::string{std::string_view(first)});
            }
        }
        if (const auto* hash = std::get_if<Hash32>(&*reply.answer)) {
            EXPECT_EQ(to_string(*hash), std::string{std::string_view(result)});
        }
        ++seen[name];
    }
}

TEST_P(Wire, HttpBodiesDecodeToWhatTheySay) {
    const dom::element file = load();
    MessageReader reader{std::size_t{1} << 20U};
    std::unordered_map<std::string, int> seen;
    for (const dom::element item : dom::array(file["http"]))
        expect_exchange(item, reader, seen);
    EXPECT_GE(seen["error"], 15);
    EXPECT_GE(seen["eth_getTransactionReceipt"], 2);
    EXPECT_GE(seen["eth_getBlockByNumber"], 2);
    EXPECT_GE(seen["eth_sendRawTransaction"], 3);
    EXPECT_EQ(seen["eth_feeHistory"], 1);
}

INSTANTIATE_TEST_SUITE_P(Nodes, Wire, testing::Values("anvil.json", "hardhat2.json"),
                         [](const auto& node) { return std::string{node.param}.substr(0, 5); });

}  // namespace
}  // namespace plimsoll::rpc
