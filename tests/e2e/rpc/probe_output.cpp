// SPDX-License-Identifier: Apache-2.0
#include "tests/e2e/rpc/probe_output.hpp"

#include "chain/codec/event_codec.hpp"
#include "chain/codec/multicall.hpp"
#include "chain/codec/selector.hpp"
#include "chain/primitives/hex.hpp"

#include <iostream>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

namespace plimsoll::probe {
namespace {

std::string quoted(std::string_view text) {
    std::string out = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\') out += '\\';
        out += c;
    }
    return out + '"';
}

/// One line: an object of strings, numbers as text too.
class Line {
  public:
    Line& add(std::string_view key, std::string_view value) {
        text_ += (text_.empty() ? "{" : ",") + quoted(key) + ':' + quoted(value);
        return *this;
    }
    Line& add(std::string_view key, std::uint64_t value) { return add(key, std::to_string(value)); }
    ~Line() { std::cout << text_ << "}" << std::endl; }
    Line() = default;
    Line(const Line&) = delete;
    Line& operator=(const Line&) = delete;

  private:
    std::string text_;
};

void add_log(Line& line, const Log& log) {
    line.add("address", to_string(log.address)).add("data", to_hex(log.data_view()));
    std::string topics;
    for (std::size_t i = 0; i < log.topic_count; ++i)
        topics += to_string(log.topics[i]) + ' ';
    line.add("topics", topics).add("block", to_string(log.block_hash)).add("index", log.index);
    line.add("transaction", to_string(log.transaction_hash)).add("number", log.block_number.value);
}

struct Print {
    std::int64_t received;
    void operator()(const BlockStarted& e) const {
        const Head& head = e.head;
        Line line;
        line.add("event", "started")
            .add("hash", to_string(head.hash))
            .add("parent", to_string(head.parent_hash));
        line.add("number", head.number.value)
            .add("timestamp", head.timestamp.value)
            .add("gas_used", head.gas_used.value);
        line.add("gas_limit", head.gas_limit.value).add("base_fee", to_decimal(head.base_fee.raw()));
        line.add("received", static_cast<std::uint64_t>(received));
    }
    void operator()(const LogSeen& e) const {
        Line line;
        line.add("event", "log");
        add_log(line, e.log);
    }
    void operator()(const BlockSealed& e) const {
        Line{}.add("event", "sealed").add("hash", to_string(e.hash)).add("count", e.log_count);
    }
    void operator()(const BlockUndone& e) const {
        Line{}.add("event", "undone").add("hash", to_string(e.hash));
    }
    void operator()(const PendingTransaction& e) const {
        Line{}.add("event", "pending").add("hash", to_string(e.hash));
    }
    void operator()(const ReadResult& e) const { Line{}.add("event", "read").add("id", e.id); }
    void operator()(const Readiness& e) const { Line{}.add("event", "readiness").add("bits", e.bits()); }
    void operator()(const OutcomeSeen&) const { Line{}.add("event", "outcome"); }
    void operator()(const Tick& e) const { Line{}.add("event", "tick").add("now", e.now.value); }
};

Bytes encoded(const codec::Selector& selector, std::uint64_t argument) {
    Bytes out(selector.begin(), selector.end());
    const auto word = U256{argument}.to_be();
    out.insert(out.end(), word.begin(), word.end());
    return out;
}

}  // namespace

void field(std::string_view name, std::string_view value) {
    Line{}.add("field", name).add("value", value);
}

void error(std::string_view step, const Error& error) {
    Line{}.add("error", step).add("code", to_string(error.code)).add("context", error.context);
}

void event(const Event& event) {
    std::visit(Print{event.received.nanoseconds}, event.body);
}

void counters(const feed::FeedCounters& feed, const rpc::EndpointCounters& endpoint) {
    Line line;
    line.add("event", "counters")
        .add("heads", feed.heads)
        .add("sealed", feed.sealed)
        .add("undone", feed.undone);
    line.add("duplicate_heads", feed.duplicate_heads).add("sealed_by_bloom", feed.sealed_by_bloom);
    line.add("logs", feed.logs).add("early_logs", feed.early_logs).add("duplicate_logs", feed.duplicate_logs);
    line.add("late_logs", feed.late_logs).add("foreign_logs", feed.foreign_logs).add("gaps", feed.gaps);
    line.add("gap_blocks", feed.gap_blocks)
        .add("restarted_blocks", feed.restarted_blocks)
        .add("retries", feed.retries);
    line.add("bloom_lies", feed.bloom_lies).add("resyncs", feed.resyncs).add("connects", feed.connects);
    line.add("disconnects", feed.disconnects).add("silences", feed.silences);
    line.add("requests", endpoint.total_requests()).add("timeouts", endpoint.timeouts);
    for (std::size_t i = 0; i < rpc::kMethodCount; ++i) {
        line.add(rpc::wire_name(static_cast<rpc::Method>(i)), endpoint.requests[i]);
    }
    line.add("malformed", endpoint.malformed_messages).add("foreign_replies", endpoint.foreign_replies);
    line.add("foreign_notifications", endpoint.foreign_notifications);
}

