// SPDX-License-Identifier: Apache-2.0
// Seeded random values for differential tests: the same seed gives the same cases everywhere.

/// mulberry32: a 32-bit generator, good enough to choose test cases.
export function makeRandom(seed) {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return (t ^ (t >>> 14)) >>> 0;
  };
  const below = (bound) => next() % bound;
  const pick = (items) => items[below(items.length)];
  const bytes = (size) => `0x${Array.from({ length: size }, () => (next() & 0xff).toString(16).padStart(2, '0')).join('')}`;
  const address = () => bytes(20);
  /// An unsigned number of at most `bits` bits that likes the edges.
  const unsigned = (bits) => {
    const top = (1n << BigInt(bits)) - 1n;
    const edge = below(8);
    if (edge === 0) return 0n;
    if (edge === 1) return top;
    if (edge === 2) return 1n << BigInt(below(bits));
    return BigInt(bytes(32)) & (top >> BigInt(below(bits)));
  };
  return { next, below, pick, bytes, address, unsigned };
}
