// SPDX-License-Identifier: Apache-2.0
// What the bot knows of the market itself: reserves, how their prices come about, and their indices.
import { createRequire } from 'node:module';

const { parseAbi } = createRequire(new URL('../../../devnet/package.json', import.meta.url))('viem');

export const poolAbi = parseAbi([
  'function getReservesList() view returns (address[])',
  'function getConfiguration(address) view returns (uint256)',
  'function getReserveNormalizedIncome(address) view returns (uint256)',
  'function getReserveNormalizedVariableDebt(address) view returns (uint256)',
  'function getUserConfiguration(address) view returns (uint256)',
  'function getUserEMode(address) view returns (uint256)',
  'function FLASHLOAN_PREMIUM_TOTAL() view returns (uint128)',
  'struct Category { uint16 ltv; uint16 liquidationThreshold; uint16 liquidationBonus; address priceSource; string label; }',
  'function getEModeCategoryData(uint8) view returns (Category)',
  'function liquidationCall(address collateral, address debt, address user, uint256 cover, bool receiveAToken)',
]);
const providerAbi = parseAbi(['function getReserveTokensAddresses(address) view returns (address aToken, address stableDebt, address variableDebt)']);
const oracleAbi = parseAbi(['function getSourceOfAsset(address) view returns (address)', 'function getAssetPrice(address) view returns (uint256)']);
const sourceAbi = parseAbi([
  'function aggregator() view returns (address)', 'function latestAnswer() view returns (int256)',
  'function ASSET_TO_PEG() view returns (address)', 'function PEG_TO_BASE() view returns (address)',
  'function BASE_TO_USD_AGGREGATOR() view returns (address)', 'function getRatio() view returns (int256)',
]);

const bits = (word, from, count) => Number((word >> BigInt(from)) & ((1n << BigInt(count)) - 1n));
const ray = 1e27;

/** One feed proxy: {proxy, aggregator (lower case), answer}. */
async function readFeed(chain, proxy) {
  const [aggregator, answer] = await chain.read([
    { to: proxy, abi: sourceAbi, functionName: 'aggregator' }, { to: proxy, abi: sourceAbi, functionName: 'latestAnswer' },
  ]);
  return { proxy, aggregator: aggregator.toLowerCase(), answer: Number(answer) };
}

/** How the price of a source is made of feeds: {feeds, price()}; without feeds it is asked for at each head. */
async function readSource(chain, source, oracle, asset) {
  const [aggregator, assetToPeg, pegToBase, base] = await chain.tryRead(
    ['aggregator', 'ASSET_TO_PEG', 'PEG_TO_BASE', 'BASE_TO_USD_AGGREGATOR'].map((functionName) => ({ to: source, abi: sourceAbi, functionName })));
  const polled = { feeds: [], last: 0, price() { return this.last; }, read: { to: oracle, abi: oracleAbi, functionName: 'getAssetPrice', args: [asset] } };
  if (aggregator) {
    const feed = await readFeed(chain, source);
    return { feeds: [feed], price: () => feed.answer };
  }
  if (assetToPeg && pegToBase) {
    const [first, second] = [await readFeed(chain, assetToPeg), await readFeed(chain, pegToBase)];
    return { feeds: [first, second], price: () => (first.answer * second.answer) / 1e8 };
  }
  if (!base) return polled;
  const feed = await readFeed(chain, base);
  return {
    feeds: [feed], ratio: 1, price() { return feed.answer * this.ratio; },
    read: { to: source, abi: sourceAbi, functionName: 'getRatio' }, take(value) { this.ratio = Number(value) / 1e18; },
  };
}

export class Market {
  constructor(chain, { pool, dataProvider, oracle }) {
    Object.assign(this, { chain, pool, dataProvider, oracle, reserves: [], categories: new Map() });
  }

  async load() {
    const { chain, pool } = this;
    const [assets, premium] = await chain.read([
      { to: pool, abi: poolAbi, functionName: 'getReservesList' }, { to: pool, abi: poolAbi, functionName: 'FLASHLOAN_PREMIUM_TOTAL' }]);
    this.premium = Number(premium) / 1e4;
    const facts = await chain.read(assets.flatMap((asset) => [
      { to: pool, abi: poolAbi, functionName: 'getConfiguration', args: [asset] },
      { to: this.dataProvider, abi: providerAbi, functionName: 'getReserveTokensAddresses', args: [asset] },
      { to: this.oracle, abi: oracleAbi, functionName: 'getSourceOfAsset', args: [asset] },
    ]));
    for (const [i, asset] of assets.entries()) {
      const [word, tokens, source] = facts.slice(3 * i, 3 * i + 3);
      this.reserves.push({
        asset, aToken: tokens[0], debtToken: tokens[2], threshold: bits(word, 16, 16) / 1e4, bonus: bits(word, 32, 16) / 1e4,
        unit: 10 ** bits(word, 48, 8), active: bits(word, 56, 1) === 1, fee: bits(word, 152, 16) / 1e4, category: bits(word, 168, 8),
        source: await readSource(chain, source, this.oracle, asset), price: 0, income: 1, debt: 1,
      });
    }
    await this.loadCategories();
    await this.refresh();
    this.reprice();
  }

  async loadCategories() {
    const ids = [...new Set(this.reserves.map(({ category }) => category))].filter((id) => id !== 0);
    const answers = await this.chain.read(ids.map((id) => ({ to: this.pool, abi: poolAbi, functionName: 'getEModeCategoryData', args: [id] })));
    ids.forEach((id, i) => this.categories.set(id, { threshold: answers[i].liquidationThreshold / 1e4, bonus: answers[i].liquidationBonus / 1e4 }));
  }

  /** Indices, and the prices that no event tells: once a block. */
  async refresh() {
    const { pool } = this;
    const asked = this.reserves.filter(({ source }) => source.read);
    const answers = await this.chain.read([
      ...this.reserves.flatMap(({ asset }) => [
        { to: pool, abi: poolAbi, functionName: 'getReserveNormalizedIncome', args: [asset] },
        { to: pool, abi: poolAbi, functionName: 'getReserveNormalizedVariableDebt', args: [asset] }]),
      ...asked.map(({ source }) => source.read)]);
    this.reserves.forEach((reserve, i) => {
      reserve.income = Number(answers[2 * i]) / ray;
      reserve.debt = Number(answers[2 * i + 1]) / ray;
    });
    asked.forEach(({ source }, i) => {
      const value = answers[2 * this.reserves.length + i];
      if (source.take) source.take(value);
      else source.last = Number(value);
    });
  }

  /** Takes an aggregator's new answer; true if a price moved. */
  answered(aggregator, answer) {
    let known = false;
    for (const { source } of this.reserves) {
      for (const feed of source.feeds) {
        if (feed.aggregator !== aggregator) continue;
        feed.answer = answer;
        known = true;
      }
    }
    return known && this.reprice();
  }

  reprice() {
    let moved = false;
    for (const reserve of this.reserves) {
      const price = reserve.source.price();
      moved ||= price !== reserve.price;
      reserve.price = price;
    }
    return moved;
  }

  aggregators() {
    return [...new Set(this.reserves.flatMap(({ source }) => source.feeds.map(({ aggregator }) => aggregator)))];
  }
}
