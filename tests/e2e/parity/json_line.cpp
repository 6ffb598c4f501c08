// SPDX-License-Identifier: Apache-2.0
#include "tests/e2e/parity/json_line.hpp"

#include "chain/primitives/hex.hpp"

#include <stdexcept>

namespace plimsoll::probe {

namespace {

template <class T>
T must(Result<T> result) {
    if (!result) throw std::runtime_error(result.error().context);
    return *std::move(result);
}

std::uint64_t quantity(std::string_view text) {
    return must(parse_quantity_hex(text)).low64();
}

Log one_log(const Element& from) {
    Log out;
    out.address = address(text(from, "address"));
    for (const Element topic : from["topics"].get_array()) {
        out.topics.at(out.topic_count++) = hash(std::string_view{topic});
    }
    out.data.assign(must(parse_hex(text(from, "data"))));
    out.block_number = BlockNumber{quantity(text(from, "blockNumber"))};
    out.block_hash = hash(text(from, "blockHash"));
    out.transaction_hash = hash(text(from, "transactionHash"));
    out.transaction_index = static_cast<std::uint32_t>(quantity(text(from, "transactionIndex")));
    out.index = static_cast<std::uint32_t>(quantity(text(from, "logIndex")));
    return out;
}

std::string lower(const Address& value) {
    return to_hex(value.bytes);
}

}  // namespace

std::string_view text(const Element& from, const char* field) {
    return std::string_view{from[field]};
}

std::uint64_t number(const Element& from, const char* field) {
    return std::uint64_t{from[field]};
}

Address address(std::string_view text) {
    Address out;
    if (text.size() != 42 || !decode_hex(text.substr(2), out.bytes))
        throw std::runtime_error("not an address");
    return out;
}

Hash32 hash(std::string_view text) {
    return must(parse_hash(text));
}

Head head(const Element& from) {
    Head out;
    out.hash = hash(text(from, "hash"));
    out.parent_hash = hash(text(from, "parentHash"));
    out.number = BlockNumber{number(from, "number")};
    out.timestamp = Timestamp{number(from, "timestamp")};
    return out;
}

std::vector<Log> logs(const Element& from) {
    std::vector<Log> out;
    for (const Element log : from.get_array())
        out.push_back(one_log(log));
    return out;
}

std::string in_quotes(std::string_view text) {
    std::string out{"\""};
    for (const char c : text) {
        if (c == '"' || c == '\\') out.push_back('\\');
        out.push_back(c);
    }
    return out + "\"";
}

std::string list(const std::vector<std::string>& parts) {
    std::string out{"["};
    for (const std::string& part : parts) {
        if (out.size() > 1) out.push_back(',');
        out += part;
    }
    return out + "]";
}

std::string to_json(const Watch& watch) {
    std::vector<std::string> addresses;
    for (const Address& value : watch.addresses)
        addresses.push_back(in_quotes(lower(value)));
    std::vector<std::string> topics;
    for (const Hash32& value : watch.topics)
        topics.push_back(in_quotes(to_string(value)));
    return "{\"addresses\":" + list(addresses) + ",\"topics\":" + list(topics) + "}";
}

std::string to_json(const ReadRequest& request) {
    std::string out =
        "{\"id\":" + std::to_string(request.id) + ",\"hash\":" + in_quotes(to_string(request.block_hash));
    if (const auto* query = std::get_if<LogQuery>(&request.what)) {
        out +=
            ",\"from\":" + std::to_string(query->from.value) + ",\"to\":" + std::to_string(query->to.value);
        return out + ",\"logs\":" + to_json(Watch{query->addresses, query->topics}) + "}";
    }
    std::vector<std::string> calls;
    for (const Call& call : std::get<std::vector<Call>>(request.what)) {
        calls.push_back("[" + in_quotes(lower(call.to)) + "," + in_quotes(to_hex(call.data)) + "]");
    }
    return out + ",\"calls\":" + list(calls) + "}";
}

}  // namespace plimsoll::probe
