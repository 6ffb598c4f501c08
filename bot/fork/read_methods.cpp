// SPDX-License-Identifier: Apache-2.0
#include "bot/fork/read_methods.hpp"

#include <algorithm>
#include <array>

namespace plimsoll::bot {

namespace {

// ethereum/execution-apis, and eth_getAccountInfo, which anvil tries first.
constexpr std::array<std::string_view, 27> kReadMethods{
    "eth_blobBaseFee",
    "eth_blockNumber",
    "eth_call",
    "eth_chainId",
    "eth_estimateGas",
    "eth_feeHistory",
    "eth_gasPrice",
    "eth_getAccount",
    "eth_getAccountInfo",
    "eth_getBalance",
    "eth_getBlockByHash",
    "eth_getBlockByNumber",
    "eth_getBlockReceipts",
    "eth_getBlockTransactionCountByHash",
    "eth_getBlockTransactionCountByNumber",
    "eth_getCode",
    "eth_getLogs",
    "eth_getProof",
    "eth_getStorageAt",
    "eth_getTransactionByBlockHashAndIndex",
    "eth_getTransactionByBlockNumberAndIndex",
    "eth_getTransactionByHash",
    "eth_getTransactionCount",
    "eth_getTransactionReceipt",
    "eth_maxPriorityFeePerGas",
    "net_version",
    "web3_clientVersion",
};
static_assert(std::is_sorted(kReadMethods.begin(), kReadMethods.end()));

}  // namespace

bool is_read_method(std::string_view method) noexcept {
    return std::binary_search(kReadMethods.begin(), kReadMethods.end(), method);
}

}  // namespace plimsoll::bot
