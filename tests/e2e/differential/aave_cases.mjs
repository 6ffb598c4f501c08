// SPDX-License-Identifier: Apache-2.0
// Random accounts near their line, for the contracts and for the probe.
const ray = 10n ** 27n;
const top = 2n ** 256n - 1n;

/// A number of about `digits` digits, any of them.
function sized(random, digits) {
  const bound = 10n ** BigInt(Math.max(1, digits));
  return (BigInt(random.bytes(32)) % bound) + 1n;
}

function randomReserve(random, scheme) {
  const decimals = random.pick([0, 2, 6, 8, 18, 18]);
  const threshold = random.pick([0, 1, 4900, 7000, 7850, 8300, 9300]);
  const price = sized(random, random.pick([6, 8, 9, 12, 13]));
  // A value of 10^0 to 10^7 dollars, with many around the 1,000 and 2,000 of the rules for small positions.
  const dollars = random.below(3) === 0 ? BigInt(800 + random.below(3500)) : sized(random, random.pick([1, 3, 4, 5, 7]));
  const tokens = (dollars * 10n ** 8n * 10n ** BigInt(decimals)) / price + BigInt(random.below(3));
  return {
    decimals, threshold, price, tokens, bonus: 10_000 + random.pick([50, 100, 450, 500, 1000, 1500]), protocolFee: random.pick([0, 1000, 1500, 5000]),
    supplyIndex: ray + (BigInt(random.bytes(12)) % ray) * BigInt(random.below(3)), supplyRate: sized(random, random.pick([1, 25, 26])),
    debtIndex: ray + (BigInt(random.bytes(12)) % ray) * BigInt(random.below(3)), debtRate: sized(random, random.pick([1, 25, 26, 27])),
    elapsed: random.pick([0, 1, 2, 3, 12, 3600, random.below(40_000_000)]), category: scheme === 'byte' ? random.pick([0, 0, 1]) : 0,
    supply: 0n, debt: 0n, isCollateral: false,
  };
}

const valueOf = (reserve, scaled, index) => (Number(scaled) * Number(index) / 1e27 * Number(reserve.price)) / 10 ** reserve.decimals;

// Scales the debts so that the health factor comes near a line.
function moveToLine(random, reserves, inside) {
  let backing = 0;
  let owed = 0;
  for (const [i, reserve] of reserves.entries()) {
    const threshold = inside(i) ? 9500 : reserve.threshold;
    if (reserve.isCollateral) backing += (valueOf(reserve, reserve.supply, reserve.supplyIndex) * threshold) / 1e4;
    owed += valueOf(reserve, reserve.debt, reserve.debtIndex);
  }
  if (backing === 0 || owed === 0) return;
  const target = random.pick([0.5, 0.9, 0.95, 0.9501, 0.97, 0.99, 0.99999, 1, 1.0001]) * (1 + (random.below(2001) - 1000) / 1e6);
  const factor = BigInt(Math.round((backing / owed / target) * 1e9));
  for (const reserve of reserves) if (reserve.debt > 0n) reserve.debt = (reserve.debt * factor) / 10n ** 9n + 1n;
}

function randomCover(random, owed) {
  const kind = random.below(6);
  if (kind < 2) return top;
  if (kind === 2) return owed;
  if (kind === 3) return BigInt(random.below(4));
  return (owed * BigInt(random.below(1_300_000))) / 1_000_000n + BigInt(random.below(2));
}

/// One account with up to four reserves and one request to liquidate it. `scheme`: how the eMode category names its reserves.
export function randomCase(random, scheme) {
  const reserves = Array.from({ length: 1 + random.below(4) }, () => randomReserve(random, scheme));
  const category = random.pick([0, 0, 1]);
  const bitmap = scheme === 'byte'
    ? reserves.reduce((bits, reserve, i) => bits | (BigInt(reserve.category) << BigInt(i)), 0n)
    : BigInt(random.below(1 << reserves.length));
  const inside = (i) => category !== 0 && (bitmap >> BigInt(i)) % 2n === 1n;
  const collateral = random.below(reserves.length);
  const debt = random.below(reserves.length);
  for (const [i, reserve] of reserves.entries()) {
    const used = i === collateral || i === debt || random.below(2) === 0;
    if (i === collateral || (used && random.below(2) === 0)) reserve.supply = (reserve.tokens * ray) / reserve.supplyIndex;
    if (i === debt || (used && random.below(3) === 0)) reserve.debt = (reserve.tokens * ray) / reserve.debtIndex + 1n;
    reserve.isCollateral = reserve.supply > 0n && random.below(10) > 0;
  }
  if (random.below(10) > 0) moveToLine(random, reserves, inside);
  const owed = (reserves[debt].debt * reserves[debt].debtIndex) / ray;
  return { reserves, category, categoryThreshold: 9500, categoryBonus: 10_100, categoryReserves: category === 0 ? 0n : bitmap, collateral, debt, cover: randomCover(random, owed) };
}

/// As the players in contracts/ take it.
export function forContract(one) {
  const reserves = one.reserves.map((r) => ({
    configuration: BigInt(r.threshold) << 16n | BigInt(r.bonus) << 32n | BigInt(r.decimals) << 48n | 1n << 56n | BigInt(r.protocolFee) << 152n
      | BigInt(r.category) << 168n,
    supplyIndex: r.supplyIndex, supplyRate: r.supplyRate, debtIndex: r.debtIndex, debtRate: r.debtRate, elapsed: r.elapsed, price: r.price,
    supply: r.supply, debt: r.debt, collateral: r.isCollateral,
  }));
  return { ...one, reserves, collateral: BigInt(one.collateral), debt: BigInt(one.debt) };
}

/// As the probe takes it: every number in words.
export function forProbe(one, revision) {
  const words = (value) => (typeof value === 'boolean' ? value : `${value}`);
  const texts = (object) => Object.fromEntries(Object.entries(object).map(([key, value]) => [key, words(value)]));
  return { ...texts(one), op: 'account', revision: `${revision}`, reserves: one.reserves.map(texts) };
}
