// SPDX-License-Identifier: Apache-2.0
// What stands on the chain after `up`: protocols, parameters, borrowers, and feeds that behave like the real ones.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { encodeFunctionData, parseAbi } from 'viem';
import { Market, Sender, assets, mine, readContracts, readMarket, readPositions, readTruth, startDevnet } from '../devnet.mjs';
import { categoryOf } from '../deploy/aave_3_0_2.mjs';
import { loadArtifact } from '../lib/artifacts.mjs';
import { signReport } from '../lib/ocr.mjs';
import { ratioOf } from '../lib/prices.mjs';

const wad = 10n ** 18n;
const topics = {
  transmission: '0xc797025feeeaf2cd924c99e9205acb8ec04d5cad21c41ce637a38fb6dee6016a',
  round: '0x0109fc6f55cf40689f02fbaad7af7fe7bbac8a3d2186600afc7d3e10cac60271',
  answer: '0x0559884fd3a460db3073b7fc896cc77986f16e378210ded43186175bf646fc5f',
};
const abi = parseAbi([
  'function getAssetPrice(address) view returns (uint256)', 'function aggregator() view returns (address)',
  'function POOL_REVISION() view returns (uint256)', 'function FLASHLOAN_PREMIUM_TOTAL() view returns (uint128)',
  'function getPool(address, address, uint24) view returns (address)', 'function latestRoundData() view returns (uint80, int256, uint256, uint256, uint80)',
  'function slot0() view returns (uint160, int24, uint16, uint16, uint16, uint8, bool)', 'function liquidity() view returns (uint128)',
  'function approve(address, uint256)', 'function transfer(address, uint256)', 'function allowance(address, address) view returns (uint256)',
  'function ASSET_TO_PEG() view returns (address)', 'function PEG_TO_BASE() view returns (address)', 'function DENOMINATOR() view returns (int256)',
  'function DECIMALS() view returns (uint8)', 'function getRatio() view returns (int256)', 'function decimals() view returns (uint8)',
  'function latestTransmissionDetails() view returns (bytes32, uint32, uint8, int192, uint64)', 'function getDebtCeiling(address) view returns (uint256)',
  'function getReserveEModeCategory(address) view returns (uint256)', 'function getLiquidationProtocolFee(address) view returns (uint256)',
]);

let devnet;
let rpc;
let manifest;
const read = async (to, functionName, ...args) => (await readContracts(rpc, [{ to, abi, functionName, args }]))[0];
const priceOf = (symbol) => read(manifest.aave.oracle, 'getAssetPrice', manifest.tokens[symbol].address);

before(async () => {
  devnet = await startDevnet({ borrowers: 200, seed: 'shapes' });
  ({ rpc, manifest } = devnet);
});
after(() => devnet?.stop());

test('the pool is the proven revision with a flash premium of 5 basis points', async () => {
  assert.equal(await read(manifest.aave.pool, 'POOL_REVISION'), 1n);
  assert.equal(await read(manifest.aave.pool, 'FLASHLOAN_PREMIUM_TOTAL'), 5n);
});

test('every reserve has its parameters, and loan-to-value is back where it belongs', async () => {
  const { abi: shape } = loadArtifact('aave', 'misc/AaveProtocolDataProvider');
  for (const [symbol, asset] of Object.entries(assets)) {
    const { address } = manifest.tokens[symbol];
    const provider = manifest.aave.dataProvider;
    const [configuration] = await readContracts(rpc, [{ to: provider, abi: shape, functionName: 'getReserveConfigurationData', args: [address] }]);
    const expected = [
      asset.decimals, asset.ltv, asset.threshold, asset.bonus, asset.reserveFactor, asset.threshold > 0, true, false, true, Boolean(asset.frozen),
    ];
    assert.deepEqual(configuration.map((value) => (typeof value === 'bigint' ? Number(value) : value)), expected, symbol);
    assert.equal(await read(provider, 'getReserveEModeCategory', address), BigInt(categoryOf(symbol)), symbol);
    assert.equal(await read(provider, 'getDebtCeiling', address), BigInt(asset.debtCeilingUsd ?? 0) * 100n, symbol);
    assert.equal(await read(provider, 'getLiquidationProtocolFee', address), BigInt(asset.protocolFee), symbol);
  }
  assert.deepEqual([...new Set(Object.values(manifest.tokens).map(({ decimals }) => decimals))].sort(), [18, 6, 8]);
});

