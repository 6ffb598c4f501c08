// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/strategy/venues/aave_v3/vector_file.hpp"

#include "chain/primitives/hex.hpp"

#include <map>
#include <stdexcept>

namespace plimsoll::strategy::aave_v3 {

namespace {

Hash32 hash_of(std::string_view text) {
    return parse_hash(text).value();
}

std::uint64_t quantity(std::string_view text) {
    return parse_quantity_hex(text).value().low64();
}

}  // namespace

simdjson::dom::element vector_file(const std::string& name) {
    static std::map<std::string, simdjson::dom::parser> parsers;
    return parsers[name].load(std::string{PLIMSOLL_VECTORS} + "/aave_v3/" + name);
}

U256 decimal(const simdjson::dom::element& row, const char* field) {
    return parse_decimal(std::string_view{row[field]}).value();
}

Log captured_log(const simdjson::dom::element& raw) {
    Log out;
    if (!decode_hex(std::string_view{raw["address"]}.substr(2), out.address.bytes))
        throw std::runtime_error("address");
    for (const simdjson::dom::element topic : raw["topics"].get_array()) {
        out.topics.at(out.topic_count++) = hash_of(std::string_view{topic});
    }
    out.data.assign(parse_hex(std::string_view{raw["data"]}).value());
    out.block_number = BlockNumber{quantity(std::string_view{raw["blockNumber"]})};
    out.block_hash = hash_of(std::string_view{raw["blockHash"]});
    out.transaction_hash = hash_of(std::string_view{raw["transactionHash"]});
    out.transaction_index = static_cast<std::uint32_t>(quantity(std::string_view{raw["transactionIndex"]}));
    out.index = static_cast<std::uint32_t>(quantity(std::string_view{raw["logIndex"]}));
    return out;
}

}  // namespace plimsoll::strategy::aave_v3
