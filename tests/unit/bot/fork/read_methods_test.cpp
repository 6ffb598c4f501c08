// SPDX-License-Identifier: Apache-2.0
#include "bot/fork/read_methods.hpp"

#include <gtest/gtest.h>

namespace plimsoll::bot {
namespace {

TEST(ReadMethods, WhatReadsMayBeAsked) {
    for (const char* method : {"eth_blobBaseFee", "eth_call", "eth_getAccountInfo", "eth_getStorageAt",
                               "eth_getBlockByNumber", "eth_gasPrice", "web3_clientVersion"})
        EXPECT_TRUE(is_read_method(method)) << method;
}

TEST(ReadMethods, WhatSendsSignsOrAdministersMayNot) {
    for (const char* method : {"eth_sendRawTransaction",
                               "eth_sendTransaction",
                               "eth_sendRawTransactionSync",
                               "eth_sendBundle",
                               "eth_sendPrivateTransaction",
                               "eth_sign",
                               "eth_signTransaction",
                               "eth_signTypedData_v4",
                               "personal_sign",
                               "personal_sendTransaction",
                               "anvil_setBalance",
                               "anvil_reset",
                               "hardhat_setCode",
                               "evm_mine",
                               "evm_revert",
                               "debug_setHead",
                               "admin_addPeer",
                               "miner_start",
                               "engine_newPayloadV3",
                               "eth_submitWork",
                               "eth_subscribe",
                               "eth_newFilter",
                               "",
                               "eth_call ",
                               "ETH_CALL",
                               "eth_callMany"})
        EXPECT_FALSE(is_read_method(method)) << method;
}

}  // namespace
}  // namespace plimsoll::bot