test('borrowers have health factors from 1.0001 to about 3, in all shapes', async () => {
  const truth = await readTruth(rpc, manifest, { accounts: manifest.borrowers });
  const factors = truth.accounts.map(({ healthFactor }) => Number(healthFactor) / 1e18).sort((a, b) => a - b);
  assert.equal(factors.length, 200);
  assert.ok(factors[0] >= 1.00005 && factors[0] < 1.001, `lowest ${factors[0]}`);
  assert.ok(factors[199] > 2 && factors[199] < 3.1, `highest ${factors[199]}`);
  assert.ok(factors.filter((factor) => factor < 1.01).length >= 10);
  const positions = await readPositions(rpc, manifest, truth.accounts);
  const count = (condition) => positions.filter(condition).length;
  assert.ok(count(({ eMode }) => eMode === 1) >= 5);
  assert.ok(count(({ eMode }) => eMode === 2) >= 3);
  assert.ok(count(({ collaterals }) => collaterals.ENS) >= 3);
  assert.ok(count(({ collaterals }) => collaterals.SNX) >= 3);
  assert.ok(count(({ debts }) => debts.USDT) >= 20);
  assert.ok(count(({ collaterals }) => Object.keys(collaterals).length >= 2) >= 20);
  assert.ok(count(({ debts }) => Object.keys(debts).length >= 2) >= 20);
  assert.ok(count(({ supplies, collaterals }) => Object.keys(supplies).length > Object.keys(collaterals).length) >= 5);
  assert.ok(truth.accounts.filter(({ totalDebtBase }) => totalDebtBase < 200n * 10n ** 8n).length >= 30, 'dust');
});

test('the truth is the same by number, by hash and by asking the pool directly', async () => {
  const byNumber = await readTruth(rpc, manifest, { block: Number(await rpc('eth_blockNumber')) });
  const byHash = await readTruth(rpc, manifest, { block: byNumber.block.hash });
  assert.deepEqual(byHash, byNumber);
  const account = manifest.borrowers[17];
  const data = `0xbf92857c${account.slice(2).toLowerCase().padStart(64, '0')}`;
  const words = await rpc('eth_call', { to: manifest.aave.pool, data }, 'latest');
  assert.equal(byNumber.accounts[17].healthFactor, BigInt(`0x${words.slice(-64)}`));
});

test('every pool is where the factory says, at the oracle price, and every pair of assets has one', async () => {
  const names = new Map(Object.entries(manifest.tokens).map(([symbol, { address }]) => [address, symbol]));
  const pairs = new Set();
  for (const { address, token0, token1, fee } of manifest.pools) {
    assert.equal(await read(manifest.uniswap.factory, 'getPool', token0, token1, fee), address);
    const [a, b] = [names.get(token0), names.get(token1)];
    const oracle = (Number(await priceOf(a)) / Number(await priceOf(b))) * 10 ** (assets[b].decimals - assets[a].decimals);
    assert.ok(Math.abs(ratioOf((await read(address, 'slot0'))[0]) / oracle - 1) < 1e-9, `${a}/${b}`);
    assert.ok((await read(address, 'liquidity')) > 0n);
    pairs.add(`${a}/${b}`).add(`${b}/${a}`);
  }
  const debts = ['WETH', 'wstETH', 'WBTC', 'USDC', 'USDT', 'DAI', 'LINK'];
  for (const a of debts) for (const b of debts) assert.ok(a === b || pairs.has(`${a}/${b}`), `${a}/${b}`);
  assert.ok(manifest.pools.length * 2 > pairs.size, 'some pairs have two fee tiers');
});

test('USDT returns nothing and wants a cleared allowance', async () => {
  const { address } = manifest.tokens.USDT;
  const from = manifest.accounts.rival;
  const call = (to, functionName, args) => rpc('eth_call', { from, to, data: encodeFunctionData({ abi, functionName, args }) }, 'latest');
  assert.equal(await call(address, 'transfer', [manifest.accounts.owner, 5n]), '0x');
  assert.notEqual(await call(manifest.tokens.USDC.address, 'transfer', [manifest.accounts.owner, 5n]), '0x');
  assert.ok((await read(address, 'allowance', from, manifest.aave.pool)) > 0n);
  await assert.rejects(call(address, 'approve', [manifest.aave.pool, 7n]), /approve zero first/);
  assert.equal(await call(address, 'approve', [manifest.aave.pool, 0n]), '0x');
});

test('the operator has never sent anything', async () => {
  assert.equal(await rpc('eth_getTransactionCount', manifest.accounts.operator, 'latest'), '0x0');
});

test('a report emits three events in order and moves every asset behind the feed, adapters staying silent', async () => {
  const market = await Market.open(rpc, manifest);
  const now = await readMarket(rpc, manifest);
  const prices = { WETH: await priceOf('WETH'), wstETH: await priceOf('wstETH'), WBTC: await priceOf('WBTC') };
  await market.transmit('ETH/USD', 2950_12345678n, 1_700_000_000);
  await market.transmit('BTC/USD', 59_000_00000000n, 1_700_000_000);
  const sent = await market.flush();
  assert.ok(sent.every(({ request }) => request.data.startsWith('0xb1dc65a4')));
  const { receipts } = await mine(rpc, sent);
  const aggregators = ['ETH/USD', 'BTC/USD'].map((name) => manifest.feeds[name].aggregator.toLowerCase());
  assert.deepEqual(receipts.map(({ logs }) => logs.map((log) => log.topics[0])), Array(2).fill(Object.values(topics)));
  receipts.forEach(({ logs }, i) => logs.forEach((log) => assert.equal(log.address, aggregators[i])));
  assert.equal(BigInt(receipts[0].logs[2].topics[1]), 2950_12345678n);
  assert.equal(await priceOf('WETH'), 2950_12345678n);
  assert.equal(await priceOf('wstETH'), (2950_12345678n * now.etherPerShare) / wad);
  assert.equal(await priceOf('WBTC'), (59_000_00000000n * now.answers['WBTC/BTC']) / 10n ** 8n);
  for (const symbol of Object.keys(prices)) assert.notEqual(await priceOf(symbol), prices[symbol]);
  const [round, answer] = await read(manifest.feeds['ETH/USD'].proxy, 'latestRoundData');
  assert.deepEqual([round, answer], [(1n << 64n) | 2n, 2950_12345678n]);
});

