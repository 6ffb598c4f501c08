// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chain/primitives/log.hpp"
#include "chain/primitives/u256.hpp"

#include <simdjson.h>

#include <string>

namespace plimsoll::strategy::aave_v3 {

/// A JSON file of tests/vectors/aave_v3, kept parsed for the life of the test program.
[[nodiscard]] simdjson::dom::element vector_file(const std::string& name);
/// A decimal string field.
[[nodiscard]] U256 decimal(const simdjson::dom::element& row, const char* field);
/// A log as JSON-RPC writes it.
[[nodiscard]] Log captured_log(const simdjson::dom::element& raw);

}  // namespace plimsoll::strategy::aave_v3
