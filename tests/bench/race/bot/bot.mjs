#!/usr/bin/env node
// SPDX-License-Identifier: Apache-2.0
// A liquidation bot as one would write it with viem and some care; see ../README.md. Settings come as JSON in the first argument, lines of
// JSON go out: {"event":"ready"}, {"event":"sent",...}, and at SIGTERM {"event":"stop",...}.
import { createRequire } from 'node:module';
import { Accounts } from './accounts.mjs';
import { Chain } from './chain.mjs';
import { Market } from './market.mjs';
import { bestPair, Signer } from './plan.mjs';
import { Routes } from './routes.mjs';

const { generatePrivateKey, privateKeyToAccount } = createRequire(new URL('../../../devnet/package.json', import.meta.url))('viem/accounts');
const answerUpdated = '0x0559884fd3a460db3073b7fc896cc77986f16e378210ded43186175bf646fc5f';
const liquidationCall = '0xe413a321e8681d831f4dbccbca790d2952b56f977908e45be37335533e005286';
const userTopics = { // events of the pool that change an account, and which topic names it
  '0x2b627736bca15cd5381dcf80b0bf11fd197d01a037c52b927a881a10fb73ba61': 2, // Supply
  '0x3115d1449a7b732c986cba18244e897a450f61e1bb8d589cd2e69e6c8924f9f7': 2, // Withdraw
  '0xb3d084820fb1a9decffb176436bd02558d15fac9b0ddfed8c465bc7359d7dce0': 2, // Borrow
  '0xa534c8dbe71f871f9f3530e97a74601fea17b426cae02e1c5aee42c96c784051': 2, // Repay
  '0x00058a56ea94653cdf4f152d227ace22d4c00ad99e2a43f58cb7d9e3feb295f2': 2, // ReserveUsedAsCollateralEnabled
  '0x44c58d81365b66dd4b1a7f36c25aa97b8c71c361ee4937adc1a00000227db5dd': 2, // ReserveUsedAsCollateralDisabled
  '0xd728da875fc88944cbf17638bcbe4af0eedaef63becd1d1c57cc097eb4608d84': 1, // UserEModeSet
  [liquidationCall]: 3,
};
const retryAfter = 3; // blocks
const warmUpSignatures = 300;
const settings = JSON.parse(process.argv[2]);
const say = (event, fields = {}) => process.stdout.write(`${JSON.stringify({ event, ...fields })}\n`);

class Bot {
  constructor(chain) {
    this.chain = chain;
    this.market = new Market(chain, settings.aave);
    this.accounts = new Accounts(chain, this.market);
    this.routes = new Routes(chain, this.accounts, settings.uniswap);
    this.flying = new Map(); // account → block it was sent on
    this.changed = new Set();
    this.latencies = [];
    this.sent = 0;
    this.busy = false;
  }

  async start() {
    await this.market.load();
    await this.accounts.load(settings.deployBlock);
    await this.routes.load();
    await this.routes.refresh();
    const account = privateKeyToAccount(settings.privateKey);
    const [nonce, head] = await Promise.all([
      this.chain.request('eth_getTransactionCount', [account.address, 'pending']), this.chain.request('eth_getBlockByNumber', ['latest', false])]);
    this.signer = new Signer(account, {
      chainId: settings.chainId, executor: settings.executor, pool: settings.aave.pool, router: settings.uniswap.router, nonce: Number(nonce) });
    this.head = head;
    await this.warmUp();
    await this.chain.subscribe(['logs', { address: this.market.aggregators(), topics: [answerUpdated] }], (log, at) => this.onAnswer(log, at));
    await this.chain.subscribe(['logs', { address: settings.aave.pool }], (log) => this.onPool(log));
    await this.chain.subscribe(['newHeads'], (head_, at) => this.onHead(head_, at));
    say('ready', { accounts: this.accounts.byAddress.size });
  }

  /** Runs the whole way a few hundred times with another key and pretended health, so that it is compiled and the curve's tables are made. */
  async warmUp() {
    const { chainId, executor, pool, router } = this.signer;
    const other = new Signer(privateKeyToAccount(generatePrivateKey()), { chainId, executor, pool, router, nonce: 0 });
    const terms = { gasPrice: 1, etherPrice: 1, minProfit: 0.01 };
    for (let signed = 0, tries = 0; signed < warmUpSignatures && tries < 20 * warmUpSignatures; tries++) {
      for (const one of this.accounts.byAddress.values()) {
        const best = bestPair(this.accounts, one, Math.min(0.9, this.accounts.health(one)), terms);
        if (!best || signed === warmUpSignatures) continue;
        await other.sign(best, { lastBlock: 1, maxFeePerGas: 2n, tip: 1n });
        signed += 1;
      }
    }
  }

  onAnswer({ address, topics }, at) {
    if (this.market.answered(address.toLowerCase(), Number(BigInt.asIntN(256, BigInt(topics[1]))))) this.strike(at);
  }

  onPool({ topics }) {
    const index = userTopics[topics[0]];
    if (index === undefined) return;
    const account = `0x${topics[index].slice(26)}`;
    this.changed.add(account);
    if (topics[0] === liquidationCall) this.flying.delete(account.toLowerCase());
  }

  /** Between the blocks: everything that would have to be asked at an event. */
  async onHead(head, at) {
    this.head = head;
    if (this.busy) return;
    this.busy = true;
    try {
      if (this.changed.size > 0) await this.accounts.read([...this.changed]).then(() => this.changed.clear());
      await this.market.refresh();
      this.market.reprice();
      this.strike(at, false);
      await this.routes.refresh();
    } finally {
      this.busy = false;
    }
  }

  /** Sends for everybody who is below the line and worth it, the best first. */
  strike(at, timed = true) {
    const baseFee = Number(this.head.baseFeePerGas);
    const number = Number(this.head.number);
    const ether = this.market.reserves.find(({ asset }) => asset.toLowerCase() === settings.weth.toLowerCase()).price / 1e8;
    const terms = { gasPrice: baseFee + settings.tip, etherPrice: ether, minProfit: settings.minProfit };
    const found = [];
    for (const [key, one] of this.accounts.byAddress) {
      if (number - (this.flying.get(key) ?? -retryAfter) < retryAfter) continue;
      const health = this.accounts.health(one);
      const best = health < 1 ? bestPair(this.accounts, one, health, terms) : undefined;
      if (best) found.push({ key, best });
    }
    found.sort((a, b) => b.best.net - a.best.net);
    for (const { key, best } of found) {
      this.flying.set(key, number);
      this.send(best, { lastBlock: number + 5, maxFeePerGas: BigInt(Math.ceil(2 * baseFee + settings.tip)), tip: BigInt(settings.tip) }, timed ? at : undefined);
    }
  }

  async send(best, terms, at) {
    const raw = await this.signer.sign(best, terms);
    const microseconds = at === undefined ? undefined : Math.round((performance.now() - at) * 1000);
    if (microseconds !== undefined) this.latencies.push(microseconds);
    this.sent += 1;
    await this.chain.request('eth_sendRawTransaction', [raw]).catch((error) => say('refused', { account: best.one.account, why: error.message }));
  }
}

const bot = new Bot(await Chain.open(settings.ws));
process.on('SIGTERM', () => {
  say('stop', { sent: bot.sent, latencies: bot.latencies });
  process.exit(0);
});
await bot.start();
