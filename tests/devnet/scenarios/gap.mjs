// SPDX-License-Identifier: Apache-2.0
// A price gap: the market falls (or rises) over some blocks, then all affected feeds report it in one block.
import { feeds } from '../lib/parameters.mjs';
import { Market, readMarket } from './market.mjs';
import { withMiner } from './mining.mjs';

const feedOf = { ETH: 'ETH/USD', BTC: 'BTC/USD', LINK: 'LINK/USD', ENS: 'ENS/USD', SNX: 'SNX/USD' };

// Each feed follows by its beta relative to the asset that moves; `alone` moves that asset only.
function shiftedAnswers(answers, asset, change, alone) {
  const leader = feedOf[asset];
  if (!leader) throw new Error(`unknown asset ${asset}: use one of ${Object.keys(feedOf).join(', ')}`);
  const shift = (name) => (name === leader ? change : alone ? 0 : change * Math.min(1, feeds[name].beta));
  return Object.fromEntries(Object.entries(answers).map(([name, answer]) => {
    return [name, (answer * BigInt(Math.round((1 + shift(name)) * 1e6))) / 1_000_000n];
  }));
}

// The market on its way: each answer geometrically between before and after.
function between(before, after, part) {
  const answers = Object.fromEntries(Object.entries(before.answers).map(([name, answer]) => {
    const factor = (Number(after.answers[name]) / Number(answer)) ** part;
    return [name, part === 1 ? after.answers[name] : BigInt(Math.round(Number(answer) * factor))];
  }));
  return { answers, etherPerShare: before.etherPerShare };
}

/// Moves `asset` ('ETH', 'BTC', 'LINK', 'ENS', 'SNX') by `change` (-0.25 = −25 %), the others by their beta unless `alone`.
/// The Uniswap pools reach the new prices in `poolBlocks` blocks before the one block with the oracle reports.
/// baseFee (gwei) is set for the first block and follows the protocol's rule from there; 0 leaves it alone.
/// Before each block it waits for `settle`: anvil may answer what is asked about its newest block with the state of one that is mined meanwhile.
/// Answers {name, asset, change, poolBlocks: [number], oracleBlock: {number, hash, timestamp}, before, after, poolsMoved}.
export async function playGap(rpc, manifest, { asset = 'ETH', change = -0.25, alone = false, poolBlocks = 3, baseFee = 10, settle = async () => {} } = {}) {
  const before = await readMarket(rpc, manifest);
  const after = { answers: shiftedAnswers(before.answers, asset, change, alone), etherPerShare: before.etherPerShare };
  const market = await Market.open(rpc, manifest);
  return withMiner(rpc, async (miner) => {
    const numbers = [];
    let poolsMoved = 0;
    if (baseFee > 0) await miner.setBaseFee(baseFee);
    for (let i = 1; i <= poolBlocks; i++) {
      poolsMoved = market.movePools(before, between(before, after, i / poolBlocks));
      await settle();
      numbers.push((await miner.block(await market.flush())).number);
    }
    await market.transmitChanges(before, after, (await miner.latest()).timestamp);
    await settle();
    const { number, hash, timestamp } = await miner.block(await market.flush());
    const answers = ({ answers: map }) => Object.fromEntries(Object.entries(map).map(([name, value]) => [name, value.toString()]));
    return {
      name: 'gap', asset, change, poolBlocks: numbers, oracleBlock: { number, hash, timestamp }, poolsMoved, before: answers(before),
      after: answers(after),
    };
  });
}
