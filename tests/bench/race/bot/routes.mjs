// SPDX-License-Identifier: Apache-2.0
// What selling the collateral would bring: asked of QuoterV2 between the events, for everybody near the line, so that nothing is asked at one.
import { createRequire } from 'node:module';

const { parseAbi, zeroAddress } = createRequire(new URL('../../../devnet/package.json', import.meta.url))('viem');
const factoryAbi = parseAbi(['function getPool(address, address, uint24) view returns (address)']);
const quoterAbi = parseAbi([
  'struct Single { address tokenIn; address tokenOut; uint256 amountIn; uint24 fee; uint160 sqrtPriceLimitX96; }',
  'function quoteExactInputSingle(Single) returns (uint256 amountOut, uint160, uint32, uint256)',
]);
const tiers = [100, 500, 3000, 10000];
const near = 1.25;

export class Routes {
  constructor(chain, accounts, { factory, quoter }) {
    Object.assign(this, { chain, accounts, factory, quoter, pools: new Map() });
  }

  async load() {
    const assets = this.accounts.market.reserves.map(({ asset }) => asset);
    const triples = assets.flatMap((a) => assets.filter((b) => a < b).flatMap((b) => tiers.map((fee) => [a, b, fee])));
    const found = await this.chain.read(triples.map((args) => ({ to: this.factory, abi: factoryAbi, functionName: 'getPool', args })));
    triples.forEach(([a, b, fee], i) => {
      if (found[i] === zeroAddress) return;
      for (const key of [a + b, b + a]) this.pools.set(key, [...(this.pools.get(key) ?? []), fee]);
    });
  }

  /** Quotes again for everybody whose health is below `near`: the best tier and its rate, for each pair. */
  async refresh() {
    const wanted = [];
    for (const one of this.accounts.byAddress.values()) {
      const health = this.accounts.health(one);
      if (health > near) continue;
      for (const supply of one.supplies) {
        for (const debt of one.debts) {
          const { seized } = this.accounts.seizure(one, supply, debt, Math.min(health, 0.99));
          const [from, to] = [supply.reserve.asset, debt.reserve.asset];
          if (from === to || seized < 1) continue;
          for (const fee of this.pools.get(from + to) ?? []) wanted.push({ one, from, to, fee, seized: BigInt(Math.floor(seized)) });
        }
      }
    }
    const answers = await this.chain.tryRead(wanted.map(({ from, to, fee, seized }) => (
      { to: this.quoter, abi: quoterAbi, functionName: 'quoteExactInputSingle', args: [{ tokenIn: from, tokenOut: to, amountIn: seized, fee, sqrtPriceLimitX96: 0n }] })));
    const best = new Map();
    wanted.forEach(({ one, from, to, fee, seized }, i) => {
      if (!answers[i]) return;
      const rate = Number(answers[i][0]) / Number(seized);
      const pairs = best.get(one) ?? new Map();
      if (rate > (pairs.get(from + to)?.rate ?? 0)) pairs.set(from + to, { fee, rate });
      best.set(one, pairs);
    });
    for (const [one, pairs] of best) one.quotes = pairs;
  }
}
