// SPDX-License-Identifier: Apache-2.0
// What the chain itself says about the market and its accounts at one block. Nothing here knows the keeper.
import { requireFromDevnet } from '../../../chain/contracts/compile.mjs';
import { readContracts } from '../../devnet/lib/multicall.mjs';
import { toHex } from '../../devnet/lib/rpc.mjs';

const { parseAbi, isAddressEqual, zeroAddress } = requireFromDevnet()('viem');

export const feeTiers = [100, 500, 3000, 10000];
const poolAbi = parseAbi([
  'function getReservesList() view returns (address[])',
  'function getUserAccountData(address) view returns (uint256, uint256, uint256, uint256, uint256, uint256 healthFactor)',
  'function getUserEMode(address) view returns (uint256)',
  'struct Category { uint16 ltv; uint16 liquidationThreshold; uint16 liquidationBonus; address priceSource; string label; }',
  'function getEModeCategoryData(uint8) view returns (Category)',
  'function POOL_REVISION() view returns (uint256)',
  'struct CollateralConfig { uint16 ltv; uint16 liquidationThreshold; uint16 liquidationBonus; }',
  'function getEModeCategoryCollateralConfig(uint8) view returns (CollateralConfig)',
  'function getEModeCategoryCollateralBitmap(uint8) view returns (uint128)',
]);
const liquidEModes = 5n; // POOL_REVISION since which a category has lists of its own (3.2)
const mostCategories = 16;
const oracleAbi = parseAbi(['function getAssetPrice(address) view returns (uint256)']);
const dataAbi = parseAbi([
  'function getReserveConfigurationData(address) view returns (uint256 decimals, uint256, uint256, uint256 bonus, uint256, bool, bool, bool, bool, bool)',
  'function getReserveEModeCategory(address) view returns (uint256)',
  'function getUserReserveData(address, address) view returns (uint256 aToken, uint256 stableDebt, uint256 variableDebt, uint256, uint256, uint256, uint256, uint40, bool)',
]);
const tokenAbi = parseAbi(['function balanceOf(address) view returns (uint256)']);
const uniswapAbi = parseAbi(['function getPool(address, address, uint24) view returns (address)', 'function WETH9() view returns (address)']);

async function readReserves(rpc, manifest, assets, block) {
  const { dataProvider, oracle } = manifest.aave;
  const answers = await readContracts(rpc, assets.flatMap((asset) => [
    { to: dataProvider, abi: dataAbi, functionName: 'getReserveConfigurationData', args: [asset] },
    { to: oracle, abi: oracleAbi, functionName: 'getAssetPrice', args: [asset] },
  ]), { block });
  return assets.map((asset, i) => {
    const [configuration, price] = answers.slice(2 * i, 2 * i + 2);
    return { asset, unit: 10n ** configuration[0], bonus: configuration[3], price };
  });
}

/** The direct pools between any two assets: {tiersOf(a, b) → [fee], cheapPools: [{pool, a, b}] of the lowest tier}. */
async function readPools(rpc, factory, assets, block) {
  const pairs = assets.flatMap((a) => assets.flatMap((b) => (a < b ? feeTiers.map((fee) => [a, b, fee]) : [])));
  const reads = pairs.map((args) => ({ to: factory, abi: uniswapAbi, functionName: 'getPool', args }));
  const pools = await readContracts(rpc, reads, { block });
  const tiers = new Map();
  const cheapPools = [];
  pairs.forEach(([a, b, fee], i) => {
    if (isAddressEqual(pools[i], zeroAddress)) return;
    if (fee === feeTiers[0]) cheapPools.push({ pool: pools[i], a, b });
    for (const key of [a + b, b + a]) tiers.set(key, [...(tiers.get(key) ?? []), fee]);
  });
  return { tiersOf: (a, b) => tiers.get(a + b) ?? [], cheapPools };
}

// An asset belongs to one category at most.
async function readFixedCategories(rpc, { pool, dataProvider }, assets, block) {
  const reads = assets.map((asset) => ({ to: dataProvider, abi: dataAbi, functionName: 'getReserveEModeCategory', args: [asset] }));
  const own = await readContracts(rpc, reads, { block });
  const ids = [...new Set(own)].filter((id) => id !== 0n);
  const data = await readContracts(rpc, ids.map((id) => ({ to: pool, abi: poolAbi, functionName: 'getEModeCategoryData', args: [Number(id)] })), { block });
  return new Map(ids.map((id, i) => [id, { bonus: BigInt(data[i].liquidationBonus), members: new Set(assets.filter((_, j) => own[j] === id)) }]));
}

// A category has a bitmap of those that are collateral in it.
async function readLiquidCategories(rpc, { pool }, assets, block) {
  const ids = Array.from({ length: mostCategories }, (_, i) => i + 1);
  const answers = await readContracts(rpc, ids.flatMap((id) => [
    { to: pool, abi: poolAbi, functionName: 'getEModeCategoryCollateralConfig', args: [id] },
    { to: pool, abi: poolAbi, functionName: 'getEModeCategoryCollateralBitmap', args: [id] },
  ]), { block });
  return new Map(ids.map((id, i) => {
    const [{ liquidationBonus }, bitmap] = answers.slice(2 * i, 2 * i + 2);
    return [BigInt(id), { bonus: BigInt(liquidationBonus), members: new Set(assets.filter((_, j) => (bitmap >> BigInt(j)) & 1n)) }];
  }));
}

