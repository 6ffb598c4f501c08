// SPDX-License-Identifier: Apache-2.0
// Each way in which prices move, seen on the chain. All on one devnet, which is put back between them.
import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, test } from 'node:test';
import { parseAbi } from 'viem';
import {
  playAggregatorSwap, playBleed, playCappedRatio, playDepeg, playGlitch, playRatio, readContracts, readPositions, readTruth, startDevnet,
} from '../devnet.mjs';
import { toHex } from '../lib/rpc.mjs';

const answerUpdated = '0x0559884fd3a460db3073b7fc896cc77986f16e378210ded43186175bf646fc5f';
const abi = parseAbi(['function getAssetPrice(address) view returns (uint256)', 'function aggregator() view returns (address)']);

let devnet;
let rpc;
let manifest;
let calm;
let snapshot;
let feeds;
let tokens;
before(async () => {
  devnet = await startDevnet({ borrowers: 100, seed: 5 });
  ({ rpc, manifest } = devnet);
  calm = await prices('latest');
});
beforeEach(async () => {
  snapshot = await rpc('evm_snapshot');
  [feeds, tokens] = [structuredClone(manifest.feeds), structuredClone(manifest.tokens)];
});
afterEach(async () => {
  await rpc('evm_revert', snapshot);
  Object.assign(manifest, { feeds, tokens });
});
after(() => devnet?.stop());

async function prices(block) {
  const reads = Object.values(manifest.tokens).map(({ address }) => ({ to: manifest.aave.oracle, abi, functionName: 'getAssetPrice', args: [address] }));
  const values = await readContracts(rpc, reads, { block });
  return Object.fromEntries(Object.keys(manifest.tokens).map((symbol, i) => [symbol, values[i]]));
}

const below = async (block) => (await readTruth(rpc, manifest, { block })).accounts.filter(({ healthFactor }) => healthFactor < 10n ** 18n);
const logsOf = (blockHash, filter = {}) => rpc('eth_getLogs', { blockHash, ...filter });
const reportsIn = (blockHash) => logsOf(blockHash, { topics: [answerUpdated] });
const differing = (a, b) => Object.keys(a).filter((symbol) => a[symbol] !== b[symbol]).sort();

test('a slow bleed: a little lower in every block, debts grow meanwhile, accounts sink one by one', async () => {
  const { blocks } = await playBleed(rpc, manifest, { change: -0.15, steps: 12, seconds: 7200 });
  assert.equal(blocks.length, 12);
  let last = calm.WETH;
  const sunk = [];
  for (const { number, hash } of blocks) {
    const { WETH } = await prices(number);
    assert.ok(WETH < last && WETH > (last * 98n) / 100n, `${last} to ${WETH}`);
    last = WETH;
    assert.ok((await reportsIn(hash)).length >= 3);
    sunk.push((await below(number)).length);
  }
  assert.ok(Math.abs(Number(last) / Number(calm.WETH) - 0.85) < 1e-6);
  for (let i = 1; i < blocks.length; i++) assert.equal(blocks[i].timestamp - blocks[i - 1].timestamp, 7200);
  assert.ok(new Set(sunk).size >= 4 && sunk.at(-1) >= 15, sunk.join(' '));
});

test('a depeg: the stablecoins fall alone, their holders sink, and after the recovery nobody is left', async () => {
  const { blocks, low } = await playDepeg(rpc, manifest, { changes: { USDC: -0.1, DAI: -0.08 }, recover: true });
  const fallen = await prices(low.number);
  assert.deepEqual(differing(calm, fallen), ['DAI', 'USDC']);
  assert.equal(fallen.USDC, (calm.USDC * 9n) / 10n);
  const sunk = await below(low.number);
  assert.ok(sunk.length >= 3);
  const positions = await readPositions(rpc, manifest, sunk);
  assert.ok(positions.every(({ collaterals }) => collaterals.USDC || collaterals.DAI));
  assert.deepEqual(await prices(blocks.at(-1).number), calm);
  assert.equal((await below(blocks.at(-1).number)).length, 0);
  await assert.rejects(playDepeg(rpc, manifest, { changes: { WETH: -0.1 } }), /WETH has no peg/);
});

