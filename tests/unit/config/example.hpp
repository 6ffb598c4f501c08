// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace plimsoll::config {

/// A valid file in which every key of the schema occurs once, one a line.
inline constexpr std::string_view kExample = R"([keeper]
mode = "live"
data_dir = "/tmp/keeper"

[chain]
id = 31337
block_time = "1s"

[[endpoint]]
name = "anvil"
ws = "ws://user:secret@127.0.0.1:8545/v1/KEY?token=TOKEN"

[signer]
type = "dev"

[executor]
address = "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed"
operator = "0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359"

[[venue]]
kind = "aave-v3"
name = "aave-local"
pool = "0xdbF03B407c01E7cD3CBea99509d93f8DDDC8C6FB"
start_block = 12

[uniswap_v3]
factory = "0xD1220A0cf47c7B9Be7A2E6BA89F429762e7b9aDb"
quoter = "0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359"
router = "0x8617E340B3D01FA5F11F306F4090FD50E238070D"

[strategy]
min_profit = "2.50 usd"
speculate = false
health_watch = 1.25

[execution]
max_fee_per_gas = "300 gwei"
priority_fee = "1.5 gwei"
replace_after = "3 blocks"
deadline = "4 blocks"
max_pending = 8

[fork]
anvil = "/opt/foundry/anvil"

[log]
level = "debug"
format = "logfmt"
summary_every = "30s"
)";

}  // namespace plimsoll::config