/**
 * What those hold who lend for less than the market, those for nothing first: Map(asset → [{source, lender, held, between}]); between names the
 * tokens of a pool, which is locked while it lends. Other people's loans are paid back in their transaction.
 */
async function readLent(rpc, { flash }, assets, cheapPools, block) {
  const free = flash ? [{ source: 3, lender: flash.morpho }, { source: 2, lender: flash.balancerVault }] : [];
  const pools = cheapPools.map(({ pool, a, b }) => ({ source: 1, lender: pool, between: [a, b] }));
  const asked = assets.flatMap((asset) => (
    [...free, ...pools.filter(({ between }) => between.includes(asset))].map((one) => ({ asset, ...one }))));
  const reads = asked.map(({ asset, lender }) => ({ to: asset, abi: tokenAbi, functionName: 'balanceOf', args: [lender] }));
  const balances = await readContracts(rpc, reads, { block });
  const lent = new Map(assets.map((asset) => [asset, []]));
  asked.forEach(({ asset, ...one }, i) => lent.get(asset).push({ ...one, held: balances[i] }));
  return lent;
}

/**
 * Reserves with their prices, liquidation bonuses and direct pools at a block (number, or 'latest').
 * `categories` is Map(eMode id → {bonus, members: Set of collateral}).
 * Prices are in the oracle's base currency with 8 decimals; bonuses in basis points. Pools are taken from `before`, an earlier market of the
 * same chain, if given.
 */
export async function readMarket(rpc, manifest, block = 'latest', before = undefined) {
  const header = await rpc('eth_getBlockByNumber', typeof block === 'string' ? block : toHex(block), false);
  if (!header) throw new Error(`no block ${block}`);
  const number = Number(header.number);
  const { pool } = manifest.aave;
  const [assets] = await readContracts(rpc, [{ to: pool, abi: poolAbi, functionName: 'getReservesList' }], { block: number });
  const [weth] = await readContracts(rpc, [{ to: manifest.uniswap.router, abi: uniswapAbi, functionName: 'WETH9' }], { block: number });
  const [revision] = await readContracts(rpc, [{ to: pool, abi: poolAbi, functionName: 'POOL_REVISION' }], { block: number });
  const reserves = await readReserves(rpc, manifest, assets, number);
  const readCategories = revision < liquidEModes ? readFixedCategories : readLiquidCategories;
  const pools = before?.pools ?? (await readPools(rpc, manifest.uniswap.factory, assets, number));
  return {
    number,
    timestamp: Number(header.timestamp),
    baseFee: BigInt(header.baseFeePerGas),
    reserves,
    ways: before?.ways ?? new Map(),
    lent: before?.lent ?? (await readLent(rpc, manifest, assets, pools.cheapPools, number)),
    pools,
    tiersOf: pools.tiersOf,
    revision,
    categories: await readCategories(rpc, manifest.aave, assets, number),
    etherPrice: reserves.find(({ asset }) => isAddressEqual(asset, weth)).price,
  };
}

/** Health factors of `accounts` at a block, as Map(account → bigint with 18 decimals). */
export async function readHealth(rpc, manifest, accounts, block) {
  const reads = accounts.map((account) => ({ to: manifest.aave.pool, abi: poolAbi, functionName: 'getUserAccountData', args: [account] }));
  const answers = await readContracts(rpc, reads, { block });
  return new Map(accounts.map((account, i) => [account, answers[i][5]]));
}

/** What `accounts` hold at the market's block: [{account, health, category, collaterals: [{asset, balance}], debts: [{asset, balance}]}]. */
export async function readAccounts(rpc, manifest, market, accounts) {
  const width = market.reserves.length + 2;
  const reads = accounts.flatMap((account) => [
    { to: manifest.aave.pool, abi: poolAbi, functionName: 'getUserAccountData', args: [account] },
    { to: manifest.aave.pool, abi: poolAbi, functionName: 'getUserEMode', args: [account] },
    ...market.reserves.map(({ asset }) => (
      { to: manifest.aave.dataProvider, abi: dataAbi, functionName: 'getUserReserveData', args: [asset, account] })),
  ]);
  const answers = await readContracts(rpc, reads, { block: market.number });
  return accounts.map((account, i) => {
    const [data, category, ...legs] = answers.slice(i * width, (i + 1) * width);
    const held = legs.map(([aToken, stable, variable], j) => ({ asset: market.reserves[j].asset, aToken, debt: stable + variable }));
    return {
      account,
      category,
      health: data[5],
      collaterals: held.filter(({ aToken }) => aToken > 0n).map(({ asset, aToken }) => ({ asset, balance: aToken })),
      debts: held.filter(({ debt }) => debt > 0n).map(({ asset, debt }) => ({ asset, balance: debt })),
    };
  });
}
