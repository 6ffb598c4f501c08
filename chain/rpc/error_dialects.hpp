// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chain/primitives/result.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace plimsoll::rpc {

/// What a node's error means for us. Codes collide between nodes, so the text decides and a code only
/// narrows.
enum class ErrorClass : std::uint8_t {
    none,           // no error: accepted
    already_known,  // the same bytes are in the pool: success for that hash
    nonce_too_low,
    nonce_too_high,
    replacement_underpriced,
    fee_cap_below_base,
    underpriced,
    insufficient_funds,
    node_fee_cap,         // above what this node sends on, whatever the chain takes
    gas_limit,            // intrinsic gas, block limit, EIP-7825: fatal for the payload
    invalid_transaction,  // malformed or too large: fatal for the payload
    pool_full,
    account_limit,     // too many of this account wait already: the same bytes again, later
    address_reserved,  // another kind of transaction of this account waits: not ours
    filtered,          // this way does not take it for whom it is from or to; another may
    unauthorized,      // of a relay: our signature on the request, or its absence
    not_ready,         // the node is not up to date itself
    wrong_chain,
    execution_reverted,  // carries the revert data, if the node gave it
    rate_limited,
    quota_ended,
    limit_exceeded,  // range or result of a log query, or a response, too large: ask for less
    unknown_block,   // the node does not have this block (yet)
    method_missing,
    invalid_request,
    transport,  // no answer: timeout, disconnect, HTTP failure; for a transaction "maybe sent"
    unknown,    // for a transaction: "maybe sent"
};
inline constexpr std::size_t kErrorClassCount = static_cast<std::size_t>(ErrorClass::unknown) + 1;

[[nodiscard]] std::string_view to_string(ErrorClass error_class) noexcept;
/// The program's own error kind for it.
[[nodiscard]] Errc to_errc(ErrorClass error_class) noexcept;

/// One way in which some node says something.
struct Dialect {
    ErrorClass means;
    std::optional<std::int64_t> code;  // if set, the code must match too
    std::string_view text;             // lower case; must occur in the message; empty matches any
    std::string_view source;           // who says so
};

/// In order of matching: reverts (their reason is foreign text), then known, nonces, funds, prices, limits,
/// bare codes.
[[nodiscard]] std::span<const Dialect> dialects() noexcept;

/// Of ASCII letters.
[[nodiscard]] std::string lower_case(std::string_view text);

/// Case is ignored. `unknown` if no row matches.
[[nodiscard]] ErrorClass classify(std::int64_t code, std::string_view message);

}  // namespace plimsoll::rpc
