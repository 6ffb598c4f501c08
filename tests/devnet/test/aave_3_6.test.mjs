// SPDX-License-Identifier: Apache-2.0
// The second market: Aave V3.6 with the same reserves, and what only it has.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { encodeFunctionData, parseAbi } from 'viem';
import { assets, playActivity, playGap, readContracts, readPositions, readTruth, startDevnet, versions } from '../devnet.mjs';
import { aaveArtifact } from '../lib/compile_aave.mjs';

const abi = parseAbi([
  'function POOL_REVISION() view returns (uint256)', 'function FLASHLOAN_PREMIUM_TOTAL() view returns (uint128)',
  'struct CollateralConfig { uint16 ltv; uint16 liquidationThreshold; uint16 liquidationBonus; }',
  'function getEModeCategoryCollateralConfig(uint8) view returns (CollateralConfig)',
  'function getEModeCategoryCollateralBitmap(uint8) view returns (uint128)',
  'function getEModeCategoryBorrowableBitmap(uint8) view returns (uint128)',
  'function getEModeCategoryLtvzeroBitmap(uint8) view returns (uint128)',
  'function getReservesList() view returns (address[])', 'function getLiquidationProtocolFee(address) view returns (uint256)',
  'function getDebtCeiling(address) view returns (uint256)', 'function getPool() view returns (address)', 'function getPriceOracle() view returns (address)',
  'function getInterestRateStrategyAddress(address) view returns (address)', 'function setUserEMode(uint8 category)',
]);
const { eModes } = versions['3.6'];
const symbols = Object.keys(assets);

let devnet;
let rpc;
let manifest;
const read = async (to, functionName, ...args) => (await readContracts(rpc, [{ to, abi, functionName, args }]))[0];
const bitmap = (list = []) => list.reduce((bits, symbol) => bits | (1n << BigInt(symbols.indexOf(symbol))), 0n);

before(async () => {
  devnet = await startDevnet({ aave: '3.6', borrowers: 200, seed: 'shapes' });
  ({ rpc, manifest } = devnet);
});
after(() => devnet?.stop());

test('there is no other version', () => assert.rejects(startDevnet({ aave: '3.3' }), /no Aave 3\.3: there are 3\.0\.2 and 3\.6/));

test('the pool is revision 10 behind its provider, with a flash premium of 5 basis points', async () => {
  const { pool, addressesProvider, oracle } = manifest.aave;
  assert.equal(await read(pool, 'POOL_REVISION'), 10n);
  assert.equal(await read(pool, 'FLASHLOAN_PREMIUM_TOTAL'), 5n);
  assert.equal(await read(addressesProvider, 'getPool'), pool);
  assert.equal(await read(addressesProvider, 'getPriceOracle'), oracle);
});

test('every reserve has its parameters, and loan-to-value is back where it belongs', async () => {
  const shape = aaveArtifact('helpers/AaveProtocolDataProvider').abi;
  const { dataProvider, pool } = manifest.aave;
  assert.deepEqual(await read(pool, 'getReservesList'), symbols.map((symbol) => manifest.tokens[symbol].address));
  const strategies = new Set();
  for (const [symbol, asset] of Object.entries(assets)) {
    const { address } = manifest.tokens[symbol];
    const [configuration] = await readContracts(rpc, [{ to: dataProvider, abi: shape, functionName: 'getReserveConfigurationData', args: [address] }]);
    const expected = [
      asset.decimals, asset.frozen ? 0 : asset.ltv, asset.threshold, asset.bonus, asset.reserveFactor, asset.threshold > 0, true, false, true,
      Boolean(asset.frozen),
    ];
    assert.deepEqual(configuration.map((value) => (typeof value === 'bigint' ? Number(value) : value)), expected, symbol);
    assert.equal(await read(dataProvider, 'getDebtCeiling', address), BigInt(asset.debtCeilingUsd ?? 0) * 100n, symbol);
    assert.equal(await read(dataProvider, 'getLiquidationProtocolFee', address), BigInt(asset.protocolFee), symbol);
    strategies.add(await read(dataProvider, 'getInterestRateStrategyAddress', address));
  }
  assert.equal(strategies.size, 1);
});

test('each eMode has its own collateral, its own debts, and what lends nothing', async () => {
  for (const [id, { ltv, threshold, bonus, collateral, borrowable, ltvzero }] of Object.entries(eModes)) {
    const config = await read(manifest.aave.pool, 'getEModeCategoryCollateralConfig', Number(id));
    assert.deepEqual(config, { ltv, liquidationThreshold: threshold, liquidationBonus: bonus });
    assert.equal(await read(manifest.aave.pool, 'getEModeCategoryCollateralBitmap', Number(id)), bitmap(collateral));
    assert.equal(await read(manifest.aave.pool, 'getEModeCategoryBorrowableBitmap', Number(id)), bitmap(borrowable));
    assert.equal(await read(manifest.aave.pool, 'getEModeCategoryLtvzeroBitmap', Number(id)), bitmap(ltvzero));
  }
});

test('borrowers are in every category; USDT counts in its own only, and only there', async () => {
  const truth = await readTruth(rpc, manifest, { accounts: manifest.borrowers });
  const factors = truth.accounts.map(({ healthFactor }) => Number(healthFactor) / 1e18).sort((a, b) => a - b);
  assert.ok(factors[0] >= 1.00005 && factors[0] < 1.001, `lowest ${factors[0]}`);
  assert.ok(factors[199] > 2 && factors[199] < 3.1, `highest ${factors[199]}`);
  const positions = await readPositions(rpc, manifest, truth.accounts);
  for (const id of [0, 1, 2, 3]) assert.ok(positions.filter(({ eMode }) => eMode === id).length >= 5, `category ${id}`);
  const withTether = positions.filter(({ collaterals }) => collaterals.USDT);
  assert.ok(withTether.length >= 3, `${withTether.length} with USDT as collateral`);
  assert.ok(withTether.every(({ eMode }) => eMode === 2));
  assert.ok(positions.some(({ supplies, collaterals }) => supplies.USDT && !collaterals.USDT), 'somebody has it outside');
  assert.ok(positions.some(({ eMode, collaterals }) => eMode === 3 && collaterals.WBTC), 'somebody has what lends nothing');
  const leave = encodeFunctionData({ abi, functionName: 'setUserEMode', args: [0] });
  await assert.rejects(rpc('eth_call', { from: withTether[0].account, to: manifest.aave.pool, data: leave }, 'latest'), /revert/);
});

test('its users do all that the others do, and a crash makes candidates', async (context) => {
  const { counts } = await playActivity(rpc, manifest, { blocks: 42, seed: 9 });
  context.diagnostic(JSON.stringify(counts));
  const kinds = [
    'supply', 'borrow', 'repay', 'withdraw', 'aToken transfer', 'eMode switch', 'collateral toggle', 'mint to treasury', 'liquidation', 'set ratio',
  ];
  for (const kind of kinds) assert.ok(counts[kind]?.mined >= 2, kind);
  await playGap(rpc, manifest, { change: -0.25 });
  const truth = await readTruth(rpc, manifest);
  assert.ok(truth.accounts.filter(({ healthFactor }) => healthFactor < 10n ** 18n).length >= 30);
});
