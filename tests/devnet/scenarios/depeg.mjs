// SPDX-License-Identifier: Apache-2.0
// A stablecoin loses its peg: those who hold it as collateral sink, those who owe it rise.
import { Market, readMarket, shifted } from './market.mjs';
import { withMiner } from './mining.mjs';

const stablecoins = ['USDC', 'USDT', 'DAI'];
const parts = [0.25, 0.6, 1];

/// Moves the prices of `changes` ({symbol: change}) in three blocks, the pools in the block before each report; with `recover` back to where
/// they were, in one. Answers {name, changes, blocks: [{number, hash, timestamp}], low: {number, ...}}, `blocks` being those with reports.
export async function playDepeg(rpc, manifest, { changes = { USDC: -0.1, DAI: -0.08 }, recover = false } = {}) {
  const wrong = Object.keys(changes).find((symbol) => !stablecoins.includes(symbol));
  if (wrong) throw new Error(`${wrong} has no peg: use ${stablecoins.join(', ')}`);
  const first = await readMarket(rpc, manifest);
  const market = await Market.open(rpc, manifest);
  return withMiner(rpc, async (miner) => {
    const blocks = [];
    let now = first;
    for (const part of recover ? [...parts, 0] : parts) {
      const moved = Object.entries(changes).map(([symbol, change]) => [`${symbol}/USD`, shifted(first.answers[`${symbol}/USD`], change * part)]);
      const next = { answers: { ...first.answers, ...Object.fromEntries(moved) }, etherPerShare: first.etherPerShare };
      market.movePools(now, next);
      await miner.block(await market.flush());
      await market.transmitChanges(now, next, (await miner.latest()).timestamp);
      const { number, hash, timestamp } = await miner.block(await market.flush());
      blocks.push({ number, hash, timestamp });
      now = next;
    }
    return { name: 'depeg', changes, blocks, low: blocks[parts.length - 1] };
  });
}
