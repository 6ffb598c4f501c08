// SPDX-License-Identifier: Apache-2.0
// A feed reports nonsense for a moment. The pools, which know better, stay where they are.
import { toHex } from '../lib/rpc.mjs';
import { Market, readMarket, shifted } from './market.mjs';
import { withMiner } from './mining.mjs';

const brief = ({ number, hash, timestamp }) => ({ number, hash, timestamp });

// Outlier and correction are two reports of one block: whoever reads the block's end sees nothing.
async function sameBlock({ market, miner, feed, outlier, answer }) {
  const { timestamp } = await miner.latest();
  await market.transmit(feed, outlier, timestamp);
  await market.transmit(feed, answer, timestamp);
  return { block: brief(await miner.block(await market.flush())) };
}

// The outlier stands for exactly one block.
async function oneBlock({ market, miner, feed, outlier, answer }) {
  await market.transmit(feed, outlier, (await miner.latest()).timestamp);
  const block = brief(await miner.block(await market.flush()));
  await market.transmit(feed, answer, block.timestamp);
  return { block, correction: brief(await miner.block(await market.flush())) };
}

// The chain takes the outlier's block back: two blocks without it replace it and its child-to-be. By `anvil_reorg` the node announces the new
// heads (and no removed logs); by `evm_revert` it says nothing, and the next head has a number that was seen before.
async function reorged({ rpc, market, miner, feed, outlier, by, seen }) {
  const snapshot = by === 'evm_revert' ? await rpc('evm_snapshot') : undefined;
  await market.transmit(feed, outlier, (await miner.latest()).timestamp);
  const block = brief(await miner.block(await market.flush()));
  await seen(block);
  if (by === 'evm_revert') {
    await rpc('evm_revert', snapshot);
    await miner.block([]);
  } else await rpc('anvil_reorg', 1, []);
  const replacement = brief(await rpc('eth_getBlockByNumber', toHex(block.number), false));
  return { block, replacement: { ...replacement, number: Number(replacement.number), timestamp: Number(replacement.timestamp) } };
}

const kinds = { 'same-block': sameBlock, 'one-block': oneBlock, reorged };

/// Has `feed` report its answer times (1 + change) and then forget it. kind: 'same-block', 'one-block', or 'reorged' (`by` 'anvil_reorg' or
/// 'evm_revert'; interval mining is off meanwhile, and `seen(block)` is awaited before it is taken back). Answers {name, kind, feed, block: {number, hash, timestamp} of the outlier,
/// correction | replacement: the block without it}.
export async function playGlitch(rpc, manifest, { feed = 'ETH/USD', change = -0.4, kind = 'same-block', by = 'anvil_reorg', seen = async () => {} } = {}) {
  if (!kinds[kind]) throw new Error(`no glitch ${kind}: there are ${Object.keys(kinds).join(', ')}`);
  const { answers } = await readMarket(rpc, manifest);
  const market = await Market.open(rpc, manifest);
  const outlier = shifted(answers[feed], change);
  return withMiner(rpc, async (miner) => {
    return { name: 'glitch', kind, feed, ...(await kinds[kind]({ rpc, market, miner, feed, outlier, answer: answers[feed], by, seen })) };
  });
}
