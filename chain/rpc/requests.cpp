// SPDX-License-Identifier: Apache-2.0
#include "chain/rpc/requests.hpp"

#include "chain/primitives/hex.hpp"
#include "chain/rpc/hex_quantity.hpp"

namespace plimsoll::rpc::requests {
namespace {

std::string begin(RequestId id, Method method, std::size_t room = 0) {
    std::string out;
    out.reserve(96 + room);
    out += R"({"jsonrpc":"2.0","id":)";
    out += std::to_string(id);
    out += R"(,"method":")";
    out += wire_name(method);
    out += R"(","params":[)";
    return out;
}

std::string end(std::string out) {
    out += "]}";
    return out;
}

void hex(std::string& out, BytesView bytes) {
    out += "\"0x";
    append_hex(out, bytes);
    out += '"';
}

void block_id(std::string& out, const Hash32& block) {
    out += R"({"blockHash":)";
    hex(out, block.bytes);
    out += '}';
}

template <class List>
void hex_list(std::string& out, const List& list) {
    out += '[';
    for (const auto& item : list) {
        if (&item != list.data()) out += ',';
        hex(out, item.bytes);
    }
    out += ']';
}

/// The emitters and first topics of a filter, each with a leading comma unless the object has just begun.
void filter(std::string& out, std::span<const Address> addresses, std::span<const Hash32> topics) {
    if (!addresses.empty()) {
        if (out.back() != '{') out += ',';
        out += R"("address":)";
        hex_list(out, addresses);
    }
    if (!topics.empty()) {
        if (out.back() != '{') out += ',';
        out += R"("topics":[)";
        hex_list(out, topics);
        out += ']';
    }
    out += '}';
}

std::size_t filter_room(const Watch& watch) {
    return 46 * watch.addresses.size() + 70 * watch.topics.size() + 128;
}

std::size_t bundle_room(std::span<const Bytes> transactions) {
    std::size_t out = 96;
    for (const Bytes& transaction : transactions)
        out += 2 * transaction.size() + 8;
    return out;
}

/// The object without its end.
void bundle(std::string& out, std::span<const Bytes> transactions, BlockNumber block) {
    out += R"({"txs":[)";
    for (const Bytes& transaction : transactions) {
        if (out.back() != '[') out += ',';
        hex(out, transaction);
    }
    out += R"(],"blockNumber":)";
    append_quantity(out, block.value);
}

void call_object(std::string& out, const Address* from, const Address& to, BytesView data) {
    out += '{';
    if (from != nullptr) {
        out += R"("from":)";
        hex(out, from->bytes);
        out += ',';
    }
    out += R"("to":)";
    hex(out, to.bytes);
    out += R"(,"data":)";
    hex(out, data);
    out += '}';
}

}  // namespace

std::string plain(RequestId id, Method method) {
    return end(begin(id, method));
}

std::string block_by_tag(RequestId id, std::string_view tag) {
    std::string out = begin(id, Method::block_by_number) + '"';
    out += tag;
    out += R"(",false)";
    return end(std::move(out));
}

std::string block_by_number(RequestId id, BlockNumber number) {
    std::string out = begin(id, Method::block_by_number);
    append_quantity(out, number.value);
    out += ",false";
    return end(std::move(out));
}

std::string block_by_hash(RequestId id, const Hash32& hash) {
    std::string out = begin(id, Method::block_by_hash);
    hex(out, hash.bytes);
    out += ",false";
    return end(std::move(out));
}

std::string logs_in_range(RequestId id, const LogQuery& query) {
    std::string out =
        begin(id, Method::get_logs, 46 * query.addresses.size() + 70 * query.topics.size() + 128);
    out += R"({"fromBlock":)";
    append_quantity(out, query.from.value);
    out += R"(,"toBlock":)";
    append_quantity(out, query.to.value);
    filter(out, query.addresses, query.topics);
    return end(std::move(out));
}

std::string logs_at(RequestId id, const Hash32& block, const Watch& watch) {
    std::string out = begin(id, Method::get_logs, filter_room(watch));
    out += R"({"blockHash":)";
    hex(out, block.bytes);
    filter(out, watch.addresses, watch.topics);
    return end(std::move(out));
}

std::string call(RequestId id, const Address* from, const Address& to, BytesView data, const Hash32& block) {
    std::string out = begin(id, Method::call, 2 * data.size() + 256);
    call_object(out, from, to, data);
    out += ',';
    block_id(out, block);
    return end(std::move(out));
}

