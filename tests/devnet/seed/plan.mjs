// SPDX-License-Identifier: Apache-2.0
// Decides what every borrower holds. Pure: one seed, one list of plans.
import { assets, symbols, versions } from '../lib/parameters.mjs';
import { Random } from '../lib/random.mjs';

const unit = (symbol) => 10n ** BigInt(assets[symbol].decimals);
const usdToBase = (usd) => BigInt(Math.round(usd * 100)) * 1_000_000n;

// Kinds of borrowers: how often, which collaterals (weight, symbol) and how many, which debts and how many.
const kinds = [
  [42, { name: 'ether', collaterals: [[8, 'WETH'], [3, 'wstETH']], most: 2, debts: [[6, 'USDC'], [3, 'USDT'], [2, 'DAI']], debtsMost: 2 }],
  [20, { name: 'mixed', collaterals: [[4, 'WETH'], [2, 'wstETH'], [4, 'LINK'], [2, 'WBTC'], [1, 'SNX'], [1, 'USDC']], most: 3, least: 2,
    debts: [[5, 'USDC'], [3, 'USDT'], [2, 'DAI'], [1, 'WBTC']], debtsMost: 3 }],
  [7, { name: 'bitcoin', collaterals: [[1, 'WBTC']], most: 1, debts: [[4, 'USDC'], [2, 'USDT'], [1, 'DAI'], [2, 'WETH']], debtsMost: 2 }],
  [7, { name: 'small cap', collaterals: [[3, 'LINK'], [2, 'SNX']], most: 1, debts: [[3, 'USDC'], [2, 'USDT'], [1, 'DAI'], [1, 'WETH']], debtsMost: 1 }],
  [8, { name: 'short', collaterals: [[3, 'USDC'], [1, 'DAI']], most: 2, debts: [[4, 'WETH'], [2, 'WBTC'], [2, 'LINK']], debtsMost: 2 }],
  [2, { name: 'loop', collaterals: [[1, 'USDC']], most: 1, debts: [[1, 'USDC']], debtsMost: 1 }],
  [9, { name: 'eMode ether', eMode: 1, collaterals: [[1, 'wstETH']], most: 1, debts: [[1, 'WETH']], debtsMost: 1, extra: 'WBTC' }],
  [7, { name: 'eMode stable', eMode: 2, collaterals: [[2, 'USDC'], [1, 'DAI']], most: 2, debts: [[2, 'USDT'], [1, 'DAI'], [1, 'USDC']], debtsMost: 2, extra: 'WETH' }],
  [6, { name: 'isolated', isolated: true, collaterals: [[1, 'ENS']], most: 1, debts: [[3, 'USDC'], [2, 'USDT'], [1, 'DAI']], debtsMost: 2 }],
];

// What 3.6 adds: collateral in an eMode only, and a category that shares assets with others.
const furtherKinds = [
  [5, { name: 'eMode tether', eMode: 2, collaterals: [[1, 'USDT']], most: 1, debts: [[2, 'USDC'], [1, 'DAI']], debtsMost: 2, extra: 'LINK' }],
  [9, { name: 'eMode blue chip', eMode: 3, collaterals: [[3, 'WETH'], [2, 'WBTC'], [1, 'wstETH']], most: 2, debts: [[3, 'USDC'], [1, 'DAI']], debtsMost: 2,
    extra: 'LINK' }],
];
const kindsOf = { '3.0.2': kinds, '3.6': [...kinds, ...furtherKinds] };

// Debt in USD: [weight, [low, high], name], drawn log-uniformly.
const sizes = [
  [38, [3, 170], 'dust'], [16, [1_500, 12_000], 'small'], [42, [12_000, 120_000], 'medium'], [15, [120_000, 600_000], 'large'],
  [1, [600_000, 1_800_000], 'whale'],
];
const smallMarketLimit = { LINK: 160_000, SNX: 80_000, ENS: 80_000 };

function drawDistinct(random, table, count) {
  const chosen = [];
  let rest = table;
  while (chosen.length < count && rest.length > 0) {
    const symbol = random.weighted(rest);
    chosen.push(symbol);
    rest = rest.filter(([, other]) => other !== symbol);
  }
  return chosen;
}

function drawHealth(random, kind, size) {
  if (size === 'dust') return random.between(1.02, 1.4);
  const near = kind.eMode ? 0.5 : 0.16;
  if (random.chance(near)) return random.chance(0.25) ? random.between(1.0001, 1.0006) : random.logBetween(1.0006, 1.02);
  return random.weighted([[64, () => random.between(1.02, 1.32)], [18, () => random.between(1.32, 1.8)], [12, () => random.between(1.8, 3)]])();
}

function shares(random, count) {
  const raw = Array.from({ length: count }, () => random.between(0.3, 1));
  const total = raw.reduce((sum, value) => sum + value, 0);
  return raw.map((value) => value / total);
}

/// Threshold in basis points that counts for an asset in a category of versions[...].eModes (undefined = none).
function thresholdOf(symbol, category) {
  return category?.collateral.includes(symbol) ? category.threshold : assets[symbol].threshold;
}

/// Base value of an amount, as the pool floors it.
export const valueOf = (symbol, amount, prices) => (amount * prices[symbol]) / unit(symbol);

