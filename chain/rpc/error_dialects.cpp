// SPDX-License-Identifier: Apache-2.0
#include "chain/rpc/error_dialects.hpp"

#include <array>
#include <string>

namespace plimsoll::rpc {
namespace {

using enum ErrorClass;
constexpr std::nullopt_t kAny = std::nullopt;

constexpr auto kDialects = std::to_array<Dialect>({
    // First of all: the reason behind these words is the contract's, and may hold any of the texts below.
    {execution_reverted, kAny, "execution reverted", "geth, reth, anvil"},
    {execution_reverted, kAny, "vm exception while processing transaction", "Hardhat, Ganache"},
    {execution_reverted, kAny, "reverted without a reason string", "Hardhat"},
    {execution_reverted, -32015, "vm execution error", "Parity"},

    // Only the holder of a hash can tell which of two things it means; never a reason to decide anything.
    {unknown, kAny, "ownnoncealreadyused", "old Nethermind: these bytes, or others of the nonce"},

    // The pool has these very bytes. Besu's "known transaction" and the others say it in their own words.
    {already_known, kAny, "already known", "geth, reth, erigon, Nethermind"},
    {already_known, kAny, "transaction already imported", "anvil"},
    {invalid_request, kAny, "unknown transaction", "any node, about a type or a hash it does not know"},
    {already_known, kAny, "known transaction", "Besu, old geth, Hardhat"},
    {already_known, kAny, "alreadyknown", "old Nethermind"},
    {already_known, kAny, "same hash was already imported", "Parity"},
    {already_known, kAny, "existing txn with same hash", "erigon"},
    {already_known, kAny, "pool(alreadyimported)", "moonriver"},

    {nonce_too_low, kAny, "nonce too low", "geth, reth, Besu, anvil, Arbitrum, Hardhat"},
    {nonce_too_low, kAny, "oldnonce", "old Nethermind"},
    {nonce_too_low, kAny, "nonce is too low", "Parity"},
    {nonce_too_low, kAny, "pool(stale)", "moonriver"},
    {nonce_too_low, kAny, "transaction already finalized", "Harmony"},
    {nonce_too_low, kAny, "invalid transaction nonce", "old Arbitrum: too low or too high"},
    {nonce_too_high, kAny, "nonce too high", "geth, Besu, anvil, Arbitrum"},
    {nonce_too_high, kAny, "nonce too far in future", "Nethermind"},
    {nonce_too_high, kAny, "noncegap", "old Nethermind"},
    {nonce_too_high, kAny, "nonce is too distant", "Besu"},
    {nonce_too_high, kAny, "gapped-nonce tx", "geth, delegated account"},

    {insufficient_funds, kAny, "insufficient funds", "geth, reth, anvil, Arbitrum, Parity"},
    {insufficient_funds, kAny, "insufficientfunds", "old Nethermind"},
    {insufficient_funds, kAny, "upfront cost exceeds account balance", "Besu"},
    {insufficient_funds, kAny, "doesn't have enough funds", "Hardhat"},
    {insufficient_funds, kAny, "insufficient balance for trans", "geth, erigon, zkSync, Parity"},
    {insufficient_funds, kAny, "would cause overdraft", "geth"},
    {insufficient_funds, kAny, "not enough funds for gas", "Arbitrum"},

    {replacement_underpriced, kAny, "replacement transaction underpriced",
     "geth, reth, Besu, anvil, Hardhat"},
    {replacement_underpriced, kAny, "could not replace existing tx", "erigon"},
    {replacement_underpriced, kAny, "another tx which has the same nonce", "Klaytn"},
    {replacement_underpriced, kAny, "another transaction with same nonce in the queue", "Parity"},

    {fee_cap_below_base, kAny, "max fee per gas less than block base fee", "geth, reth, anvil"},
    {fee_cap_below_base, kAny, "fee cap less than block base fee", "erigon"},
    {fee_cap_below_base, kAny, "gas price below current base fee", "Besu"},
    {fee_cap_below_base, kAny, "too low for the next block, which has a basefeepergas", "Hardhat"},
    {underpriced, kAny, "transaction underpriced", "geth"},
    {underpriced, kAny, "gas price below minimum", "geth"},
    {underpriced, kAny, "gas price below configured minimum", "Besu"},
    {underpriced, kAny, "below minimum required priority fee", "reth"},
    {underpriced, kAny, "feetoolow", "old Nethermind"},
    {underpriced, kAny, "fee too low", "erigon"},
    {underpriced, kAny, "gas price too low", "Arbitrum"},
    {underpriced, kAny, "minimal gas price", "Parity"},
    {underpriced, kAny, "less than gas price minimum floor", "Celo"},
    {node_fee_cap, kAny, "exceeds the configured cap", "geth, reth: --rpc.txfeecap"},
    {node_fee_cap, kAny, "transaction fee cap exceeded", "Besu"},

    {gas_limit, kAny, "exceeds block gas limit", "geth, reth, Besu"},
    {gas_limit, kAny, "transaction gas limit too high", "geth, EIP-7825"},
    {gas_limit, kAny, "exceeds transaction gas cap", "Hardhat, EIP-7825"},
    {gas_limit, kAny, "intrinsic gas too", "geth, anvil"},
    {gas_limit, kAny, "insufficient gas for floor data gas cost", "geth, EIP-7623"},
    {gas_limit, -32000, "transaction requires at least", "Hardhat"},
    {gas_limit, kAny, "intrinsic gas exceeds gas limit", "Besu"},
    {gas_limit, kAny, "gaslimitexceeded", "old Nethermind"},
    {gas_limit, kAny, "gas uint64 overflow", "geth"},
    {gas_limit, kAny, "transaction gas is too low", "Parity"},
    {gas_limit, kAny, "transaction cost exceeds current gas limit", "Parity"},
    {gas_limit, kAny, "not enough gas for transaction validation", "zkSync"},
    {invalid_transaction, kAny, "oversized data", "geth: 128 KiB"},
    {invalid_transaction, kAny, "transaction is too big", "Parity"},
    {invalid_transaction, kAny, "higher than max fee per gas", "geth, anvil"},
    {invalid_transaction, kAny, "is bigger than maxfeepergas", "Hardhat"},
    {invalid_transaction, kAny, "negative value", "geth"},
    {invalid_transaction, kAny, "nonce has max value", "geth, EIP-2681"},
    {invalid_transaction, kAny, "failed to decode", "anvil"},
    {invalid_transaction, kAny, "empty transaction data", "anvil"},
    {invalid_transaction, kAny, "typed transaction too short", "geth"},
    {invalid_transaction, kAny, "transaction type not supported", "geth"},
    {invalid_transaction, kAny, "invalid rlp data", "Parity"},
    {invalid_transaction, -32000, "rlp: ", "geth, erigon"},
    {invalid_transaction, kAny, "failedtoresolvesender", "old Nethermind"},
    {invalid_transaction, kAny, "int256overflow", "old Nethermind"},
    {invalid_transaction, kAny, "senderiscontract", "old Nethermind, EIP-3607"},
    {pool_full, kAny, "txpool is full", "geth, reth"},
    {pool_full, kAny, "sub-pool is full", "erigon"},
    {pool_full, kAny, "tx pool full", "Arbitrum"},
    {pool_full, kAny, "queue full", "Arbitrum"},
    {pool_full, kAny, "too many transactions in the queue", "Parity"},
    {account_limit, kAny, "account limit exceeded", "geth"},
    {account_limit, kAny, "in-flight transaction limit reached", "geth, reth: delegated accounts"},
    {account_limit, kAny, "authority already reserved", "geth: EIP-7702"},
    {address_reserved, kAny, "address already reserved", "geth: another pool holds transactions of it"},
    {wrong_chain, kAny, "invalid chain id for signer", "geth, anvil"},
    {wrong_chain, kAny, "invalid chainid", "Hardhat"},
    {wrong_chain, kAny, "invalid sender", "geth"},
    {wrong_chain, kAny, "only replay-protected", "geth"},
    {wrong_chain, kAny, "chainid does not match", "erigon"},

    // What gateways and relays say of whom they serve, not of the bytes.
    {filtered, kAny, "ofac sanctioned", "Flashbots Protect"},
    {filtered, kAny, "invalid target for large tx", "Flashbots Protect"},
    {filtered, kAny, "not authorized to send transactions", "Besu"},
    {filtered, kAny, "sender not authorized", "Besu"},
    {filtered, kAny, "forbidden sender address", "Arbitrum"},
    {filtered, kAny, "banned in local queue", "Parity"},
    {filtered, kAny, "transaction is not permitted", "Parity"},
    {unauthorized, kAny, "error in signature check", "Flashbots relay, HTTP 403, a plain string"},
    {unauthorized, kAny, "signature is required", "rbuilder"},
    {unauthorized, kAny, "invalid flashbots signature", "mev-share, -32025"},
    {unauthorized, kAny, "host not authorized", "web3signer"},
    {unauthorized, kAny, "x-flashbots-signature", "relays that name the header they miss"},
    {not_ready, kAny, "transaction indexing is in progress", "geth"},
    {not_ready, kAny, "initial sync", "Besu, -32008"},
    {not_ready, kAny, "node is syncing", "Nethermind, geth forks"},

    {quota_ended, kAny, "monthly capacity limit exceeded", "Alchemy"},
    {quota_ended, kAny, "payment required", "MetaMask services"},
    {quota_ended, kAny, "daily request count exceeded", "Infura"},
    {quota_ended, kAny, "daily request limit reached", "QuickNode"},
    {quota_ended, kAny, "daily credit limit", "MetaMask services"},
    {limit_exceeded, kAny, "query returned more than", "Infura, geth forks"},
    {limit_exceeded, kAny, "response size exceeded", "Alchemy"},
    {limit_exceeded, kAny, "eth_getlogs is limited to", "QuickNode, 1rpc"},
    {limit_exceeded, kAny, "requested too many blocks", "dRPC"},
    {limit_exceeded, kAny, "block range is too wide", "Ankr"},
    {limit_exceeded, kAny, "block range too large", "several providers"},
    {limit_exceeded, kAny, "exceed maximum block range", "several providers"},
    {limit_exceeded, kAny, "range over", "several providers"},
    {limit_exceeded, kAny, "response too large", "geth"},
    {limit_exceeded, kAny, "out of gas", "erigon, anvil: of an eth_call"},
    {limit_exceeded, kAny, "outofgas", "anvil: of an eth_call"},
    {limit_exceeded, kAny, "ran out of gas", "Hardhat: of an eth_call"},
    {execution_reverted, -32603, "evm error", "anvil: any other halt"},
    {rate_limited, kAny, "rate limit", "several providers"},
    {rate_limited, kAny, "request rate exceeded", "Infura"},
    {rate_limited, kAny, "compute units per second", "Alchemy"},
    {rate_limited, kAny, "too many requests", "HTTP 429 bodies"},
    {rate_limited, kAny, "request limit reached", "QuickNode"},
    {rate_limited, kAny, "maximum number of concurrent requests", "a provider, code 1008"},
    {rate_limited, 429, "", "HTTP status in the code field"},
    {quota_ended, 402, "", "HTTP status in the code field"},

    {unknown_block, kAny, "header not found", "geth"},
    {unknown_block, kAny, "unknown block", "geth, Alchemy"},
    {unknown_block, kAny, "block not found", "anvil, reth"},
    {unknown_block, kAny, "blockhash cannot be found", "Hardhat"},
    {unknown_block, kAny, "extends beyond current head block", "geth"},
    {unknown_block, kAny, "received invalid block tag", "Hardhat"},
    {unknown_block, kAny, "missing trie node", "geth without the state"},
    {unknown_block, kAny, "no state available for block", "Gnosis"},
    {unknown_block, kAny, "no historical rpc is available", "op-geth before Bedrock"},
    {unknown_block, 4444, "", "reth: pruned history"},
    {unknown_block, kAny, "blockoutofrange", "anvil, pruned"},
    {unknown_block, kAny, "block out of range", "anvil, pruned"},

    {method_missing, -32601, "", "JSON-RPC 2.0"},
    {method_missing, -32004, "is not supported", "Hardhat"},
    {method_missing, kAny, "method not found", "most nodes"},
    {method_missing, kAny, "the method does not exist", "most nodes"},
    {method_missing, -32603, "not implemented", "anvil"},
    {execution_reverted, 3, "", "geth: the code of a revert, where no text above says otherwise"},
    {invalid_request, -32600, "", "JSON-RPC 2.0"},
    {invalid_request, -32602, "", "JSON-RPC 2.0"},
    {invalid_request, -32700, "", "JSON-RPC 2.0"},
});

}  // namespace

std::span<const Dialect> dialects() noexcept {
    return kDialects;
}

std::string lower_case(std::string_view text) {
    std::string out{text};
    for (char& c : out) {
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    }
    return out;
}

ErrorClass classify(std::int64_t code, std::string_view message) {
    const std::string text = lower_case(message);
    for (const Dialect& row : kDialects) {
        if (row.code && *row.code != code) continue;
        if (text.find(row.text) != std::string::npos) return row.means;
    }
    return ErrorClass::unknown;
}

}  // namespace plimsoll::rpc
