// SPDX-License-Identifier: Apache-2.0
// Moves prices: Uniswap pools by swaps, feeds by signed reports, the staked-ether ratio by a silent write.
import { parseAbi } from 'viem';
import { Sender } from '../lib/accounts.mjs';
import { compileContracts } from '../lib/compile.mjs';
import { readContracts } from '../lib/multicall.mjs';
import { signReport } from '../lib/ocr.mjs';
import { assetPrices, assets } from '../lib/parameters.mjs';
import { sqrtPriceX96 } from '../lib/prices.mjs';

const abi = parseAbi([
  'function latestAnswer() view returns (int256)',
  'function aggregator() view returns (address)',
  'function stEthPerToken() view returns (uint256)',
  'function latestTransmissionDetails() view returns (bytes32, uint32, uint8, int192, uint64)',
]);
const poolsPerTransaction = 6;

/// Market prices at the head: {answers: {feed: bigint}, etherPerShare}.
export async function readMarket(rpc, manifest) {
  const names = Object.keys(manifest.feeds);
  const reads = names.map((name) => ({ to: manifest.feeds[name].proxy, abi, functionName: 'latestAnswer' }));
  const ratio = { to: manifest.tokens.wstETH.address, abi, functionName: 'stEthPerToken' };
  const values = await readContracts(rpc, [...reads, ratio]);
  return { answers: Object.fromEntries(names.map((name, i) => [name, values[i]])), etherPerShare: values[names.length] };
}

/// A price times (1 + change), rounded down and never 0.
export function shifted(value, change) {
  const moved = (value * BigInt(Math.round((1 + change) * 1e9))) / 1_000_000_000n;
  return moved > 0n ? moved : 1n;
}

/// The uniswap price of every pool that trades one of `moved` symbols, under prices {symbol: bigint}.
function poolTargets(manifest, prices, moved) {
  const symbolOf = new Map(Object.entries(manifest.tokens).map(([symbol, { address }]) => [address.toLowerCase(), symbol]));
  const targets = [];
  for (const { address, token0, token1 } of manifest.pools) {
    const [a, b] = [symbolOf.get(token0.toLowerCase()), symbolOf.get(token1.toLowerCase())];
    if (!moved.has(a) && !moved.has(b)) continue;
    targets.push({ address, sqrtPrice: sqrtPriceX96(prices[a], assets[a].decimals, prices[b], assets[b].decimals) });
  }
  return targets;
}

/// Symbols whose base price differs between two price maps.
export const changed = (before, after) => new Set(Object.keys(after).filter((symbol) => before[symbol] !== after[symbol]));

/// Queues price moves on the transmitter's account; nothing is sent before flush().
export class Market {
  constructor(rpc, manifest, sender) {
    this.rpc_ = rpc;
    this.manifest_ = manifest;
    this.sender_ = sender;
    this.contracts_ = compileContracts();
    this.rounds_ = new Map(); // by aggregator
    this.aggregators_ = new Map(); // by feed
  }

  static async open(rpc, manifest) {
    return new Market(rpc, manifest, await Sender.open(rpc, 'transmitter', manifest.chainId));
  }

  get sender() {
    return this.sender_;
  }

  flush() {
    return this.sender_.flush();
  }

  /// Queues swaps that put the pools of the moved assets at `after`'s prices; answers how many pools move.
  movePools(before, after) {
    const prices = assetPrices(after.answers, after.etherPerShare);
    const moved = changed(assetPrices(before.answers, before.etherPerShare), prices);
    const targets = poolTargets(this.manifest_, prices, moved);
    for (let i = 0; i < targets.length; i += poolsPerTransaction) {
      const part = targets.slice(i, i + poolsPerTransaction);
      const args = [part.map(({ address }) => address), part.map(({ sqrtPrice }) => sqrtPrice)];
      this.sender_.call(this.manifest_.devnet.poolDriver, this.contracts_.PoolDriver.abi, 'moveTo', args, { gas: 6_000_000, label: 'move pools' });
    }
    return targets.length;
  }

  async nextRound_(aggregator) {
    let round = this.rounds_.get(aggregator);
    if (!round) {
      const [details] = await readContracts(this.rpc_, [{ to: aggregator, abi, functionName: 'latestTransmissionDetails' }]);
      round = { configDigest: details[0], epochAndRound: details[1] * 256 + details[2] };
      this.rounds_.set(aggregator, round);
    }
    round.epochAndRound += 1;
    return round;
  }

  async aggregatorOf_(name) {
    if (!this.aggregators_.has(name)) {
      const [aggregator] = await readContracts(this.rpc_, [{ to: this.manifest_.feeds[name].proxy, abi, functionName: 'aggregator' }]);
      this.aggregators_.set(name, aggregator);
    }
    return this.aggregators_.get(name);
  }

  /// Queues one signed report to the feed's aggregator, or to another one of its; observedAt is a unix time in seconds.
  async transmit(name, answer, observedAt, to = undefined) {
    const aggregator = to ?? (await this.aggregatorOf_(name));
    const { configDigest, epochAndRound } = await this.nextRound_(aggregator);
    const args = await signReport({ configDigest, epochAndRound, observedAt, answer });
    this.sender_.call(aggregator, this.contracts_.Aggregator.abi, 'transmit', args, { gas: 600_000, label: `transmit ${name}` });
  }

  /// Queues reports for all feeds that differ.
  async transmitChanges(before, after, observedAt) {
    const names = Object.keys(after.answers).filter((name) => before.answers[name] !== after.answers[name]);
    for (const name of names) await this.transmit(name, after.answers[name], observedAt);
    return names;
  }

  /// Queues a new staked-ether ratio; no event will tell.
  setRatio(etherPerShare) {
    const { abi: shape } = this.contracts_.StakedEther;
    this.sender_.call(this.manifest_.devnet.stakedEther, shape, 'setEtherPerShare', [etherPerShare], { gas: 100_000, label: 'set ratio' });
  }
}
