// SPDX-License-Identifier: Apache-2.0
// What nodes, providers and relays answer to a transaction, word by word as their sources or their users
// report it (go-ethereum core/txpool, reth, Nethermind AcceptTxResult, Besu RpcErrorType, erigon txpoolcfg,
// anvil and Hardhat as captured, chainlink-evm's and execution-apis' cases).
#include "chain/rpc/error_dialects.hpp"

#include <gtest/gtest.h>

#include <initializer_list>
#include <string_view>

namespace plimsoll::rpc {
namespace {

using enum ErrorClass;

struct Said {
    std::int64_t code;
    std::string_view message;
};

void all_mean(ErrorClass expected, std::initializer_list<Said> answers) {
    for (const Said& one : answers) {
        EXPECT_EQ(to_string(classify(one.code, one.message)), to_string(expected))
            << one.code << ' ' << one.message;
    }
}

TEST(Catalogue, s01_the_same_bytes_again_are_known_to_geth_and_its_kin) {
    all_mean(already_known, {{-32000, "already known"}, {-32603, "call failed: already known"}});
}

TEST(Catalogue, s02_the_same_bytes_again_are_imported_already_by_anvil) {
    all_mean(already_known, {{-32003, "transaction already imported"}});
}

TEST(Catalogue, s03_the_same_bytes_again_in_other_words_and_one_ambiguous) {
    all_mean(
        already_known,
        {{-32000, "Known transaction"},
         {-32000, "known transaction: 0x7f657507aee0511e36d2d1972a6b22e917cc89f92b6c12c4dbd57eaabb236960"},
         {-32010, "AlreadyKnown"},
         {-32010, "Transaction with the same hash was already imported."},
         {-32000, "existing txn with same hash"},
         {-32000, "Pool(AlreadyImported)"},
         {3, "known transaction. transaction with hash 0xf016 is already in the system"}});
    all_mean(unknown, {{-32010, "OwnNonceAlreadyUsed"}});
}

TEST(Catalogue, s05_nonce_too_low_in_every_dialect) {
    all_mean(
        nonce_too_low,
        {{-32000, "nonce too low: next nonce 5, tx nonce 4"},
         {-32000,
          "Nonce too low. Expected nonce to be 1 but got 0. Note that transactions can't be queued "
          "when automining."},
         {-32001, "Nonce too low"},
         {-32010, "OldNonce, Current nonce: 22, nonce of rejected tx: 17"},
         {-32000, "nonce too low: address 0x336394A3219e71D9d9bd18201d34E95C1Bb7122C, tx: 8089 state: 8090"},
         {-32010, "Transaction nonce is too low. Try incrementing the nonce."},
         {1000, "submit transaction to pool failed: Pool(Stale)"},
         {-32000, "invalid transaction nonce"},
         {-38010, "nonce too low: address 0xC000000000000000000000000000000000000000, tx: 0 state: 10"}});
}

TEST(Catalogue, s06_a_gap_of_nonces_in_every_dialect) {
    all_mean(
        nonce_too_high,
        {{-32000, "nonce too high"},
         {-32006, "Nonce too high"},
         {-32000, "Transaction nonce is too distant from current sender nonce"},
         {-32010, "NonceGap, Future nonce. Expected nonce: 10"},
         {-32000, "nonce too far in future"},
         {-32000, "gapped-nonce tx from delegated accounts"},
         {-32000, "nonce too high: address 0x16c57eDF7Fa9D9525378B0b81Bf8A3cEd0620C1c, tx: 999 state: 0"}});
}

TEST(Catalogue, s07_a_replacement_that_pays_too_little_in_every_dialect) {
    all_mean(replacement_underpriced,
             {{-32000, "replacement transaction underpriced"},
              {-32003, "replacement transaction underpriced"},
              {-32000,
               "Replacement transaction underpriced. A gasPrice/maxFeePerGas of at least 22000000000 is "
               "necessary to replace the existing transaction with nonce 0."},
              {-32000, "could not replace existing tx"},
              {-32000, "there is another tx which has the same nonce in the tx pool"},
              {-32010,
               "Transaction gas price 100wei is too low. There is another transaction with same nonce in "
               "the queue with gas price 150wei. Try increasing the gas price or incrementing the "
               "nonce."}});
}

TEST(Catalogue, s08_a_price_below_the_nodes_least_in_every_dialect) {
    all_mean(underpriced,
             {{-32000, "transaction underpriced"},
              {-32000,
               "transaction gas price below minimum: gas tip cap 25000000000 wei, minimum needed "
               "26000000000 wei"},
              {-32009, "Gas price below configured minimum gas price"},
              {-32010,
               "FeeTooLow, MaxFeePerGas too low. MaxFeePerGas: 50, BaseFee: 100, MaxPriorityFeePerGas:1, "
               "Block number: 5"},
              {-32010, "FeeTooLowToCompete"},
              {-32003, "transaction priority fee below minimum required priority fee"},
              {-32000, "gas price too low: 1 wei, use at least tx.gasPrice = 2 wei"},
              {-32010,
               "Transaction gas price is too low. It does not satisfy your node's minimal gas price "
               "(minimal: 100 got: 50). Try increasing the gas price."},
              {-32000, "gasprice is less than gas price minimum floor"}});
}

TEST(Catalogue, s09_a_cap_below_the_base_fee_in_every_dialect) {
    all_mean(fee_cap_below_base,
             {{-32000, "max fee per gas less than block base fee"},
              {-32003, "max fee per gas less than block base fee"},
              {-32009, "Gas price below current base fee"},
              {-38012,
               "err: max fee per gas less than block base fee: address 0xC0, maxFeePerGas: 0, baseFee: 10"},
              {-32000, "fee cap less than block base fee: address 0xd3, feeCap: 1 baseFee: 2"},
              {-32000,
               "Transaction maxFeePerGas (1) is too low for the next block, which has a baseFeePerGas of "
               "766232196"}});
}

TEST(Catalogue, s10_too_little_ether_in_every_dialect) {
    all_mean(insufficient_funds,
             {{-32000,
               "insufficient funds for gas * price + value: balance 0, tx cost 9327080000000000, "
               "overshot 9327080000000000"},
              {-32000,
               "insufficient funds for gas * price + value: balance 7, queued cost 5, tx cost 9, "
               "overshot 7"},
              {-32003, "insufficient funds for gas * price + value: have 1 want 2"},
              {-32004, "Upfront cost exceeds account balance"},
              {-32003, "Insufficient funds for gas * price + value"},
              {-32010, "InsufficientFunds, Account balance: 474, cumulative cost: 220"},
              {-32000, "not enough funds for gas"},
              {-32000, "insufficient balance for transfer"},
              {-32000, "transaction would cause overdraft"},
              {-32000,
               "Sender doesn't have enough funds to send tx. The max upfront cost is: 5 and the sender's "
               "balance is: 0."},
              {-32010,
               "Insufficient funds. The account you tried to send transaction from does not have enough "
               "funds. Required 200.50 and got: 100.25."}});
}

TEST(Catalogue, s11_the_nodes_own_cap_on_fees) {
    all_mean(node_fee_cap, {{-32000, "tx fee (1.10 ether) exceeds the configured cap (1.00 ether)"},
                            {-32003,
                             "tx fee (1100000000000000000 wei) exceeds the configured cap "
                             "(1000000000000000000 wei)"},
                            {-32000, "tx fee (1.10 of currency celo) exceeds the configured cap (1.00 celo)"},
                            {-32000, "Transaction fee cap exceeded"}});
}

TEST(Catalogue, s12_more_gas_than_a_block_or_eip_7825_allows) {
    all_mean(gas_limit,
             {{-32000, "exceeds block gas limit"},
              {-32005, "Transaction gas limit exceeds block gas limit"},
              {-32000, "transaction gas limit too high (cap: 16777216, tx: 20000000)"},
              {-32000, "Transaction gas limit is 16777217 and exceeds transaction gas cap of 16777216"},
              {-32010, "GasLimitExceeded, Gas limit: 30000000, gas limit of rejected tx: 30000001"},
              {-32000, "intrinsic gas too high -- tx.gas_limit > env.block.gas_limit"}});
}

TEST(Catalogue, s13_less_gas_than_the_bytes_alone_cost) {
    all_mean(gas_limit, {{-32000, "intrinsic gas too low: gas 1, minimum needed 21000"},
                         {-32000, "insufficient gas for floor data gas cost"},
                         {-32003, "Intrinsic gas exceeds gas limit"},
                         {-38013, "intrinsic gas too low: have 20999, want 21000"},
                         {-32000, "Transaction requires at least 21000 gas but got 20000"}});
}

TEST(Catalogue, s14_a_full_pool_in_every_dialect) {
    all_mean(pool_full, {{-32000, "txpool is full"},
                         {-32003, "txpool is full"},
                         {-32000, "pending sub-pool is full"},
                         {-32000, "baseFee sub-pool is full"},
                         {-32000, "queued sub-pool is full"},
                         {-32000, "queue full"},
                         {-32000, "sequencer pending tx pool full, please try again"},
                         {-32010,
                          "There are too many transactions in the queue. Your transaction was dropped due "
                          "to limit. Try increasing the fee."}});
}

TEST(Catalogue, s15_limits_of_one_account_are_waited_for) {
    all_mean(account_limit, {{-32000, "account limit exceeded: pooled 17 txs"},
                             {-32000, "in-flight transaction limit reached for delegated accounts"},
                             {-32000, "authority already reserved"}});
}

TEST(Catalogue, s16_an_address_that_another_pool_has_reserved_is_used_by_another) {
    all_mean(address_reserved, {{-32000, "address already reserved"}});
}

TEST(Catalogue, s21_another_chain_in_every_dialect) {
    all_mean(
        wrong_chain,
        {{-32000, "invalid sender"},
         {-32000, "invalid chain id for signer: have 1 want 10"},
         {-32003, "invalid chain id for signer"},
         {-32000, "only replay-protected (EIP-155) transactions allowed over RPC"},
         {-32602, "Trying to send a raw transaction with an invalid chainId. The expected chainId is 31337"},
         {-32000, "chainId does not match node's (have=1000000, want=1)"}});
}

TEST(Catalogue, s22_a_revert_told_at_the_send_and_what_only_looks_like_one) {
    all_mean(
        execution_reverted,
        {{3, "execution reverted: stale report"},
         {-32015, "VM execution error."},
         {3, "execution reverted: nonce too low, already known"},
         {-32603, "Error: VM Exception while processing transaction: reverted with reason string 'no'"}});
    all_mean(unknown_block, {{3, "Unknown block"}});
    all_mean(already_known, {{3, "known transaction. transaction with hash 0xf0 is already in the system"}});
}

TEST(Catalogue, s23_bytes_that_a_node_cannot_decode) {
    all_mean(invalid_transaction, {{-32602, "Failed to decode transaction"},
                                   {-32602, "Empty transaction data"},
                                   {-32000, "rlp: value size exceeds available input length"},
                                   {-32000, "typed transaction too short"},
                                   {-32000, "transaction type not supported"},
                                   {-32010, "Invalid RLP data."},
                                   {-32003, "max priority fee per gas higher than max fee per gas"}});
    all_mean(invalid_request, {{-32600, "invalid request"}, {-32602, "odd number of digits"}});
}

TEST(Catalogue, s24_a_node_that_is_not_up_to_date) {
    all_mean(not_ready, {{-32000, "transaction indexing is in progress"},
                         {-32008, "Initial sync is still in progress"},
                         {-32000, "node is syncing"}});
    all_mean(unknown_block, {{4444, "pruned history unavailable"}});
}

TEST(Catalogue, s25_filtered_by_whom_it_is_from_or_to) {
    all_mean(filtered, {{-32000, "blocked tx due to ofac sanctioned address"},
                        {-32000, "invalid target for large tx"},
                        {-32007, "Sender account not authorized to send transactions"},
                        {-32007, "sender not authorized"},
                        {-32000, "forbidden sender address"},
                        {-32010, "Sender is banned in local queue."}});
}

TEST(Catalogue, s44_the_signature_on_a_relays_request_is_refused) {
    all_mean(unauthorized, {{0, "error in signature check"},
                            {-32600, "signature is required"},
                            {-32025, "invalid flashbots signature"}});
}

TEST(Catalogue, s63_a_transaction_above_128_kib) {
    all_mean(invalid_transaction,
             {{-32000, "oversized data: transaction size 138074, limit 131072"},
              {-32010, "Transaction is too big, see chain specification for the limit."}});
}

TEST(SendDialects, CodesOfTwoMeaningsAreToldApartByTheirText) {
    EXPECT_EQ(classify(-32001, "Nonce too low"), nonce_too_low);
    EXPECT_EQ(classify(-32001, "Resource not found"), unknown);
    EXPECT_EQ(classify(-32005, "Transaction gas limit exceeds block gas limit"), gas_limit);
    EXPECT_EQ(classify(-32005, "project ID request rate exceeded"), rate_limited);
    EXPECT_EQ(classify(-32009, "Gas price below current base fee"), fee_cap_below_base);
    EXPECT_EQ(classify(-32009, "request timeout"), unknown);
    EXPECT_EQ(classify(-32007, "100/second request limit reached - reduce calls per second"), rate_limited);
}

}  // namespace
}  // namespace plimsoll::rpc
