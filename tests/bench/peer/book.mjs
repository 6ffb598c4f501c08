// SPDX-License-Identifier: Apache-2.0
// The accounts of a market from the file that goals/peer_book.hpp describes, in flat typed arrays.
import { readFileSync } from 'node:fs';

export class Book {
  constructor(file) {
    const bytes = readFileSync(file);
    let at = 0;
    const u32 = () => bytes.readUInt32LE((at += 4) - 4);
    const f64 = () => bytes.readDoubleLE((at += 8) - 8);
    const address = () => `0x${bytes.toString('hex', at, (at += 20))}`;
    if (bytes.toString('latin1', 0, (at += 4)) !== 'PLB1') throw new Error(`${file} is no book`);
    const [accounts, reserves, terms] = [u32(), u32(), u32()];
    this.accounts = accounts;
    this.reserves = Array.from({ length: reserves }, () => ({ backing: f64(), owed: f64(), ether: bytes[at++] === 1, token: address() }));
    this.aggregator = address();
    this.pool = address();
    this.first = Uint32Array.from({ length: accounts + 1 }, u32);
    this.amount = new Float64Array(terms);
    // What backs an account counts by the weight of its reserve, what it owes by minus the one that lies as many places further.
    this.place = new Uint8Array(terms);
    for (let i = 0; i < terms; ++i) {
      this.amount[i] = f64();
      const reserve = bytes[at++];
      this.place[i] = reserve + (bytes[at++] === 1 ? reserves : 0);
    }
    this.addresses = bytes.subarray(at, at + 20 * accounts);
    this.weights = new Float64Array(2 * reserves);
    this.reserves.forEach(({ backing, owed }, i) => {
      this.weights[i] = backing;
      this.weights[reserves + i] = -owed;
    });
    this.places = this.reserves.flatMap(({ ether }, i) => (ether ? [i, reserves + i] : []));
  }

  address(account) {
    return `0x${this.addresses.toString('hex', 20 * account, 20 * account + 20)}`;
  }

  /** Ether, and what follows it, costs so many times as much. */
  move(factor) {
    for (const place of this.places) this.weights[place] *= factor;
  }

  /** Everybody whose collateral weighs less than his debt. */
  below() {
    const { accounts, first, amount, place, weights } = this;
    const found = [];
    let at = 0;
    for (let account = 0; account < accounts; ++account) {
      const end = first[account + 1];
      let surplus = 0;
      for (; at < end; ++at) surplus += amount[at] * weights[place[at]];
      if (surplus < 0 && this.backed(account)) found.push(account);
    }
    return found;
  }

  /** Whether there is anything to seize. */
  backed(account) {
    for (let at = this.first[account]; at < this.first[account + 1]; ++at) if (this.place[at] < this.reserves.length) return true;
    return false;
  }

  /** The largest collateral and the largest debt of an account, as addresses. */
  pair(account) {
    const largest = (owed) => {
      let best = -1;
      let most = 0;
      for (let at = this.first[account]; at < this.first[account + 1]; ++at) {
        const worth = Math.abs(this.amount[at] * this.weights[this.place[at]]);
        if (this.place[at] >= this.reserves.length === owed && worth > most) [best, most] = [this.place[at] % this.reserves.length, worth];
      }
      return this.reserves[best].token;
    };
    return [largest(false), largest(true)];
  }
}
