// SPDX-License-Identifier: Apache-2.0
// What the devnet is made of. Risk parameters are shaped after Ethereum mainnet's Aave V3 market; basis points unless said otherwise.

/// Feeds: first answer with 8 decimals; beta = how far it follows a move of the asset in a `gap` (see scenarios/gap.mjs).
export const feeds = {
  'ETH/USD': { answer: 3000_00000000n, beta: 1 },
  'BTC/USD': { answer: 60000_00000000n, beta: 0.5 },
  'WBTC/BTC': { answer: 99950000n, beta: 0 },
  'USDC/USD': { answer: 99995000n, beta: 0 },
  'USDT/USD': { answer: 99980000n, beta: 0 },
  'DAI/USD': { answer: 99990000n, beta: 0 },
  'LINK/USD': { answer: 15_00000000n, beta: 0.8 },
  'ENS/USD': { answer: 20_00000000n, beta: 0.9 },
  'SNX/USD': { answer: 2_50000000n, beta: 0.8 },
};

export const etherPerWrappedShare = 1_180000000000000000n;

/// Reserves in listing order. ltv/threshold/bonus/protocolFee/reserveFactor in basis points, caps in whole tokens, rates in basis
/// points a year (optimal usage, base, slope 1, slope 2), usage = most the seeder lets it be used, floor = least USD left
/// to borrow or withdraw (for each 400 borrowers).
export const assets = {
  WETH: {
    name: 'Wrapped Ether', decimals: 18, kind: 'feed', feeds: ['ETH/USD'], ltv: 8050, threshold: 8300, bonus: 10500, protocolFee: 1000,
    reserveFactor: 1500, supplyCap: 3_000_000, borrowCap: 2_700_000, rates: [8000, 0, 330, 8000], usage: 0.7, floor: 3e6,
  },
  wstETH: {
    name: 'Wrapped liquid staked Ether 2.0', decimals: 18, kind: 'ratio', feeds: ['ETH/USD'], ltv: 7850, threshold: 8100, bonus: 10600,
    protocolFee: 1000, reserveFactor: 1500, supplyCap: 1_350_000, borrowCap: 48_000, rates: [4500, 25, 450, 8000], usage: 0.05,
    floor: 1e6,
  },
  WBTC: {
    name: 'Wrapped BTC', decimals: 8, kind: 'product', feeds: ['WBTC/BTC', 'BTC/USD'], ltv: 7300, threshold: 7800, bonus: 10500,
    protocolFee: 1000, reserveFactor: 2000, supplyCap: 60_000, borrowCap: 40_000, rates: [4500, 0, 400, 30000], usage: 0.25,
    floor: 1.5e6,
  },
  USDC: {
    name: 'USD Coin', decimals: 6, kind: 'feed', feeds: ['USDC/USD'], ltv: 7500, threshold: 7800, bonus: 10450, protocolFee: 1000,
    reserveFactor: 1000, supplyCap: 4_500_000_000, borrowCap: 4_000_000_000, rates: [9000, 0, 600, 6000], isolationBorrowable: true,
    usage: 0.8, floor: 3e6,
  },
  USDT: {
    name: 'Tether USD', decimals: 6, kind: 'feed', feeds: ['USDT/USD'], noReturn: true, ltv: 0, threshold: 0, bonus: 0, protocolFee: 1000,
    reserveFactor: 1000, supplyCap: 3_000_000_000, borrowCap: 2_500_000_000, rates: [9000, 0, 600, 7500],
    isolationBorrowable: true, usage: 0.75, floor: 2.5e6,
  },
  DAI: {
    name: 'Dai Stablecoin', decimals: 18, kind: 'feed', feeds: ['DAI/USD'], ltv: 6300, threshold: 7700, bonus: 10400, protocolFee: 1000,
    reserveFactor: 2500, supplyCap: 338_000_000, borrowCap: 271_000_000, rates: [9000, 0, 600, 7500], isolationBorrowable: true,
    usage: 0.75, floor: 2e6,
  },
  LINK: {
    name: 'ChainLink Token', decimals: 18, kind: 'feed', feeds: ['LINK/USD'], ltv: 6600, threshold: 7100, bonus: 10700, protocolFee: 1000,
    reserveFactor: 2000, supplyCap: 15_000_000, borrowCap: 13_000_000, rates: [4500, 0, 700, 30000], usage: 0.15, floor: 6e5,
  },
  ENS: {
    name: 'Ethereum Name Service', decimals: 18, kind: 'feed', feeds: ['ENS/USD'], ltv: 3900, threshold: 4900, bonus: 10800,
    protocolFee: 2000, reserveFactor: 2000, supplyCap: 1_500_000, borrowCap: 40_000, rates: [4500, 0, 900, 30000],
    debtCeilingUsd: 8_000_000, usage: 0, floor: 2e5,
  },
  SNX: {
    name: 'Synthetix Network Token', decimals: 18, kind: 'feed', feeds: ['SNX/USD'], ltv: 4900, threshold: 6500, bonus: 10850,
    protocolFee: 1000, reserveFactor: 9500, supplyCap: 20_000_000, borrowCap: 1_100_000, rates: [8000, 300, 1500, 10000], frozen: true,
    usage: 0, floor: 2e5,
  },
};

