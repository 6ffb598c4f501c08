// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chain/primitives/result.hpp"
#include "signer/keys/key.hpp"

#include <string>
#include <string_view>

namespace plimsoll::signer {

/// The header that relays know their searchers by.
inline constexpr std::string_view kRelaySignatureHeader = "X-Flashbots-Signature";

/// Its value for exactly these body bytes: "<address>:<signature>", the signature being EIP-191 (personal
/// message) over the 66 characters "0x" + hex(keccak256(body)). The key is a name with a reputation, never
/// the one that holds funds.
[[nodiscard]] std::string relay_signature(const Key& key, std::string_view body);

/// A relay's key: a file of 64 hex digits, "0x" before and a line break behind them at most, that only we may
/// read. Errc::not_found, refused, malformed_input or key_unavailable; never with the content.
[[nodiscard]] Result<Key> read_relay_key(const std::string& path);

}  // namespace plimsoll::signer