std::string estimate_gas(RequestId id, const Address& from, const Address& to, BytesView data) {
    std::string out = begin(id, Method::estimate_gas, 2 * data.size() + 256);
    call_object(out, &from, to, data);
    return end(std::move(out));
}

std::string get_code(RequestId id, const Address& address, const Hash32& block) {
    std::string out = begin(id, Method::get_code);
    hex(out, address.bytes);
    out += ',';
    block_id(out, block);
    return end(std::move(out));
}

std::string balance(RequestId id, const Address& address) {
    std::string out = begin(id, Method::balance);
    hex(out, address.bytes);
    return end(std::move(out) + R"(,"latest")");
}

std::string fee_history(RequestId id, std::uint32_t blocks, std::uint32_t percentile) {
    std::string out = begin(id, Method::fee_history);
    out += '"' + to_quantity_hex(U256{blocks}) + R"(","latest",[)" + std::to_string(percentile) + ']';
    return end(std::move(out));
}

std::string transaction_count(RequestId id, const Address& address, std::string_view tag) {
    std::string out = begin(id, Method::transaction_count);
    hex(out, address.bytes);
    out += ",\"";
    out += tag;
    out += '"';
    return end(std::move(out));
}

std::string transaction_receipt(RequestId id, const Hash32& transaction) {
    std::string out = begin(id, Method::transaction_receipt);
    hex(out, transaction.bytes);
    return end(std::move(out));
}

std::string transaction_by_hash(RequestId id, const Hash32& transaction) {
    std::string out = begin(id, Method::transaction_by_hash);
    hex(out, transaction.bytes);
    return end(std::move(out));
}

std::string send_raw_transaction(RequestId id, BytesView transaction) {
    std::string out = begin(id, Method::send_raw_transaction, 2 * transaction.size() + 16);
    hex(out, transaction);
    return end(std::move(out));
}

std::string send_private_transaction(RequestId id, BytesView transaction, BlockNumber last) {
    std::string out = begin(id, Method::send_private_transaction, 2 * transaction.size() + 96);
    out += R"({"tx":)";
    hex(out, transaction);
    out += R"(,"maxBlockNumber":)";
    append_quantity(out, last.value);
    return end(std::move(out) + R"(,"preferences":{"fast":true}})");
}

std::string cancel_private_transaction(RequestId id, const Hash32& transaction) {
    std::string out = begin(id, Method::cancel_private_transaction);
    out += R"({"txHash":)";
    hex(out, transaction.bytes);
    out += '}';
    return end(std::move(out));
}

std::string send_bundle(RequestId id, std::span<const Bytes> transactions, BlockNumber block) {
    std::string out = begin(id, Method::send_bundle, bundle_room(transactions));
    bundle(out, transactions, block);
    out += '}';
    return end(std::move(out));
}

std::string call_bundle(RequestId id, std::span<const Bytes> transactions, BlockNumber block) {
    std::string out = begin(id, Method::call_bundle, bundle_room(transactions));
    bundle(out, transactions, block);
    return end(std::move(out) + R"(,"stateBlockNumber":"latest"})");
}

std::string subscribe_heads(RequestId id) {
    return end(begin(id, Method::subscribe) + R"("newHeads")");
}

std::string subscribe_logs(RequestId id, const Watch& watch) {
    std::string out = begin(id, Method::subscribe, filter_room(watch));
    out += R"("logs",{)";
    filter(out, watch.addresses, watch.topics);
    return end(std::move(out));
}

std::string subscribe_pending(RequestId id) {
    return end(begin(id, Method::subscribe) + R"("newPendingTransactions",true)");
}

std::string subscribe_pending_to(RequestId id, std::span<const Address> targets) {
    std::string out = begin(id, Method::subscribe, 46 * targets.size() + 64);
    out += R"("alchemy_pendingTransactions",{)";
    if (!targets.empty()) {
        out += R"("toAddress":)";
        hex_list(out, targets);
        out += ',';
    }
    out += R"("hashesOnly":false})";
    return end(std::move(out));
}

std::string unsubscribe(RequestId id, std::string_view subscription) {
    std::string out = begin(id, Method::unsubscribe);
    out += '"';
    out += subscription;
    out += '"';
    return end(std::move(out));
}

}  // namespace plimsoll::rpc::requests
