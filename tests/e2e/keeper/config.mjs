// SPDX-License-Identifier: Apache-2.0
// A plimsoll.toml for a running devnet.
import { createRequire } from 'node:module';

const { getAddress } = createRequire(new URL('../../devnet/package.json', import.meta.url))('viem');

/**
 * The text of a configuration for the devnet of `manifest`. Options: dataDir, mode ('live' or 'dry-run'), signer ('dev' or 'none'), minProfit,
 * blockTime, deadline, summaryEvery, level, format, ws, maxPending, endpoints ([{name, ws or http, …}] instead of the one at ws), keys ({table: {key: value}} of
 * keeper, chain, strategy and execution), and overrides: [[from, to]] replacements in the finished text, each of which must apply.
 */
export function keeperConfig(manifest, {
  dataDir, mode = 'live', signer = 'dev', minProfit = '5 usd', blockTime = '1s', deadline, summaryEvery = '60s', level = 'info', format = 'auto', ws = manifest.ws, maxPending = 16,
  endpoints = [{ name: 'devnet', ws }], keys = {}, overrides = [],
} = {}) {
  const { uniswap, flash } = manifest;
  const more = (table) => Object.entries(table ?? {}).map(([key, value]) => `${key} = ${JSON.stringify(value)}\n`).join('');
  let text = `[keeper]
mode = "${mode}"
data_dir = "${dataDir}"
${more(keys.keeper)}
[chain]
id = ${manifest.chainId}
block_time = "${blockTime}"
max_clock_skew = "0s"
${more(keys.chain)}
${endpoints.map((one) => `[[endpoint]]\n${more(one)}`).join('\n')}
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
${more(keys.strategy)}
[execution]
max_pending = ${maxPending}
${more(keys.execution)}${deadline ? `deadline = "${deadline}"\n` : ''}
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