Watch parse_watch(std::string_view text) {
    Watch out;
    std::istringstream words{std::string{text}};
    for (std::string word; words >> word;)
        out.addresses.push_back(parse_address(word).value());
    return out;
}

async::Task<void> ask_contract(rpc::Endpoint& endpoint, Address contract, rpc::Header latest) {
    const Hash32 at = latest.head.hash;
    const Bytes twice = encoded(codec::selector("twice(uint256)"), 21);
    const Bytes refuse = encoded(codec::selector("refuse(uint256)"), 5);
    Call good{contract, twice};
    const auto answer = co_await endpoint.call(good, at);
    if (answer) field("call", (answer->reverted ? "reverted " : "") + to_hex(answer->data));
    Call bad{contract, refuse};
    const auto revert = co_await endpoint.call(bad, at);
    if (revert) field("revert", (revert->reverted ? "reverted " : "") + to_hex(revert->data));
    rpc::CallFrom paid{Address{}, contract, twice};
    const auto gas = co_await endpoint.estimate_gas(paid);
    if (gas) field("gas", std::to_string(gas->value));
    rpc::CallFrom unpaid{Address{}, contract, refuse};
    const auto no_gas = co_await endpoint.estimate_gas(unpaid);
    if (!no_gas) error("no_gas", no_gas.error());

    ReadRequest many;
    many.id = 9;
    many.block_hash = at;
    std::vector<Call> calls;
    for (std::uint64_t i = 0; i < 600; ++i) {
        const bool odd = i % 100 == 99;
        calls.push_back(Call{contract, odd ? refuse : encoded(codec::selector("twice(uint256)"), i)});
    }
    many.what = std::move(calls);
    const ReadResult read = co_await endpoint.execute(std::move(many));
    if (!read.bytes) {
        error("execute", read.bytes.error());
        co_return;
    }
    const auto results = codec::decode_aggregate3(*read.bytes);
    std::uint64_t sum = 0;
    std::uint64_t refused = 0;
    for (const codec::CallResult& result : results.value()) {
        if (result.success) sum += U256::from_be(result.data).low64();
        if (!result.success) ++refused;
    }
    Line{}.add("field", "execute").add("value", sum).add("refused", refused).add("id", read.id);
}

namespace {

async::Task<void> print_logs(rpc::Endpoint& endpoint, ReadRequest request) {
    const ReadResult read = co_await endpoint.execute(std::move(request));
    if (!read.bytes) {
        error("logs", read.bytes.error());
        co_return;
    }
    const auto logs = codec::decode_logs(*read.bytes);
    for (const Log& log : logs.value()) {
        Line line;
        line.add("field", "log");
        add_log(line, log);
    }
    Line{}.add("field", "logs").add("value", logs->size());
}

async::Task<void> print_receipt(rpc::Endpoint& endpoint, Hash32 hash) {
    const auto receipt = co_await endpoint.transaction_receipt(hash);
    if (!receipt) {
        error("receipt", receipt.error());
    } else if (!receipt->has_value()) {
        field("receipt", "none");
    } else {
        Line line;
        line.add("field", "receipt").add("value", (*receipt)->succeeded ? "succeeded" : "reverted");
        line.add("gas", (*receipt)->gas_used.value)
            .add("price", to_decimal((*receipt)->effective_gas_price.raw()));
        line.add("block", to_string((*receipt)->block_hash)).add("number", (*receipt)->block_number.value);
        line.add("logs", (*receipt)->logs.size());
    }
}

}  // namespace

async::Task<void> command(rpc::Endpoint& endpoint, std::string line) {
    std::istringstream words{line};
    std::string verb;
    words >> verb;
    if (verb == "send") {
        std::string raw;
        words >> raw;
        const rpc::SendAnswer answer = co_await endpoint.send_raw_transaction(parse_hex(raw).value());
        Line{}
            .add("field", "send")
            .add("value", rpc::to_string(answer.meaning))
            .add("hash", to_string(answer.hash))
            .add("text", answer.text);
    } else if (verb == "receipt") {
        std::string hash;
        words >> hash;
        co_await print_receipt(endpoint, parse_hash(hash).value());
    } else if (verb == "logs") {
        LogQuery query;
        std::string address;
        words >> query.from.value >> query.to.value >> address;
        query.addresses.push_back(parse_address(address).value());
        const auto latest = co_await endpoint.latest_block();
        ReadRequest request;
        request.block_hash = latest.value().head.hash;
        request.what = std::move(query);
        co_await print_logs(endpoint, std::move(request));
    }
}

}  // namespace plimsoll::probe