test('an aggregator refuses stale reports, forged signatures and strangers', async () => {
  const feed = manifest.feeds['LINK/USD'];
  const [configDigest] = await read(feed.aggregator, 'latestTransmissionDetails');
  const { abi: shape } = (await import('../lib/compile.mjs')).compileContracts().Aggregator;
  const attempt = async (args, from = manifest.accounts.transmitter) => {
    return rpc('eth_call', { from, to: feed.aggregator, data: encodeFunctionData({ abi: shape, functionName: 'transmit', args }) }, 'latest');
  };
  const report = { configDigest, epochAndRound: 257, observedAt: 1_700_000_000, answer: 14_00000000n };
  const good = await signReport(report);
  await attempt(good);
  await assert.rejects(attempt(await signReport({ ...report, epochAndRound: 0 })), /stale report/);
  await assert.rejects(attempt(good, manifest.accounts.rival), /unauthorized transmitter/);
  const other = await signReport({ ...report, answer: 13_00000000n });
  await assert.rejects(attempt([good[0], other[1], good[2], good[3], good[4]]), /bad signature/);
});

test('adapters have the getters of the real ones, and a ratio moves without any log', async () => {
  const { WBTC, wstETH } = manifest.tokens;
  assert.equal(await read(WBTC.source, 'ASSET_TO_PEG'), manifest.feeds['WBTC/BTC'].proxy);
  assert.equal(await read(WBTC.source, 'PEG_TO_BASE'), manifest.feeds['BTC/USD'].proxy);
  assert.equal(await read(WBTC.source, 'DENOMINATOR'), 10n ** 16n);
  assert.equal(await read(WBTC.source, 'DECIMALS'), 8);
  const before = await priceOf('wstETH');
  const market = await Market.open(rpc, manifest);
  market.setRatio(1_190000000000000000n);
  const { receipts } = await mine(rpc, await market.flush());
  assert.deepEqual(receipts.flatMap(({ logs }) => logs), []);
  assert.equal(await read(wstETH.source, 'getRatio'), 1_190000000000000000n);
  assert.ok((await priceOf('wstETH')) > before);
});

test('Multicall3 answers like the canonical one', async () => {
  const shape = parseAbi([
    'function getBlockNumber() view returns (uint256)', 'function getChainId() view returns (uint256)', 'function getBasefee() view returns (uint256)',
    'struct Call { address target; bytes callData; }', 'struct Result { bool success; bytes returnData; }',
    'function tryBlockAndAggregate(bool requireSuccess, Call[] calls) returns (uint256, bytes32, Result[])',
  ]);
  assert.equal(manifest.multicall3, '0xcA11bde05977b3631167028862bE2a173976CA11');
  const ask = (functionName, args = []) => readContracts(rpc, [{ to: manifest.multicall3, abi: shape, functionName, args }]);
  assert.deepEqual(await ask('getBlockNumber'), [BigInt(await rpc('eth_blockNumber'))]);
  assert.deepEqual(await ask('getChainId'), [31337n]);
  const calls = [
    { target: manifest.tokens.USDC.address, callData: encodeFunctionData({ abi, functionName: 'decimals' }) },
    { target: manifest.tokens.USDC.address, callData: '0xdeadbeef' },
  ];
  const [[, , results]] = await ask('tryBlockAndAggregate', [false, calls]);
  assert.deepEqual(results.map(({ success }) => success), [true, false]);
  assert.equal(BigInt(results[0].returnData), 6n);
  await assert.rejects(ask('tryBlockAndAggregate', [true, calls]), /reverted/);
});

test('an aggregator can be replaced behind its proxy without a trace', async () => {
  const { proxy } = manifest.feeds['DAI/USD'];
  const admin = await Sender.open(rpc, 'admin');
  const { FeedProxy } = (await import('../lib/compile.mjs')).compileContracts();
  admin.call(proxy, FeedProxy.abi, 'confirmAggregator', [manifest.feeds['USDC/USD'].aggregator]);
  const { receipts } = await mine(rpc, await admin.flush());
  assert.deepEqual(receipts[0].logs, []);
  assert.equal(await read(proxy, 'aggregator'), manifest.feeds['USDC/USD'].aggregator);
  assert.equal(await priceOf('DAI'), await priceOf('USDC'));
});
