// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chain/primitives/address.hpp"
#include "chain/primitives/bytes.hpp"
#include "chain/primitives/result.hpp"

#include <array>

namespace plimsoll::bot {

/// The contract at the same address on every chain that carries out CREATE2 for anybody: salt (32 bytes) and
/// creation code in, the new address out (EIP-2470's successor, "deterministic deployment proxy").
inline constexpr Address kCreationProxy{{0x4e, 0x59, 0xb4, 0x48, 0x47, 0xb3, 0x79, 0x57, 0x85, 0x88,
                                         0x92, 0x0c, 0xa7, 0x8f, 0xbf, 0x26, 0xc0, 0xb4, 0x95, 0x6c}};

struct ExecutorRoles {
    Address owner;             // may change the two below, and sweep
    Address operator_address;  // may call execute
    Address receiver;          // gets the profit
};

/// A call of the creation proxy, and the address the contract then has. Who calls does not matter: the
/// constructor takes its roles as arguments, so the same roles lead to the same address everywhere.
struct ExecutorCreation {
    Bytes data;
    std::array<std::uint8_t, 4> selector{};  // the salt's first bytes, for the signing policy
    Address address;
};

/// Errc::malformed_input for an owner or receiver that is zero.
[[nodiscard]] Result<ExecutorCreation> executor_creation(const ExecutorRoles& roles);

}  // namespace plimsoll::bot
