// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { parseAbi } from 'viem';
import {
  assetPrices, assets, estimate, playActivity, playGap, playInterest, readContracts, readPositions, readTruth, simulateSequence, startDevnet,
} from '../devnet.mjs';
import { sqrtPriceX96 } from '../lib/prices.mjs';
import { toHex } from '../lib/rpc.mjs';

const wad = 10n ** 18n;
const abi = parseAbi([
  'function getAssetPrice(address) view returns (uint256)', 'function slot0() view returns (uint160, int24, uint16, uint16, uint16, uint8, bool)',
]);
const below = ({ accounts }) => accounts.filter(({ healthFactor }) => healthFactor < wad);
const running = [];

async function start(options) {
  const started = await startDevnet(options);
  running.push(started);
  return started;
}
let devnet;
before(async () => {
  devnet = await start({ borrowers: 200, seed: 1 });
});
after(() => Promise.all(running.map(({ stop }) => stop())));

async function prices({ rpc, manifest }, block) {
  const reads = Object.values(manifest.tokens).map(({ address }) => ({ to: manifest.aave.oracle, abi, functionName: 'getAssetPrice', args: [address] }));
  const values = await readContracts(rpc, reads, { block });
  return Object.fromEntries(Object.keys(manifest.tokens).map((symbol, i) => [symbol, values[i]]));
}

test('with time alone some accounts cross', async () => {
  const { rpc, manifest } = devnet;
  const calm = await prices(devnet, 'latest');
  const snapshot = await rpc('evm_snapshot');
  const { block, seconds } = await playInterest(rpc, { seconds: 90 * 86_400 });
  assert.equal(seconds, 90 * 86_400);
  assert.deepEqual(await prices(devnet, block.number), calm);
  const crossed = below(await readTruth(rpc, manifest));
  assert.ok(crossed.length >= 3, `${crossed.length} crossed`);
  await rpc('evm_revert', snapshot);
  assert.equal(below(await readTruth(rpc, manifest)).length, 0);
});

test('a gap moves the pools first and leaves enough that pays, enough that does not, and depth that matters', async (context) => {
  const { rpc, manifest } = devnet;
  const calm = await prices(devnet, 'latest');
  const gap = await playGap(rpc, manifest, { asset: 'ETH', change: -0.25 });
  const lastPoolBlock = gap.poolBlocks.at(-1);
  assert.ok(gap.oracleBlock.number > lastPoolBlock);
  assert.deepEqual(await prices(devnet, lastPoolBlock), calm);
  const fallen = await prices(devnet, gap.oracleBlock.number);
  assert.equal(fallen.WETH, (calm.WETH * 75n) / 100n);
  assert.ok(fallen.LINK < calm.LINK && fallen.WBTC < calm.WBTC && fallen.USDC === calm.USDC);
  const names = new Map(Object.entries(manifest.tokens).map(([symbol, { address }]) => [address, symbol]));
  for (const { address, token0, token1 } of manifest.pools) {
    const [a, b] = [names.get(token0), names.get(token1)];
    const target = sqrtPriceX96(fallen[a], assets[a].decimals, fallen[b], assets[b].decimals);
    const [[reached]] = await readContracts(rpc, [{ to: address, abi, functionName: 'slot0' }], { block: lastPoolBlock });
    assert.equal(reached, target, `${a}/${b}`);
  }
  const swaps = await rpc('eth_getLogs', { fromBlock: toHex(gap.oracleBlock.number), toBlock: 'latest', address: manifest.pools[0].address });
  assert.deepEqual(swaps, []);

  const result = await estimate(rpc, manifest);
  const { won, netUsd } = await simulateSequence(rpc, manifest, result);
  const { rows, ...totals } = result;
  context.diagnostic(`${JSON.stringify(totals)}, one after another ${won} for ${netUsd.toFixed(0)} USD`);
  assert.equal(rows.length, below(await readTruth(rpc, manifest)).length);
  assert.ok(result.liquidatable >= 60);
  assert.ok(result.profitable >= 45);
  assert.ok(result.unprofitable * 4 >= result.liquidatable);
  assert.ok(result.changedByDepth >= 5);
  assert.ok(won >= 45);
});

test('one seed gives one set of positions and one history, another seed another', async (context) => {
  const [a, b] = [await start({ borrowers: 50, seed: 'twin' }), await start({ borrowers: 50, seed: 'twin' })];
  const other = await start({ borrowers: 50, seed: 'stranger' });
  const account = ({ manifest }) => ({ ...manifest, http: '', ws: '', scenario: '' });
  assert.deepEqual(account(a), account(b));
  const positions = async ({ rpc, manifest }) => readPositions(rpc, manifest, (await readTruth(rpc, manifest)).accounts);
  assert.deepEqual(await positions(a), await positions(b));
  assert.notDeepEqual(await positions(a), await positions(other));
  const played = [];
  for (const twin of [a, b]) played.push(await playActivity(twin.rpc, twin.manifest, { blocks: 42, seed: 9 }));
  assert.deepEqual(played[0].counts, played[1].counts);
  assert.deepEqual((await readTruth(a.rpc, a.manifest)).accounts, (await readTruth(b.rpc, b.manifest)).accounts);
  const { blocks, counts } = played[0];
  context.diagnostic(JSON.stringify(counts));
  assert.equal(blocks.length, 42);
  const kinds = [
    'supply', 'borrow', 'repay', 'withdraw', 'aToken transfer', 'eMode switch', 'collateral toggle', 'mint to treasury', 'liquidation',
    'set ratio', 'move pools', 'transmit ETH/USD', 'transmit BTC/USD',
  ];
  for (const kind of kinds) assert.ok(counts[kind]?.mined >= 2, kind);
  assert.ok(blocks.filter((block) => block.prices.length >= 3).length >= 2);
  const transactions = Object.values(counts).reduce((sum, { mined, reverted }) => sum + mined + reverted, 0);
  assert.ok(transactions > 100);
});
