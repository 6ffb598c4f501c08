// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chain/primitives/bytes.hpp"
#include "chain/primitives/hash.hpp"

#include <string_view>

namespace plimsoll::bot {

/// chain/contracts/Executor.json as hex with 0x: what a creation carries before the constructor's arguments,
/// and what then stands at the address. The contract has no immutables: the latter is the same everywhere.
[[nodiscard]] std::string_view executor_creation_hex() noexcept;
[[nodiscard]] std::string_view executor_runtime_hex() noexcept;

/// Whether this is the Executor that this program comes with.
[[nodiscard]] bool is_executor_code(BytesView code);
/// Keccak-256 of the code it should have.
[[nodiscard]] Hash32 executor_code_hash();

}  // namespace plimsoll::bot