test('a ratio alone: no log in its block, another price after it', async () => {
  const { poolBlock, ratioBlock, before: first, after: last } = await playRatio(rpc, manifest, { change: -0.06 });
  assert.deepEqual(await prices(poolBlock.number), calm);
  assert.deepEqual(await logsOf(ratioBlock.hash), []);
  const fallen = await prices(ratioBlock.number);
  assert.deepEqual(differing(calm, fallen), ['wstETH']);
  assert.equal(fallen.wstETH, (calm.WETH * BigInt(last)) / 10n ** 18n);
  assert.equal(BigInt(last), (BigInt(first) * 94n) / 100n);
  assert.ok((await below('latest')).length >= 3);
});

test('a capped ratio: another price in every block, though none has a transaction', async () => {
  const { capBlock, blocks } = await playCappedRatio(rpc, manifest, { start: 0.96, blocks: 4, seconds: 86_400 });
  let last = (await prices(capBlock.number)).wstETH;
  assert.ok(last < calm.wstETH);
  for (const { number, hash } of blocks) {
    const { transactions } = await rpc('eth_getBlockByHash', hash, false);
    assert.deepEqual(transactions, []);
    const now = await prices(number);
    assert.ok(now.wstETH > last);
    assert.deepEqual(differing(calm, now), ['wstETH']);
    last = now.wstETH;
  }
});

test('a new aggregator: silently put in place, heard from then on, and the old one no more', async () => {
  const { proxy } = manifest.feeds['ETH/USD'];
  const { from, to, swapBlock, reportBlock, strayBlock } = await playAggregatorSwap(rpc, manifest, { change: -0.08 });
  assert.notEqual(from, to);
  assert.equal(manifest.feeds['ETH/USD'].aggregator, to);
  assert.deepEqual(manifest.tokens.wstETH.aggregators, [to]);
  const [current] = await readContracts(rpc, [{ to: proxy, abi, functionName: 'aggregator' }], { block: swapBlock.number });
  assert.equal(current, to);
  assert.deepEqual(await logsOf(swapBlock.hash), []);
  assert.deepEqual(await prices(swapBlock.number), calm);
  assert.deepEqual((await reportsIn(reportBlock.hash)).map(({ address }) => address), [to.toLowerCase()]);
  const fallen = await prices(reportBlock.number);
  assert.deepEqual(differing(calm, fallen), ['WETH', 'wstETH']);
  assert.equal(fallen.WETH, (calm.WETH * 92n) / 100n);
  assert.deepEqual((await reportsIn(strayBlock.hash)).map(({ address }) => address), [from.toLowerCase()]);
  assert.deepEqual(await prices(strayBlock.number), fallen);
});

test('a glitch within one block leaves nothing but its two reports', async () => {
  const { block } = await playGlitch(rpc, manifest, { kind: 'same-block' });
  const answers = (await reportsIn(block.hash)).map(({ topics }) => BigInt(topics[1]));
  assert.deepEqual(answers, [(calm.WETH * 6n) / 10n, calm.WETH]);
  assert.deepEqual(await prices(block.number), calm);
  assert.equal((await below(block.number)).length, 0);
});

test('a glitch that lasts one block makes candidates for that block only', async () => {
  const { block, correction } = await playGlitch(rpc, manifest, { kind: 'one-block' });
  assert.equal(correction.number, block.number + 1);
  assert.equal((await prices(block.number)).WETH, (calm.WETH * 6n) / 10n);
  assert.ok((await below(block.number)).length >= 20);
  assert.deepEqual(await prices(correction.number), calm);
  assert.equal((await below(correction.number)).length, 0);
});

for (const by of ['anvil_reorg', 'evm_revert']) {
  test(`a glitch whose block is taken back by ${by} never was`, async () => {
    const { block, replacement } = await playGlitch(rpc, manifest, { kind: 'reorged', by });
    assert.equal(replacement.number, block.number);
    assert.notEqual(replacement.hash, block.hash);
    assert.equal((await rpc('eth_getBlockByNumber', toHex(block.number), false)).hash, replacement.hash);
    assert.deepEqual(await reportsIn(replacement.hash), []);
    assert.deepEqual(await prices('latest'), calm);
    assert.equal((await below('latest')).length, 0);
  });
}
