// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace plimsoll::config {

/// A valid file in which every key of the schema occurs once, one a line.
inline constexpr std::string_view kExample = R"([keeper]
mode = "live"
data_dir = "/tmp/keeper"
witness = "/mnt/second/witness"
snapshot_every = "45s"
kill_switch = "/run/kill"

[chain]
network = "devnet"
id = 31337
block_time = "1s"
undo_blocks = "128 blocks"
max_clock_skew = "3m"
single_endpoint = true
wrapped_native = "0xCb16D0e54450CDd2368476E762B09d147972B637"
multicall3 = "0xcA11bde05977b3631167028862bE2a173976CA11"
fee_elasticity = 6
fee_denominator = 250
data_fee = "op-stack"
sequencer_feed = "0xdbF03B407c01E7cD3CBea99509d93f8DDDC8C6FB"
sequencer_grace = "10m"

[[endpoint]]
name = "anvil"
ws = "ws://user:secret@127.0.0.1:8545/v1/KEY?token=TOKEN"
http = "https://user:secret@node.example/v1/KEY?token=TOKEN"
ipc = "/run/node.ipc"
headers = ["X-Api-Key: TOKEN", "X-Trace: on"]
ca_file = "/etc/ca.pem"
startup_timeout = "20s"
requests_per_second = 50
pending = true

[signer]
type = "dev"
keystore = "/etc/keeper.json"
password_file = "/etc/keeper.password"
url = "https://user:secret@signer.example/KEY?token=TOKEN"
address = "0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359"
ca_file = "/etc/signer-ca.pem"
client_cert = "/etc/keeper.pem"
client_key = "/etc/keeper.key"

[executor]
address = "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed"
operator = "0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359"

[[venue]]
kind = "aave-v3"
name = "aave-local"
pool = "0xdbF03B407c01E7cD3CBea99509d93f8DDDC8C6FB"
provider = "0x8617E340B3D01FA5F11F306F4090FD50E238070D"
start_block = 12

[uniswap_v3]
factory = "0xD1220A0cf47c7B9Be7A2E6BA89F429762e7b9aDb"
quoter = "0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359"
router = "0x8617E340B3D01FA5F11F306F4090FD50E238070D"

[strategy]
min_profit = "2.50 usd"
speculate = false
health_watch = 1.25
audit_health = 2.5
audit_sample = 3

[prices]
max_deviation = "2.5%"

[[price_guard]]
asset = "0xCb16D0e54450CDd2368476E762B09d147972B637"
source = "0xdbF03B407c01E7cD3CBea99509d93f8DDDC8C6FB"

[risk]
allow_assets = ["0xCb16D0e54450CDd2368476E762B09d147972B637", "0x8617E340B3D01FA5F11F306F4090FD50E238070D"]
deny_assets = ["0xD1220A0cf47c7B9Be7A2E6BA89F429762e7b9aDb"]
allow_accounts = ["0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359"]
deny_accounts = ["0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed"]
max_spend_per_tx = "0.05 eth"
max_spend_per_hour = "0.5 eth"
max_spend_per_day = "2 eth"
min_gas_balance = "0.1 eth"
max_loss_per_hour = "50 usd"
max_loss_per_day = "200 usd"
breaker_pause = "20m"

[execution]
max_fee_per_gas = "300 gwei"
priority_fee = "1.5 gwei"
ordering = "priority-auction"
bid_share = "25%"
replace_after = "3 blocks"
deadline = "4 blocks"
max_pending = 8
armed = 4
hot_thread = "off"
hot_core = 2
confirmations = "3 blocks"

[fork]
anvil = "/usr/bin/anvil"

[log]
level = "debug"
format = "logfmt"
summary_every = "30s"

[routes]
intermediates = ["0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359"]

[flash]
balancer_vault = "0xD1220A0cf47c7B9Be7A2E6BA89F429762e7b9aDb"
morpho = "0x8617E340B3D01FA5F11F306F4090FD50E238070D"
pools = false
venue = true

[[lane]]
name = "relay"
type = "bundle"
url = "https://user:secret@relay.example/v1/KEY?token=TOKEN"
auth_key_file = "/etc/relay.key"
headers = ["X-Api-Key: TOKEN"]
ca_file = "/etc/ca.pem"
after = "1 block"
blocks = "3 blocks"
simulate = true
builder_share = "40%"
)";

}  // namespace plimsoll::config
