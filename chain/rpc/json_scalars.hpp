// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chain/primitives/bytes.hpp"
#include "chain/primitives/hash.hpp"
#include "chain/primitives/hex.hpp"
#include "chain/primitives/units.hpp"
#include "chain/rpc/json_values.hpp"

#include <cstdint>
#include <span>
#include <string_view>

// What every answer is made of: scalars in their one right form, and objects with each key once.
namespace plimsoll::rpc::json_values {

[[nodiscard]] bool read_value(json::value& value, Hash32& out);
[[nodiscard]] bool read_value(json::value& value, Address& out);
[[nodiscard]] bool read_value(json::value& value, std::uint64_t& out);
[[nodiscard]] bool read_value(json::value& value, std::uint32_t& out);
[[nodiscard]] bool read_value(json::value& value, U256& out);
[[nodiscard]] bool read_value(json::value& value, bool& out);
[[nodiscard]] bool read_value(json::value& value, Bytes& out);

template <class T>
[[nodiscard]] bool read_fixed(json::value& value, T& out) {
    const auto text = plain_string(value);
    return text && text->size() == 2 + 2 * out.size() && text->substr(0, 2) == "0x" &&
           decode_hex(text->substr(2), out);
}

template <class Unit>
[[nodiscard]] bool read_value(json::value& value, Quantity<Unit>& out) {
    U256 raw;
    if (!read_value(value, raw)) return false;
    out = Quantity<Unit>{raw};
    return true;
}

template <class Tag>
[[nodiscard]] bool read_value(json::value& value, Count<Tag>& out) {
    return read_value(value, out.value);
}

/// Hex bytes of any length, into what `room(size)` returns.
template <class Room>
[[nodiscard]] bool read_bytes(json::value& value, const Room& room) {
    const auto text = plain_string(value);
    if (!text || text->size() < 2 || text->size() % 2 != 0 || text->substr(0, 2) != "0x") return false;
    return decode_hex(text->substr(2), room(text->size() / 2 - 1));
}

/// Walks over an object's fields; `field(key, value, seen)` returns false for a bad value and sets its bit in
/// `seen`. False as well for broken JSON, a key that stands twice, or a missing one of `required`.
template <class Field>
[[nodiscard]] bool read_object(json::value& value, unsigned required, const Field& field) {
    json::object object;
    if (value.get_object().get(object) != simdjson::SUCCESS) return false;
    unsigned seen = 0;
    for (auto member : object) {
        std::string_view key;
        json::value item;
        if (member.unescaped_key().get(key) != simdjson::SUCCESS) return false;
        if (member.value().get(item) != simdjson::SUCCESS) return false;
        unsigned bit = 0;
        if (!field(key, item, bit) || (seen & bit) != 0) return false;
        seen |= bit;
    }
    return (seen & required) == required;
}

/// Reads into `out` if this is the key, and says so in `bit`.
template <class T>
[[nodiscard]] bool take(json::value& value, T& out, unsigned& bit, unsigned own) {
    bit = own;
    return read_value(value, out);
}

}  // namespace plimsoll::rpc::json_values
