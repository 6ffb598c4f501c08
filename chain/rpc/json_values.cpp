// SPDX-License-Identifier: Apache-2.0
#include "chain/rpc/json_values.hpp"

#include "chain/rpc/fee_terms.hpp"
#include "chain/rpc/json_scalars.hpp"

#include <algorithm>
#include <utility>

namespace plimsoll::rpc::json_values {

namespace {

using json_values::read_value;  // beside the overloads below

bool read_topics(json::value& value, Log& out) {
    json::array topics;
    if (value.get_array().get(topics) != simdjson::SUCCESS) return false;
    out.topic_count = 0;
    for (auto item : topics) {
        json::value topic;
        if (item.get(topic) != simdjson::SUCCESS || out.topic_count == out.topics.size()) return false;
        if (!read_value(topic, out.topics[out.topic_count])) return false;
        ++out.topic_count;
    }
    return true;
}

bool read_value(json::value& value, Header& out) {
    constexpr unsigned kRequired = 0x7F;
    Bytes extra;
    Gas blob_gas_used;
    const auto field = [&](std::string_view key, json::value& item, unsigned& bit) {
        Head& head = out.head;
        if (key == "hash") return take(item, head.hash, bit, 0x01);
        if (key == "parentHash") return take(item, head.parent_hash, bit, 0x02);
        if (key == "number") return take(item, head.number, bit, 0x04);
        if (key == "timestamp") return take(item, head.timestamp, bit, 0x08);
        if (key == "gasUsed") return take(item, head.gas_used, bit, 0x10);
        if (key == "gasLimit") return take(item, head.gas_limit, bit, 0x20);
        if (key == "logsBloom") {
            bit = 0x40;
            out.has_bloom = !is_null(item);
            return !out.has_bloom || read_fixed(item, out.bloom);
        }
        if (key == "baseFeePerGas" && !is_null(item)) return take(item, head.base_fee, bit, 0x80);
        if (key == "blobGasUsed" && !is_null(item)) return take(item, blob_gas_used, bit, 0x200);
        if (key == "extraData" && !is_null(item)) return take(item, extra, bit, 0x100);
        return true;
    };
    if (!read_object(value, kRequired, field)) return false;
    out.fee_terms = parse_fee_terms(extra);
    // There the field tells the footprint of the block's data, which is charged for like gas.
    if (counts_footprint(extra)) out.head.gas_used = std::max(out.head.gas_used, blob_gas_used);
    return true;
}

bool read_value(json::value& value, Log& out) {
    constexpr unsigned kRequired = 0xFF;
    return read_object(value, kRequired, [&out](std::string_view key, json::value& item, unsigned& bit) {
        if (key == "address") return take(item, out.address, bit, 0x01);
        if (key == "topics") {
            bit = 0x02;
            return read_topics(item, out);
        }
        if (key == "data") {
            bit = 0x04;
            return read_bytes(item, [&out](std::size_t size) { return out.data.resize(size); });
        }
        if (key == "blockHash") return take(item, out.block_hash, bit, 0x08);
        if (key == "blockNumber") return take(item, out.block_number, bit, 0x10);
        if (key == "transactionHash") return take(item, out.transaction_hash, bit, 0x20);
        if (key == "transactionIndex") return take(item, out.transaction_index, bit, 0x40);
        if (key == "logIndex") return take(item, out.index, bit, 0x80);
        if (key == "removed") return take(item, out.removed, bit, 0x100);
        return true;
    });
}

bool read_value(json::value& value, PendingTransaction& out) {
    constexpr unsigned kRequired = 0x1F;
    return read_object(value, kRequired, [&out](std::string_view key, json::value& item, unsigned& bit) {
        if (key == "hash") return take(item, out.hash, bit, 0x01);
        if (key == "from") return take(item, out.from, bit, 0x02);
        if (key == "to") {
            bit = 0x04;
            return is_null(item) || read_value(item, out.to);  // null makes a contract
        }
        if (key == "value") return take(item, out.value, bit, 0x08);
        if (key == "input") return take(item, out.input, bit, 0x10);
        return true;
    });
}

/// eth_syncing: `false`, or an object that tells how far it is.
bool read_syncing(json::value& value, ReplyBody& body) {
    const std::string_view text = token(value);
    body.emplace<bool>(text.empty() || text == "true");
    return text.empty() || text == "true" || text == "false";
}

bool read_value(json::value& value, std::vector<Log>& out) {
    json::array logs;
    if (value.get_array().get(logs) != simdjson::SUCCESS) return false;
    for (auto item : logs) {
        json::value log;
        if (item.get(log) != simdjson::SUCCESS || !read_value(log, out.emplace_back())) return false;
    }
    return true;
}

bool read_value(json::value& value, Receipt& out) {
    constexpr unsigned kRequired = 0x7F;
    OperatorTerms operated;
    const auto field = [&](std::string_view key, json::value& item, unsigned& bit) {
        if (key == "transactionHash") return take(item, out.transaction_hash, bit, 0x01);
        if (key == "blockHash") return take(item, out.block_hash, bit, 0x02);
        if (key == "blockNumber") return take(item, out.block_number, bit, 0x04);
        if (key == "transactionIndex") return take(item, out.transaction_index, bit, 0x08);
        if (key == "gasUsed") return take(item, out.gas_used, bit, 0x10);
        if (key == "logs") {
            bit = 0x20;
            return read_value(item, out.logs);
        }
        if (key == "effectiveGasPrice") return take(item, out.effective_gas_price, bit, 0x80);
        if (key == "l1Fee" && !is_null(item)) return take(item, out.l1_fee, bit, 0x100);
        if (key == "operatorFeeScalar" && !is_null(item)) return take(item, operated.scalar, bit, 0x200);
        if (key == "operatorFeeConstant" && !is_null(item)) return take(item, operated.constant, bit, 0x400);
        if (key == "daFootprintGasScalar") {
            bit = 0x800;
            operated.jovian = !is_null(item);
            return true;
        }
        if (key != "status") return true;
        std::uint64_t status = 0;
        bit = 0x40;
        if (!read_value(item, status) || status > 1) return false;
        out.succeeded = status == 1;
        return true;
    };
    // What was paid is multiplied and added up later on; nothing that exists comes near it.
    constexpr unsigned kWidest = 160;
    if (!read_object(value, kRequired, field)) return false;
    out.operator_fee = operator_fee(operated, out.gas_used);
    return out.effective_gas_price.raw().bit_width() <= kWidest && out.l1_fee.raw().bit_width() <= kWidest;
}

bool read_value(json::value& value, PlacedTransaction& out) {
    constexpr unsigned kRequired = 0x01;
    return read_object(value, kRequired, [&out](std::string_view key, json::value& item, unsigned& bit) {
        if (key == "hash") return take(item, out.transaction_hash, bit, 0x01);
        if (key != "blockHash" || is_null(item)) return true;
        Hash32 block;
        out.in_block = true;
        return read_value(item, block);
    });
}

/// Of each block the first percentile that was asked for.
bool read_rewards(json::value& value, RecentTips& out) {
    json::array blocks;
    if (value.get_array().get(blocks) != simdjson::SUCCESS) return false;
    for (auto item : blocks) {
        json::array percentiles;
        if (item.get_array().get(percentiles) != simdjson::SUCCESS) return false;
        bool first = true;
        for (auto one : percentiles) {
            json::value tip;
            if (one.get(tip) != simdjson::SUCCESS) return false;
            if (first && !read_value(tip, out.tips.emplace_back())) return false;
            first = false;
        }
        if (first) return false;
    }
    return true;
}

bool read_value(json::value& value, RecentTips& out) {
    constexpr unsigned kRequired = 0x01;
    return read_object(value, kRequired, [&out](std::string_view key, json::value& item, unsigned& bit) {
        if (key != "reward") return true;
        bit = 0x01;
        return read_rewards(item, out);
    });
}

bool read_value(json::value& value, std::string& out) {
    constexpr std::size_t kMaxText = 256;
    const std::string_view text = token(value);
    if (text.empty() || text.front() != '"') return false;
    out = bounded_text(value, kMaxText);
    return true;
}

bool read_value(json::value& value, BundleTaken& out) {
    if (!token(value).empty()) return true;  // a text: taken, without a name
    return read_object(value, 0, [&out](std::string_view key, json::value& item, unsigned& bit) {
        if (key != "bundleHash" || is_null(item)) return true;
        return take(item, out.bundle_hash.emplace(), bit, 0x01);
    });
}

/// One transaction of a simulated bundle: what it did is told by the absence of "error" and "revert".
bool read_simulated(json::value& value, BundleSimulation& out) {
    constexpr std::size_t kMaxText = 256;
    return read_object(value, 0, [&out](std::string_view key, json::value& item, unsigned&) {
        if ((key != "error" && key != "revert") || is_null(item)) return true;
        out.failed = true;
        if (out.text.empty()) out.text = bounded_text(item, kMaxText);
        return true;
    });
}

bool read_value(json::value& value, BundleSimulation& out) {
    constexpr unsigned kRequired = 0x01;
    return read_object(value, kRequired, [&out](std::string_view key, json::value& item, unsigned& bit) {
        if (key != "results") return true;
        bit = 0x01;
        json::array results;
        if (item.get_array().get(results) != simdjson::SUCCESS) return false;
        for (auto entry : results) {
            json::value one;
            if (entry.get(one) != simdjson::SUCCESS || !read_simulated(one, out)) return false;
        }
        return true;
    });
}

template <class T>
bool read_body(json::value& value, ReplyBody& body) {
    return read_value(value, body.emplace<T>());
}

}  // namespace

bool read(json::value& value, Hash32& out) {
    return read_value(value, out);
}

bool read(json::value& value, Header& out) {
    return read_value(value, out);
}

bool read(json::value& value, Log& out) {
    return read_value(value, out);
}

bool read(json::value& value, PendingTransaction& out) {
    return read_value(value, out);
}

bool read_result(json::value& value, ReplyKind kind, ReplyBody& body) {
    if (is_null(value)) return true;  // whether nothing is an answer, the caller knows
    switch (kind) {
        case ReplyKind::text:
            return read_body<std::string>(value, body);
        case ReplyKind::quantity:
            return read_body<U256>(value, body);
        case ReplyKind::bytes:
            return read_body<Bytes>(value, body);
        case ReplyKind::hash:
            return read_body<Hash32>(value, body);
        case ReplyKind::boolean:
            return read_body<bool>(value, body);
        case ReplyKind::syncing:
            return read_syncing(value, body);
        case ReplyKind::header:
            return read_body<Header>(value, body);
        case ReplyKind::logs:
            return read_body<std::vector<Log>>(value, body);
        case ReplyKind::tips:
            return read_body<RecentTips>(value, body);
        case ReplyKind::receipt:
            return read_body<Receipt>(value, body);
        case ReplyKind::placed:
            return read_body<PlacedTransaction>(value, body);
        case ReplyKind::bundle:
            return read_body<BundleTaken>(value, body);
        case ReplyKind::simulation:
            return read_body<BundleSimulation>(value, body);
    }
    return false;
}

}  // namespace plimsoll::rpc::json_values
