// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace plimsoll::rpc {

/// The JSON-RPC methods this program uses (ethereum/execution-apis; eth_subscribe as in geth's pubsub).
enum class Method : std::uint8_t {
    client_version,
    chain_id,
    block_number,
    block_by_number,
    block_by_hash,
    get_logs,
    call,
    estimate_gas,
    get_code,
    balance,
    transaction_count,
    transaction_receipt,
    send_raw_transaction,
    subscribe,
    unsubscribe,
    syncing,
    // Of relays and builders (Flashbots' forms, which the others took over):
    send_private_transaction,
    cancel_private_transaction,
    send_bundle,
    call_bundle,
    fee_history,
    transaction_by_hash,
};
inline constexpr std::size_t kMethodCount = 22;

/// What a method's result looks like.
enum class ReplyKind : std::uint8_t {
    text,
    quantity,
    bytes,
    hash,
    boolean,
    syncing,
    header,
    logs,
    receipt,
    placed,      // a transaction, as far as it tells where it is
    bundle,      // {"bundleHash": …}; builders also say null, a text, or an object without it
    simulation,  // of a bundle
    tips,        // of eth_feeHistory
};

/// As on the wire, e.g. "eth_getLogs".
[[nodiscard]] std::string_view wire_name(Method method) noexcept;
[[nodiscard]] ReplyKind reply_kind(Method method) noexcept;
/// Whether it may put a transaction of ours on chain, or take one back.
[[nodiscard]] bool is_submission(Method method) noexcept;

/// Requests sent, by method.
using MethodCounts = std::array<std::uint64_t, kMethodCount>;

}  // namespace plimsoll::rpc
