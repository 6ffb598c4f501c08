// SPDX-License-Identifier: Apache-2.0
// Prices as Uniswap V3 wants them.

function squareRoot(value) {
  if (value < 2n) return value;
  let x = 1n << BigInt((value.toString(2).length + 1) >> 1);
  for (;;) {
    const next = (x + value / x) >> 1n;
    if (next >= x) return x;
    x = next;
  }
}

/// sqrt(token1 units per token0 unit) × 2^96, rounded down, from prices in one currency.
export function sqrtPriceX96(price0, decimals0, price1, decimals1) {
  return squareRoot(((price0 * 10n ** BigInt(decimals1)) << 192n) / (price1 * 10n ** BigInt(decimals0)));
}

/// The price ratio behind a sqrtPriceX96, as a float for choosing ranges only.
export function ratioOf(sqrtPrice) {
  return (Number(sqrtPrice) / 2 ** 96) ** 2;
}

/// The nearest usable tick of a price ratio.
export function usableTick(ratio, spacing) {
  const limit = Math.floor(887272 / spacing) * spacing;
  const tick = Math.round(Math.log(ratio) / Math.log(1.0001) / spacing) * spacing;
  return Math.max(-limit, Math.min(limit, tick));
}
