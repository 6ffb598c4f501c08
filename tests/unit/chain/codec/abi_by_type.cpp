// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/chain/codec/abi_by_type.hpp"

#include "chain/primitives/hex.hpp"

#include <algorithm>
#include <stdexcept>

namespace plimsoll::testing {

namespace {

using codec::AbiReader;
using codec::AbiWriter;
using Kind = AbiType::Kind;
using simdjson::dom::element;

bool is_dynamic(const AbiType& type) {
    switch (type.kind) {
        case Kind::bytes:
        case Kind::text:
        case Kind::array:
            return true;
        case Kind::fixed_array:
            return type.size > 0 && is_dynamic(type.parts[0]);
        case Kind::tuple:
            return std::any_of(type.parts.begin(), type.parts.end(), is_dynamic);
        default:
            return false;
    }
}

/// Splits "a,(b,c),d" at the commas outside of parentheses.
std::vector<AbiType> parse_parts(std::string_view text) {
    std::vector<AbiType> parts;
    int depth = 0;
    std::size_t start = 0;
    for (std::size_t i = 0; i <= text.size() && !text.empty(); ++i) {
        if (i == text.size() || (text[i] == ',' && depth == 0)) {
            parts.push_back(parse_abi_type(text.substr(start, i - start)));
            start = i + 1;
            continue;
        }
        if (text[i] == '(') ++depth;
        if (text[i] == ')') --depth;
    }
    return parts;
}

AbiType sized(Kind kind, std::string_view digits, std::size_t otherwise) {
    return {kind, digits.empty() ? otherwise : std::stoul(std::string{digits}), {}};
}

U256 parse_number(element value) {
    if (value.is_int64() && value.get_int64().value() >= 0)
        return U256{static_cast<std::uint64_t>(value.get_int64().value())};
    const std::string_view text = value.get_string().value();
    const bool negative = text.starts_with('-');
    const U256 magnitude = parse_decimal(negative ? text.substr(1) : text).value();
    return negative ? wrapping_sub(U256{}, magnitude) : magnitude;
}

Hash32 left_aligned(const Bytes& bytes) {
    Hash32 out;
    std::copy(bytes.begin(), bytes.end(), out.bytes.begin());
    return out;
}

/// Hex text stands for itself, any other text for its characters.
Bytes parse_fixed_bytes(std::string_view text) {
    if (text.starts_with("0x")) return parse_hex(text).value();
    return {text.begin(), text.end()};
}

void write_parts(AbiWriter& out, const AbiType& type, simdjson::dom::array values) {
    std::size_t i = 0;
    for (const element value : values)
        write_value(out, type.kind == Kind::tuple ? type.parts[i++] : type.parts[0], value);
}

void write_composite(AbiWriter& out, const AbiType& type, element value) {
    const simdjson::dom::array values = value.get_array().value();
    if (!is_dynamic(type)) return write_parts(out, type, values);
    AbiWriter nested = type.kind == Kind::array ? AbiWriter::array(values.size()) : AbiWriter{};
    write_parts(nested, type, values);
    out.dynamic(nested);
}

U256 read_uint(AbiReader& in, std::size_t bits) {
    const U256 value = in.u256();
    if (value.bit_width() > bits) in.reject("a uint above its width");
    return value;
}

std::string read_sint(AbiReader& in, std::size_t bits) {
    bool negative = false;
    const U256 magnitude = in.signed_word(negative);
    const U256 limit = U256{1} << static_cast<unsigned>(bits - 1);
    if (magnitude > limit || (magnitude == limit && !negative)) in.reject("an int beyond its width");
    return (negative ? "-" : "") + to_decimal(magnitude);
}

Bytes read_fixed_bytes(AbiReader& in, std::size_t size) {
    const Hash32 word = in.word();
    Bytes out{word.bytes.begin(), word.bytes.begin() + static_cast<std::ptrdiff_t>(size)};
    if (left_aligned(out) != word) in.reject("bytes beyond their width");
    return out;
}

/// Calls `each` with the reader and the type of every element of a composite.
template <class Each>
void read_composite(AbiReader& in, const AbiType& type, Each each) {
    AbiReader nested = is_dynamic(type) ? in.dynamic() : in;
    const std::size_t count = type.kind == Kind::array         ? nested.length()
                              : type.kind == Kind::fixed_array ? type.size
                                                               : type.parts.size();
    for (std::size_t i = 0; i < count && nested.ok(); ++i) {
        each(nested, type.kind == Kind::tuple ? type.parts[i] : type.parts[0]);
    }
    if (is_dynamic(type)) {
        in.absorb(nested);
    } else {
        in = nested;
    }
}

std::string in_quotes(std::string text) {
    return '"' + text + '"';
}

std::string read_list(AbiReader& in, const AbiType& type) {
    std::string out = "[";
    read_composite(in, type, [&out](AbiReader& nested, const AbiType& part) {
        if (out.size() > 1) out += ',';
        out += read_value(nested, part);
    });
    return out + "]";
}

}  // namespace

AbiType parse_abi_type(std::string_view text) {
    if (text.ends_with(']')) {
        const std::size_t open = text.rfind('[');
        const std::string_view count = text.substr(open + 1, text.size() - open - 2);
        AbiType out = sized(count.empty() ? Kind::array : Kind::fixed_array, count, 0);
        out.parts.push_back(parse_abi_type(text.substr(0, open)));
        return out;
    }
    if (text.starts_with('(')) return tuple_of(parse_parts(text.substr(1, text.size() - 2)));
    if (text.starts_with("uint")) return sized(Kind::uint, text.substr(4), 256);
    if (text.starts_with("int")) return sized(Kind::sint, text.substr(3), 256);
    if (text == "address") return {Kind::address, 0, {}};
    if (text == "bool") return {Kind::boolean, 0, {}};
    if (text == "bytes") return {Kind::bytes, 0, {}};
    if (text == "string") return {Kind::text, 0, {}};
    if (text.starts_with("bytes")) return sized(Kind::fixed_bytes, text.substr(5), 0);
    throw std::invalid_argument{"no ABI type: " + std::string{text}};
}

AbiType tuple_of(std::vector<AbiType> parts) {
    return {Kind::tuple, 0, std::move(parts)};
}

void write_value(AbiWriter& out, const AbiType& type, element value) {
    switch (type.kind) {
        case Kind::uint:
        case Kind::sint:
            out.u256(parse_number(value));
            return;
        case Kind::address:
            out.address(parse_address(value.get_string().value()).value());
            return;
        case Kind::boolean:
            out.boolean(value.get_bool().value());
            return;
        case Kind::fixed_bytes:
            out.word(left_aligned(parse_fixed_bytes(value.get_string().value())));
            return;
        case Kind::bytes:
            out.bytes(parse_fixed_bytes(value.get_string().value()));
            return;
        case Kind::text:
            out.text(value.get_string().value());
            return;
        case Kind::tuple:
        case Kind::fixed_array:
        case Kind::array:
            write_composite(out, type, value);
            return;
    }
}

std::string read_value(AbiReader& in, const AbiType& type) {
    switch (type.kind) {
        case Kind::uint:
            return in_quotes(to_decimal(read_uint(in, type.size)));
        case Kind::sint:
            return in_quotes(read_sint(in, type.size));
        case Kind::address:
            return in_quotes(to_string(in.address()));
        case Kind::boolean:
            return in.boolean() ? "true" : "false";
        case Kind::fixed_bytes:
            return in_quotes(to_hex(read_fixed_bytes(in, type.size)));
        case Kind::bytes:
        case Kind::text:
            return in_quotes(to_hex(in.bytes()));
        case Kind::tuple:
        case Kind::fixed_array:
        case Kind::array:
            return read_list(in, type);
    }
    return {};
}

void copy_value(AbiReader& in, const AbiType& type, AbiWriter& out) {
    switch (type.kind) {
        case Kind::uint:
            out.u256(read_uint(in, type.size));
            return;
        case Kind::sint:
        case Kind::fixed_bytes:
            out.word(in.word());
            return;
        case Kind::address:
            out.address(in.address());
            return;
        case Kind::boolean:
            out.boolean(in.boolean());
            return;
        case Kind::bytes:
            out.bytes(in.bytes());
            return;
        case Kind::text:
            out.text(in.text());
            return;
        case Kind::tuple:
        case Kind::fixed_array:
        case Kind::array:
            break;
    }
    std::size_t count = 0;
    AbiWriter parts;
    AbiReader probe = in;
    read_composite(probe, type, [&count](AbiReader& nested, const AbiType& part) {
        static_cast<void>(read_value(nested, part));
        ++count;
    });
    AbiWriter nested_out = type.kind == Kind::array ? AbiWriter::array(count) : AbiWriter{};
    AbiWriter& target = is_dynamic(type) ? nested_out : out;
    read_composite(in, type,
                   [&target](AbiReader& nested, const AbiType& part) { copy_value(nested, part, target); });
    if (is_dynamic(type)) out.dynamic(nested_out);
}

}  // namespace plimsoll::testing
