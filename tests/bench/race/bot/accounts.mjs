// SPDX-License-Identifier: Apache-2.0
// Who owes what: found by events, read once through Multicall3, read again when an event names the account. Health is computed here.
import { createRequire } from 'node:module';
import { poolAbi } from './market.mjs';

const { parseAbi } = createRequire(new URL('../../../devnet/package.json', import.meta.url))('viem');
const tokenAbi = parseAbi(['function scaledBalanceOf(address) view returns (uint256)']);
const borrowTopic = '0xb3d084820fb1a9decffb176436bd02558d15fac9b0ddfed8c465bc7359d7dce0';

export class Accounts {
  constructor(chain, market) {
    Object.assign(this, { chain, market, byAddress: new Map() });
  }

  async load(fromBlock) {
    const logs = await this.chain.request('eth_getLogs', [{ address: this.market.pool, topics: [borrowTopic], fromBlock: `0x${fromBlock.toString(16)}`, toBlock: 'latest' }]);
    await this.read([...new Set(logs.map(({ topics }) => `0x${topics[2].slice(26)}`))]);
  }

  async read(addresses) {
    const { reserves, pool } = this.market;
    const width = 2 + 2 * reserves.length;
    const answers = await this.chain.read(addresses.flatMap((account) => [
      { to: pool, abi: poolAbi, functionName: 'getUserConfiguration', args: [account] },
      { to: pool, abi: poolAbi, functionName: 'getUserEMode', args: [account] },
      ...reserves.flatMap(({ aToken, debtToken }) => [
        { to: aToken, abi: tokenAbi, functionName: 'scaledBalanceOf', args: [account] },
        { to: debtToken, abi: tokenAbi, functionName: 'scaledBalanceOf', args: [account] }]),
    ]));
    addresses.forEach((account, i) => {
      const [configuration, category, ...scaled] = answers.slice(i * width, (i + 1) * width);
      const supplies = [];
      const debts = [];
      reserves.forEach((reserve, j) => {
        const used = ((configuration >> BigInt(2 * j + 1)) & 1n) === 1n;
        if (used && scaled[2 * j] > 0n) supplies.push({ reserve, scaled: Number(scaled[2 * j]) });
        if (scaled[2 * j + 1] > 0n) debts.push({ reserve, scaled: Number(scaled[2 * j + 1]) });
      });
      const known = this.byAddress.get(account.toLowerCase()) ?? { account, quotes: new Map() };
      this.byAddress.set(account.toLowerCase(), Object.assign(known, { category: Number(category), supplies, debts }));
    });
  }

  /** The health factor at the market's prices of this moment; the average threshold in whole basis points, as Aave 3.0 has it. */
  health(one) {
    let held = 0;
    let backing = 0;
    let owed = 0;
    for (const { reserve, scaled } of one.supplies) {
      const category = one.category !== 0 && one.category === reserve.category ? this.market.categories.get(one.category) : reserve;
      const worth = ((scaled * reserve.income) / reserve.unit) * reserve.price;
      held += worth;
      backing += worth * category.threshold;
    }
    for (const { reserve, scaled } of one.debts) owed += ((scaled * reserve.debt) / reserve.unit) * reserve.price;
    if (owed === 0) return Infinity;
    return held === 0 ? 0 : ((held / owed) * Math.floor((1e4 * backing) / held + 1e-6)) / 1e4;
  }

  /** What the pool would let a liquidator take of one pair: amounts in units, as floats. */
  seizure(one, supply, debt, health) {
    const category = one.category !== 0 && one.category === supply.reserve.category ? this.market.categories.get(one.category) : supply.reserve;
    const held = supply.scaled * supply.reserve.income;
    let cover = debt.scaled * debt.reserve.debt * (health > 0.95 ? 0.5 : 1);
    const worth = (amount) => ((amount / debt.reserve.unit) * debt.reserve.price * category.bonus / supply.reserve.price) * supply.reserve.unit;
    let taken = worth(cover);
    if (taken > held) {
      cover *= held / taken;
      taken = held;
    }
    const premium = taken - taken / category.bonus;
    return { cover, seized: taken - premium * supply.reserve.fee };
  }
}