export const symbols = Object.keys(assets);

/// Aave versions there are. eModes: who may be collateral and who may be borrowed in each category, basis points. In 3.0.2 an asset is in one
/// category for both, and is collateral there only if it is outside too; in 3.6 each category has its own lists. There USDT is collateral in an
/// eMode only (its own threshold is 0), WETH and wstETH, USDC and DAI are in two categories, and `ltvzero` assets keep their threshold but lend nothing.
export const versions = {
  '3.0.2': {
    revision: 1n,
    eModes: {
      1: { label: 'ETH correlated', ltv: 9300, threshold: 9500, bonus: 10100, collateral: ['WETH', 'wstETH'], borrowable: ['WETH', 'wstETH'] },
      2: { label: 'Stablecoins', ltv: 9300, threshold: 9500, bonus: 10100, collateral: ['USDC', 'DAI'], borrowable: ['USDC', 'USDT', 'DAI'] },
    },
  },
  '3.6': {
    revision: 10n,
    eModes: {
      1: { label: 'ETH correlated', ltv: 9300, threshold: 9500, bonus: 10100, collateral: ['WETH', 'wstETH'], borrowable: ['WETH', 'wstETH'] },
      2: { label: 'Stablecoins', ltv: 9300, threshold: 9500, bonus: 10100, collateral: ['USDC', 'USDT', 'DAI'], borrowable: ['USDC', 'USDT', 'DAI'] },
      3: {
        label: 'Blue chips', ltv: 8400, threshold: 8700, bonus: 10400, collateral: ['WETH', 'WBTC', 'wstETH'], borrowable: ['USDC', 'DAI'],
        ltvzero: ['WBTC'],
      },
    },
  },
};

export const flashPremium = { total: 5, toProtocol: 0 };

/// Uniswap pools: [a, b, fee in millionths, virtual depth of one side in million USD at the first price, shape].
/// Depth d means that selling x million USD moves the price by about 2x/d. Deep pools are those a keeper can rely on; the thin ones
/// (under 6 million) are there so that the pair with the best bonus is often not the pair with the best proceeds.
export const pools = [
  ['WETH', 'USDC', 500, 500, 'volatile'], ['WETH', 'USDC', 3000, 150, 'volatile'],
  ['WETH', 'USDT', 500, 300, 'volatile'], ['WETH', 'USDT', 3000, 100, 'volatile'],
  ['WETH', 'DAI', 3000, 120, 'volatile'], ['WETH', 'DAI', 500, 60, 'volatile'],
  ['WBTC', 'WETH', 500, 300, 'volatile'], ['WBTC', 'WETH', 3000, 200, 'volatile'],
  ['WBTC', 'USDC', 3000, 120, 'volatile'], ['WBTC', 'USDT', 3000, 60, 'volatile'], ['WBTC', 'DAI', 3000, 4, 'volatile'],
  ['wstETH', 'WETH', 100, 800, 'correlated'], ['wstETH', 'WETH', 500, 100, 'correlated'],
  ['wstETH', 'USDC', 500, 40, 'volatile'], ['wstETH', 'USDT', 3000, 0.7, 'volatile'], ['wstETH', 'DAI', 3000, 0.7, 'volatile'],
  ['wstETH', 'WBTC', 3000, 2, 'volatile'], ['wstETH', 'LINK', 3000, 1, 'volatile'],
  ['LINK', 'WETH', 3000, 40, 'volatile'], ['LINK', 'USDC', 3000, 3, 'volatile'], ['LINK', 'USDT', 3000, 0.5, 'volatile'],
  ['LINK', 'DAI', 3000, 0.3, 'volatile'], ['LINK', 'WBTC', 3000, 0.4, 'volatile'],
  ['USDC', 'USDT', 100, 3000, 'stable'], ['USDC', 'USDT', 500, 200, 'stable'], ['DAI', 'USDC', 100, 2000, 'stable'],
  ['DAI', 'USDC', 500, 200, 'stable'], ['DAI', 'USDT', 100, 800, 'stable'],
  ['ENS', 'USDC', 3000, 8, 'volatile'], ['ENS', 'USDT', 3000, 0.3, 'volatile'], ['ENS', 'DAI', 3000, 0.25, 'volatile'],
  ['ENS', 'WETH', 3000, 5, 'volatile'],
  ['SNX', 'WETH', 3000, 6, 'volatile'], ['SNX', 'USDC', 3000, 1.2, 'volatile'], ['SNX', 'USDT', 3000, 0.25, 'volatile'],
  ['SNX', 'DAI', 3000, 0.2, 'volatile'], ['SNX', 'WBTC', 3000, 0.5, 'volatile'],
];

/// Prices of all assets in base currency (8 decimals) from feed answers {name: bigint}, with the adapters' own integer arithmetic.
export function assetPrices(answers, etherPerShare) {
  const prices = {};
  for (const [symbol, { kind, feeds: names }] of Object.entries(assets)) {
    const [first, second] = names.map((name) => answers[name]);
    if (kind === 'feed') prices[symbol] = first;
    if (kind === 'product') prices[symbol] = (first * second) / 10n ** 8n;
    if (kind === 'ratio') prices[symbol] = (first * etherPerShare) / 10n ** 18n;
  }
  return prices;
}
