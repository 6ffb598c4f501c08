// SPDX-License-Identifier: Apache-2.0
#include "chain/rpc/json_scalars.hpp"

#include "chain/rpc/hex_quantity.hpp"

namespace plimsoll::rpc::json_values {

std::string_view token(json::value& value) {
    std::string_view text = value.raw_json_token();
    while (!text.empty() && static_cast<unsigned char>(text.back()) <= ' ')
        text.remove_suffix(1);
    if (!text.empty() && (text.front() == '{' || text.front() == '[')) return {};
    return text;
}

std::optional<std::string_view> plain_string(json::value& value) {
    const std::string_view text = token(value);
    if (text.size() < 2 || text.front() != '"' || text.back() != '"') return std::nullopt;
    return text.substr(1, text.size() - 2);
}

bool is_null(json::value& value) {
    return token(value) == "null";
}

std::string bounded_text(json::value& value, std::size_t limit) {
    std::string_view text;
    if (value.get_string().get(text) != simdjson::SUCCESS) return {};
    std::string out{text.substr(0, limit)};
    for (char& c : out) {
        if (c < ' ' || c > '~') c = '?';
    }
    return out;
}

bool read_value(json::value& value, Hash32& out) {
    return read_fixed(value, out.bytes);
}

bool read_value(json::value& value, Address& out) {
    return read_fixed(value, out.bytes);
}

bool read_value(json::value& value, std::uint64_t& out) {
    const auto text = plain_string(value);
    const auto number = text ? parse_quantity64(*text) : std::nullopt;
    if (number) out = *number;
    return number.has_value();
}

bool read_value(json::value& value, std::uint32_t& out) {
    std::uint64_t wide = 0;
    if (!read_value(value, wide) || wide > UINT32_MAX) return false;
    out = static_cast<std::uint32_t>(wide);
    return true;
}

bool read_value(json::value& value, U256& out) {
    const auto text = plain_string(value);
    const auto number = text ? parse_quantity(*text) : std::nullopt;
    if (number) out = *number;
    return number.has_value();
}

bool read_value(json::value& value, bool& out) {
    const std::string_view text = token(value);
    out = text == "true";
    return out || text == "false";
}

bool read_value(json::value& value, Bytes& out) {
    return read_bytes(value, [&out](std::size_t size) {
        out.resize(size);
        return std::span<std::uint8_t>{out};
    });
}

}  // namespace plimsoll::rpc::json_values
