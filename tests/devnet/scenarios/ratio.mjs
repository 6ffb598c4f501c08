// SPDX-License-Identifier: Apache-2.0
// Prices that move though no feed reports: an adapter's ratio is another contract's number, and its cap grows by the second.
import { Sender } from '../lib/accounts.mjs';
import { compileContracts } from '../lib/compile.mjs';
import { Market, readMarket, shifted } from './market.mjs';
import { withMiner } from './mining.mjs';

const secondsPerYear = 31_536_000n;
const brief = ({ number, hash, timestamp }) => ({ number, hash, timestamp });

/// Moves wstETH's ratio by `change`: its pools in one block, the ratio in the next, whose transaction emits nothing.
/// Answers {name, change, poolBlock, ratioBlock: {number, hash, timestamp}, before, after}, ratios as decimal strings with 18 decimals.
export async function playRatio(rpc, manifest, { change = -0.06 } = {}) {
  const before = await readMarket(rpc, manifest);
  const after = { answers: before.answers, etherPerShare: shifted(before.etherPerShare, change) };
  const market = await Market.open(rpc, manifest);
  return withMiner(rpc, async (miner) => {
    market.movePools(before, after);
    const poolBlock = brief(await miner.block(await market.flush()));
    market.setRatio(after.etherPerShare);
    const ratioBlock = brief(await miner.block(await market.flush()));
    return { name: 'ratio', change, poolBlock, ratioBlock, before: before.etherPerShare.toString(), after: after.etherPerShare.toString() };
  });
}

/// Caps wstETH's ratio at `start` times what it is, growing by `yearly` a year, and lets `blocks` empty blocks pass, `seconds` apart: the price
/// is another in each. Answers {name, capBlock: {number, hash, timestamp}, blocks: [{number, hash, timestamp}]}.
export async function playCappedRatio(rpc, manifest, { start = 0.97, yearly = 0.1, blocks = 4, seconds = 3600 } = {}) {
  const { etherPerShare } = await readMarket(rpc, manifest);
  const admin = await Sender.open(rpc, 'admin', manifest.chainId);
  const { abi } = compileContracts().RatioAdapter;
  const snapshot = shifted(etherPerShare, start - 1);
  const perSecond = shifted(snapshot, yearly - 1) / secondsPerYear;
  return withMiner(rpc, async (miner) => {
    admin.call(manifest.tokens.wstETH.source, abi, 'setCapParameters', [snapshot, perSecond]);
    const capBlock = brief(await miner.block(await admin.flush()));
    const passed = [];
    for (let i = 0; i < blocks; i++) passed.push(brief(await miner.block([], { seconds, exact: true })));
    return { name: 'capped ratio', capBlock, blocks: passed };
  });
}
