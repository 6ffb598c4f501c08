// SPDX-License-Identifier: Apache-2.0
#include "chain/rpc/error_dialects.hpp"

#include <gtest/gtest.h>

#include <string>

namespace plimsoll::rpc {
namespace {

using enum ErrorClass;

struct Case {
    std::int64_t code;
    const char* message;
    ErrorClass expected;
};

// Verbatim from nodes and providers.
constexpr Case kCases[] = {
    {-32000, "unknown transaction type", invalid_request},
    {-32000, "already known", already_known},
    {-32003, "transaction already imported", already_known},
    {-32000, "Known transaction", already_known},
    {-32000, "known transaction: 0x7f65", already_known},
    {-32010, "AlreadyKnown", already_known},
    {-32010, "Transaction with the same hash was already imported.", already_known},
    {-32000, "nonce too low: next nonce 5, tx nonce 4", nonce_too_low},
    {-32001, "Nonce too low", nonce_too_low},
    {-32010, "OldNonce, Current nonce: 22, nonce of rejected tx: 17", nonce_too_low},
    {-32000, "nonce too low: address 0x3363, tx: 8089 state: 8090", nonce_too_low},
    {-32010, "Transaction nonce is too low. Try incrementing the nonce.", nonce_too_low},
    {-32006, "Nonce too high", nonce_too_high},
    {-32000, "replacement transaction underpriced", replacement_underpriced},
    {-32000, "could not replace existing tx", replacement_underpriced},
    {-32010,
     "Transaction gas price 100wei is too low. There is another transaction with same nonce in the queue "
     "with gas price 150wei.",
     replacement_underpriced},
    {-32000, "transaction underpriced", underpriced},
    {-32000,
     "transaction gas price below minimum: gas tip cap 25000000000 wei, minimum needed 26000000000 wei",
     underpriced},
    {-32009, "Gas price below configured minimum gas price", underpriced},
    {-32003, "transaction priority fee below minimum required priority fee", underpriced},
    {-32003, "max fee per gas less than block base fee", fee_cap_below_base},
    {-32009, "Gas price below current base fee", fee_cap_below_base},
    {-38012, "err: max fee per gas less than block base fee: address 0xC0, maxFeePerGas: 0, baseFee: 10",
     fee_cap_below_base},
    {-32000, "fee cap less than block base fee: address 0xd3, feeCap: 1 baseFee: 2", fee_cap_below_base},
    {-32000, "insufficient funds for gas * price + value: balance 0, tx cost 9327, overshot 9327",
     insufficient_funds},
    {-32004, "Upfront cost exceeds account balance", insufficient_funds},
    {-32010, "InsufficientFunds, Account balance: 474, cumulative cost: 220", insufficient_funds},
    {-32003, "Insufficient funds for gas * price + value", insufficient_funds},
    {-32000, "exceeds block gas limit", gas_limit},
    {-32000, "transaction gas limit too high (cap: 16777216, tx: 20000000)", gas_limit},
    {-32000, "intrinsic gas too low: gas 1, minimum needed 21000", gas_limit},
    {-32000, "txpool is full", pool_full},
    {-32000, "pending sub-pool is full", pool_full},
    {-32003, "invalid chain id for signer", wrong_chain},
    {3, "execution reverted: stale report", execution_reverted},
    {3, "execution reverted: nonce too low, already known",
     execution_reverted},  // a contract may say anything
    {-32000, "execution reverted", execution_reverted},
    {-32015, "VM execution error.", execution_reverted},
    {3, "Unknown block", unknown_block},  // Alchemy: not a revert in spite of its code
    {429, "Your app has exceeded its compute units per second capacity.", rate_limited},
    {-32005, "project ID request rate exceeded", rate_limited},
    {-32007, "100/second request limit reached - reduce calls per second", rate_limited},
    {-32005, "rate limited, try again in 4ms", rate_limited},
    {1008, "You have exceeded the maximum number of concurrent requests on a single WebSocket.",
     rate_limited},
    {402, "Payment Required", quota_ended},
    {-32600, "Monthly capacity limit exceeded. Visit https://dashboard", quota_ended},
    {-32602, "Log response size exceeded. You can make eth_getLogs requests with up to a 2K block range",
     limit_exceeded},
    {-32005, "query returned more than 10000 results. Try with this block range [0xCB3D, 0x7B737].",
     limit_exceeded},
    {-32614, "eth_getLogs is limited to a 10,000 range", limit_exceeded},
    {-32000, "requested too many blocks from 0 to 16777216, maximum is set to 2048", limit_exceeded},
    {-32603, "EVM error OutOfGas", limit_exceeded},
    {-32602, "block range extends beyond current head block", unknown_block},
    {-32000, "header not found", unknown_block},
    {-32000, "missing trie node 91e7 (path ) <nil>", unknown_block},
    {-32601, "Method not found", method_missing},
    {-32004, "Method txpool_status is not supported", method_missing},
    {-32602, "missing value for required argument 0", invalid_request},
    {-32603, "rejected", unknown},
    {-32000, "internal error", unknown},
    {-32002, "request timed out", unknown},
    {-32010, "OwnNonceAlreadyUsed", unknown},  // ambiguous: ask for the hash before deciding
};

TEST(ErrorDialects, NamesWhatNodesSay) {
    for (const Case& c : kCases) {
        EXPECT_EQ(to_string(classify(c.code, c.message)), to_string(c.expected))
            << c.code << ' ' << c.message;
    }
}

TEST(ErrorDialects, IgnoresCaseAndWrapping) {
    EXPECT_EQ(classify(-32000, "call failed: NONCE TOO LOW"), nonce_too_low);
    EXPECT_EQ(classify(0, ""), unknown);
}

TEST(ErrorDialects, HasOnlyLowerCaseRowsWithASource) {
    for (const Dialect& row : dialects()) {
        EXPECT_EQ(std::string{row.text}.find_first_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ"), std::string::npos)
            << row.text;
        EXPECT_FALSE(row.source.empty()) << row.text;
        EXPECT_TRUE(row.code || !row.text.empty());
    }
}

TEST(ErrorDialects, MapsOntoTheProgramsOwnErrors) {
    EXPECT_EQ(to_errc(limit_exceeded), Errc::limit_exceeded);
    EXPECT_EQ(to_errc(execution_reverted), Errc::reverted);
    EXPECT_EQ(to_errc(unknown_block), Errc::not_found);
    EXPECT_EQ(to_errc(nonce_too_low), Errc::nonce_conflict);
}

}  // namespace
}  // namespace plimsoll::rpc
