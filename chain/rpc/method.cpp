// SPDX-License-Identifier: Apache-2.0
#include "chain/rpc/method.hpp"

namespace plimsoll::rpc {
namespace {

struct Row {
    Method method;
    std::string_view name;
    ReplyKind kind;
};

constexpr std::array<Row, kMethodCount> kRows{{
    {Method::client_version, "web3_clientVersion", ReplyKind::text},
    {Method::chain_id, "eth_chainId", ReplyKind::quantity},
    {Method::block_number, "eth_blockNumber", ReplyKind::quantity},
    {Method::block_by_number, "eth_getBlockByNumber", ReplyKind::header},
    {Method::block_by_hash, "eth_getBlockByHash", ReplyKind::header},
    {Method::get_logs, "eth_getLogs", ReplyKind::logs},
    {Method::call, "eth_call", ReplyKind::bytes},
    {Method::estimate_gas, "eth_estimateGas", ReplyKind::quantity},
    {Method::get_code, "eth_getCode", ReplyKind::bytes},
    {Method::balance, "eth_getBalance", ReplyKind::quantity},
    {Method::transaction_count, "eth_getTransactionCount", ReplyKind::quantity},
    {Method::transaction_receipt, "eth_getTransactionReceipt", ReplyKind::receipt},
    {Method::send_raw_transaction, "eth_sendRawTransaction", ReplyKind::hash},
    {Method::subscribe, "eth_subscribe", ReplyKind::text},
    {Method::unsubscribe, "eth_unsubscribe", ReplyKind::boolean},
    {Method::syncing, "eth_syncing", ReplyKind::syncing},
    {Method::send_private_transaction, "eth_sendPrivateTransaction", ReplyKind::hash},
    {Method::cancel_private_transaction, "eth_cancelPrivateTransaction", ReplyKind::boolean},
    {Method::send_bundle, "eth_sendBundle", ReplyKind::bundle},
    {Method::call_bundle, "eth_callBundle", ReplyKind::simulation},
    {Method::fee_history, "eth_feeHistory", ReplyKind::tips},
    {Method::transaction_by_hash, "eth_getTransactionByHash", ReplyKind::placed},
}};

constexpr bool in_enum_order() {
    for (std::size_t i = 0; i < kRows.size(); ++i) {
        if (static_cast<std::size_t>(kRows[i].method) != i) return false;
    }
    return true;
}
static_assert(in_enum_order());

}  // namespace

std::string_view wire_name(Method method) noexcept {
    return kRows[static_cast<std::size_t>(method)].name;
}

bool is_submission(Method method) noexcept {
    return method == Method::send_raw_transaction || method == Method::send_private_transaction ||
           method == Method::cancel_private_transaction || method == Method::send_bundle;
}

ReplyKind reply_kind(Method method) noexcept {
    return kRows[static_cast<std::size_t>(method)].kind;
}

}  // namespace plimsoll::rpc
