// SPDX-License-Identifier: Apache-2.0
// A small seeded generator, so that one seed always gives the same borrowers and the same activity.

/// Seeds from any integer or string; draws are 32-bit (xoshiro128** over a splitmix-style fill).
export class Random {
  constructor(seed) {
    let h = 0x9e3779b9;
    for (const character of String(seed)) h = Math.imul(h ^ character.codePointAt(0), 0x85ebca6b) ^ (h >>> 13);
    this.state_ = Uint32Array.from({ length: 4 }, () => {
      h = (h + 0x9e3779b9) | 0;
      let z = Math.imul(h ^ (h >>> 16), 0x21f0aaad);
      z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
      return (z ^ (z >>> 15)) >>> 0;
    });
  }

  next32() {
    const s = this.state_;
    const x = Math.imul(s[1], 5);
    const result = Math.imul((x << 7) | (x >>> 25), 9) >>> 0;
    const t = s[1] << 9;
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= t;
    s[3] = (s[3] << 11) | (s[3] >>> 21);
    return result;
  }

  /// Uniform in [0, 1).
  unit() {
    return this.next32() / 2 ** 32;
  }

  between(low, high) {
    return low + this.unit() * (high - low);
  }

  /// Log-uniform in [low, high).
  logBetween(low, high) {
    return Math.exp(this.between(Math.log(low), Math.log(high)));
  }

  integer(low, high) {
    return low + Math.floor(this.unit() * (high - low + 1));
  }

  chance(probability) {
    return this.unit() < probability;
  }

  pick(list) {
    return list[Math.floor(this.unit() * list.length)];
  }

  /// Picks from [[weight, value]].
  weighted(table) {
    const total = table.reduce((sum, [weight]) => sum + weight, 0);
    let draw = this.unit() * total;
    for (const [weight, value] of table) {
      draw -= weight;
      if (draw < 0) return value;
    }
    return table[table.length - 1][1];
  }

  shuffle(list) {
    const copy = [...list];
    for (let i = copy.length - 1; i > 0; i--) {
      const j = this.integer(0, i);
      [copy[i], copy[j]] = [copy[j], copy[i]];
    }
    return copy;
  }
}
