// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chain/codec/abi_reader.hpp"
#include "chain/codec/abi_writer.hpp"

#include <simdjson.h>

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace plimsoll::testing {

/// An ABI type as Solidity writes it, "(address,uint8[2])[]", so that tests can drive the writer and the
/// reader with whatever types another implementation's vectors use.
struct AbiType {
    enum class Kind { uint, sint, address, boolean, fixed_bytes, bytes, text, tuple, fixed_array, array };
    Kind kind{};
    std::size_t size{};          // bits, bytes or elements
    std::vector<AbiType> parts;  // of a tuple; the element of an array
};

/// Throws std::invalid_argument for what is no type.
[[nodiscard]] AbiType parse_abi_type(std::string_view text);
[[nodiscard]] AbiType tuple_of(std::vector<AbiType> parts);

/// Writes a JSON value: numbers as decimal text or JSON integers, bytes as 0x text, tuples and arrays as JSON
/// arrays.
void write_value(codec::AbiWriter& out, const AbiType& type, simdjson::dom::element value);

/// Reads a value as JSON text: numbers as decimal strings, bytes and text as 0x strings. Rejects what does
/// not fit the type.
[[nodiscard]] std::string read_value(codec::AbiReader& in, const AbiType& type);

/// Reads a value and writes it again, without leaving the ABI.
void copy_value(codec::AbiReader& in, const AbiType& type, codec::AbiWriter& out);

}  // namespace plimsoll::testing
