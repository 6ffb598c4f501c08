// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chain/primitives/address.hpp"
#include "chain/primitives/bytes.hpp"
#include "chain/primitives/hash.hpp"
#include "chain/primitives/read_request.hpp"
#include "chain/primitives/units.hpp"
#include "chain/rpc/method.hpp"
#include "chain/rpc/reply.hpp"

#include <span>
#include <string>

/// The frames we send, written in place (JSON-RPC 2.0; parameters as in ethereum/execution-apis).
namespace plimsoll::rpc::requests {

/// A method without parameters.
[[nodiscard]] std::string plain(RequestId id, Method method);
/// `tag` is "latest" or "finalized".
[[nodiscard]] std::string block_by_tag(RequestId id, std::string_view tag);
[[nodiscard]] std::string block_by_number(RequestId id, BlockNumber number);
[[nodiscard]] std::string block_by_hash(RequestId id, const Hash32& hash);
[[nodiscard]] std::string logs_in_range(RequestId id, const LogQuery& query);
[[nodiscard]] std::string logs_at(RequestId id, const Hash32& block, const Watch& watch);
/// At a block hash (EIP-1898); `from` may be null.
[[nodiscard]] std::string call(RequestId id, const Address* from, const Address& to, BytesView data,
                               const Hash32& block);
[[nodiscard]] std::string estimate_gas(RequestId id, const Address& from, const Address& to, BytesView data);
[[nodiscard]] std::string get_code(RequestId id, const Address& address, const Hash32& block);
[[nodiscard]] std::string balance(RequestId id, const Address& address);
/// The tips of the newest blocks, at one percentile of their gas (0 to 100).
[[nodiscard]] std::string fee_history(RequestId id, std::uint32_t blocks, std::uint32_t percentile);
/// `tag` is "latest" or "pending".
[[nodiscard]] std::string transaction_count(RequestId id, const Address& address, std::string_view tag);
[[nodiscard]] std::string transaction_receipt(RequestId id, const Hash32& transaction);
[[nodiscard]] std::string transaction_by_hash(RequestId id, const Hash32& transaction);
[[nodiscard]] std::string send_raw_transaction(RequestId id, BytesView transaction);
/// Of no use after block `last`.
[[nodiscard]] std::string send_private_transaction(RequestId id, BytesView transaction, BlockNumber last);
[[nodiscard]] std::string cancel_private_transaction(RequestId id, const Hash32& transaction);
/// For `block` only.
[[nodiscard]] std::string send_bundle(RequestId id, std::span<const Bytes> transactions, BlockNumber block);
/// As if in `block`, on the newest state.
[[nodiscard]] std::string call_bundle(RequestId id, std::span<const Bytes> transactions, BlockNumber block);
[[nodiscard]] std::string subscribe_heads(RequestId id);
[[nodiscard]] std::string subscribe_logs(RequestId id, const Watch& watch);
/// Full transactions, as geth and reth take it.
[[nodiscard]] std::string subscribe_pending(RequestId id);
/// Alchemy's form; of these targets only, or of all if there are none.
[[nodiscard]] std::string subscribe_pending_to(RequestId id, std::span<const Address> targets);
/// `subscription` is the node's id; it must be free of quotes and backslashes.
[[nodiscard]] std::string unsubscribe(RequestId id, std::string_view subscription);

}  // namespace plimsoll::rpc::requests