// Collateral amounts for a debt at a health factor, then debts cut to size with the pool's own rounding.
function size(random, { collaterals, debts, category, debtUsd, health, prices }) {
  const parts = shares(random, collaterals.length);
  const average = collaterals.reduce((sum, symbol, i) => sum + parts[i] * thresholdOf(symbol, category), 0) / 10_000;
  const supplies = collaterals.map((symbol, i) => {
    const usd = (debtUsd * health * parts[i]) / average;
    return { symbol, amount: (usdToBase(usd) * unit(symbol)) / prices[symbol], use: symbol === 'ENS' ? 'enable' : 'automatic' };
  });
  let total = 0n;
  let weighted = 0n;
  for (const { symbol, amount } of supplies) {
    const value = valueOf(symbol, amount, prices);
    total += value;
    weighted += value * BigInt(thresholdOf(symbol, category));
  }
  const power = (total * (weighted / total)) / 10_000n;
  const debtBase = (power * 1_000_000n) / BigInt(Math.round(health * 1_000_000));
  const debtParts = shares(random, debts.length);
  const borrows = debts.map((symbol, i) => {
    const base = (debtBase * BigInt(Math.floor(debtParts[i] * 1_000_000))) / 1_000_000n;
    return { symbol, amount: (base * unit(symbol)) / prices[symbol] };
  });
  return { supplies, borrows };
}

function drawBorrower(random, prices, isolatedLeft, version) {
  let kind = random.weighted(kindsOf[version]);
  const [range, name] = random.weighted(sizes.map(([weight, bounds, label]) => [weight, [bounds, label]]));
  let debtUsd = random.logBetween(...range);
  if (kind.isolated && debtUsd > isolatedLeft) kind = kinds[0][1];
  const eMode = kind.eMode ?? 0;
  const category = versions[version].eModes[eMode];
  const collaterals = drawDistinct(random, kind.collaterals, random.integer(kind.least ?? 1, kind.most));
  for (const symbol of collaterals) debtUsd = Math.min(debtUsd, random.between(0.5, 1) * (smallMarketLimit[symbol] ?? Infinity));
  let debts = drawDistinct(random, kind.debts, random.integer(1, kind.debtsMost));
  if (kind.name !== 'loop') debts = debts.filter((symbol) => !collaterals.includes(symbol));
  if (debts.length === 0) debts = [eMode === 2 ? 'USDT' : 'USDC'];
  const health = drawHealth(random, kind, name);
  if (kind.extra && random.chance(0.25)) collaterals.push(kind.extra);
  const legs = size(random, { collaterals, debts, category, debtUsd, health, prices });
  if (!kind.isolated && random.chance(0.06)) {
    const idle = ['USDC', 'WETH', 'WBTC', 'DAI'].find((symbol) => !collaterals.includes(symbol));
    legs.supplies.push({ symbol: idle, amount: (usdToBase(debtUsd * 0.1) * unit(idle)) / prices[idle], use: 'disable' });
  }
  if (random.chance(0.04)) legs.supplies.push({ symbol: 'USDT', amount: (usdToBase(debtUsd * 0.1) * unit('USDT')) / prices.USDT, use: 'automatic' });
  return { kind: kind.name, size: name, eMode, isolated: Boolean(kind.isolated), health, debtUsd, ...legs };
}

function drawSaver(random, prices) {
  const choices = symbols.filter((symbol) => assets[symbol].threshold > 0 && !assets[symbol].frozen && !assets[symbol].debtCeilingUsd);
  const chosen = drawDistinct(random, choices.map((symbol) => [1, symbol]), random.integer(1, 3));
  const supplies = chosen.map((symbol) => {
    return { symbol, amount: (usdToBase(random.logBetween(500, 400_000)) * unit(symbol)) / prices[symbol], use: 'automatic' };
  });
  return { kind: 'saver', size: 'none', eMode: 0, isolated: false, supplies, borrows: [] };
}

/// Plans of `count` borrowers followed by those of the savers (supply only), from base prices {symbol: bigint}, for a market of an Aave version.
export function planBorrowers(seed, count, prices, version) {
  const random = new Random(`borrowers ${seed}`);
  let isolatedLeft = assets.ENS.debtCeilingUsd * 0.6;
  const borrowers = Array.from({ length: count }, () => {
    const plan = drawBorrower(random, prices, isolatedLeft, version);
    if (plan.isolated) isolatedLeft -= plan.debtUsd;
    return plan;
  });
  const savers = Array.from({ length: Math.max(3, Math.round(count * 0.03)) }, () => drawSaver(random, prices));
  return { borrowers, savers };
}

// The most that is ever out of `symbol` beyond what the accounts themselves brought in before, in seeding order.
function deepestDraw(accounts, symbol) {
  let drawn = 0n;
  let deepest = 0n;
  const sum = (legs) => legs.filter((leg) => leg.symbol === symbol).reduce((total, { amount }) => total + amount, 0n);
  for (const { supplies, borrows } of accounts) {
    drawn += sum(borrows) - sum(supplies);
    if (drawn > deepest) deepest = drawn;
  }
  return deepest;
}

/// What the large suppliers bring so that each reserve is used, and has liquidity left, as parameters.mjs says: {symbol: amount}.
export function planLiquidity({ borrowers, savers }, prices) {
  const scale = Math.max(1, borrowers.length / 400);
  const all = [...borrowers, ...savers];
  const sum = (list, symbol) => list.filter((leg) => leg.symbol === symbol).reduce((total, { amount }) => total + amount, 0n);
  return Object.fromEntries(symbols.map((symbol) => {
    const { usage, floor } = assets[symbol];
    const supplied = sum(all.flatMap(({ supplies }) => supplies), symbol);
    const borrowed = sum(all.flatMap(({ borrows }) => borrows), symbol);
    const spare = (usdToBase(floor * scale) * unit(symbol)) / prices[symbol];
    const byUsage = usage > 0 ? (borrowed * 10_000n) / BigInt(Math.round(usage * 10_000)) : 0n;
    const total = byUsage > borrowed + spare ? byUsage : borrowed + spare;
    const least = deepestDraw(all, symbol) + spare / 10n;
    return [symbol, total > supplied + least ? total - supplied : least];
  }));
}
