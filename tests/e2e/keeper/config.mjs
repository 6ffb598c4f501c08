// SPDX-License-Identifier: Apache-2.0
// A plimsoll.toml for a running devnet.
import { createRequire } from 'node:module';

const { getAddress } = createRequire(new URL('../../devnet/package.json', import.meta.url))('viem');

/**
 * The text of a configuration for the devnet of `manifest`. Options: dataDir, mode ('live' or 'dry-run'), signer ('dev' or 'none'), minProfit,
 * blockTime, summaryEvery, level, format, ws, maxPending, and overrides: [[from, to]] replacements in the finished text, each of which must apply.
 */
export function keeperConfig(manifest, {
  dataDir, mode = 'live', signer = 'dev', minProfit = '5 usd', blockTime = '1s', summaryEvery = '60s', level = 'info', format = 'auto', ws = manifest.ws, maxPending = 16,
  overrides = [],
} = {}) {
  const { uniswap, flash } = manifest;
  let text = `[keeper]
mode = "${mode}"
data_dir = "${dataDir}"

[chain]
id = ${manifest.chainId}
block_time = "${blockTime}"

[[endpoint]]
name = "devnet"
ws = "${ws}"

[signer]
type = "${signer}"

[executor]
address = "${getAddress(manifest.executor)}"
operator = "${getAddress(manifest.accounts.operator)}"

[[venue]]
kind = "aave-v3"
name = "aave-v3-devnet"
pool = "${getAddress(manifest.aave.pool)}"
start_block = ${Number(manifest.deployBlock)}

[uniswap_v3]
factory = "${getAddress(uniswap.factory)}"
quoter = "${getAddress(uniswap.quoter)}"
router = "${getAddress(uniswap.router)}"

[flash]
balancer_vault = "${getAddress(flash.balancerVault)}"
morpho = "${getAddress(flash.morpho)}"

[strategy]
min_profit = "${minProfit}"

[execution]
max_pending = ${maxPending}

[log]
level = "${level}"
format = "${format}"
summary_every = "${summaryEvery}"
`;
  for (const [from, to] of overrides) {
    if (!text.includes(from)) throw new Error(`the configuration has no ${from}`);
    text = text.replace(from, to);
  }
  return text;
}
