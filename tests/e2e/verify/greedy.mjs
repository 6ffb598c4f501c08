// SPDX-License-Identifier: Apache-2.0
// An independent liquidator: replays on a fork what everybody but the operator did, and takes the best that is left after each block.
import { requireFromDevnet } from '../../../chain/contracts/compile.mjs';
import { readExecutorArtifact } from '../../../chain/contracts/deploy.mjs';
import { startAnvil } from '../../devnet/lib/anvil.mjs';
import { toHex } from '../../devnet/lib/rpc.mjs';
import { betterAmounts } from './amounts.mjs';
import { candidatesOf } from './candidates.mjs';
import { addNet, assetValue, bestByAccount, callAll, etherValue } from './evaluate.mjs';
import { readAccounts, readHealth, readMarket } from './market.mjs';
import { readBlocks } from './settled.mjs';

const { isAddressEqual, parseEventLogs } = requireFromDevnet()('viem');
const { abi } = readExecutorArtifact();
const healthy = 10n ** 18n;
const gasLimit = toHex(20_000_000);

/** One fork and what was taken on it. All amounts of money are USD with 8 decimals. */
class Liquidator {
  constructor(rpc, manifest, { accounts, tip, minimum }) {
    Object.assign(this, { rpc, manifest, accounts, tip, minimum });
    this.best = new Map(); // account → its best candidate, as last valued
    this.seen = new Set(); // accounts that could be liquidated after the last block
    this.total = { count: 0, gross: 0n, cost: 0n, net: 0n };
    this.taken = [];
  }

  /** Mines these transactions, free of charge, at this time; answers the receipts. */
  async mine(transactions, timestamp) {
    await this.rpc('anvil_setNextBlockBaseFeePerGas', '0x0');
    const hashes = [];
    for (const transaction of transactions) hashes.push(await this.rpc('eth_sendTransaction', { ...transaction, gasPrice: '0x0' }));
    await this.rpc('evm_mine', { timestamp, blocks: 1 });
    const receipts = await this.rpc.batch(hashes.map((hash) => ['eth_getTransactionReceipt', hash]));
    const lost = receipts.findIndex((receipt) => receipt === null);
    if (lost >= 0) throw new Error(`the fork did not mine ${JSON.stringify(transactions[lost])}`);
    return receipts;
  }

  /** Prices, fees and time after the last block; gas is paid at the origin's base fee. */
  async look(baseFee) {
    this.market = { ...(await readMarket(this.rpc, this.manifest, 'latest', this.market)), baseFee };
  }

  /** Values the best candidate of each of these accounts anew. */
  async value(accounts) {
    const holders = await readAccounts(this.rpc, this.manifest, this.market, accounts);
    const unsafe = holders.filter(({ health }) => health < healthy);
    const candidates = await candidatesOf(this.rpc, this.manifest, this.market, unsafe);
    const { passed } = await callAll(this.rpc, this.manifest, this.market, candidates);
    accounts.forEach((account) => this.best.delete(account));
    const amounts = await betterAmounts(this.rpc, this.manifest, this.market, passed);
    for (const candidate of bestByAccount(await addNet(this.rpc, this.manifest, this.market, amounts, this))) {
      this.best.set(candidate.account, { ...candidate, number: this.market.number });
    }
  }

  /** The most valuable known candidate worth at least the minimum. */
  top() {
    let top;
    for (const candidate of this.best.values()) if (candidate.net >= this.minimum && (!top || candidate.net > top.net)) top = candidate;
    return top;
  }

  /** The best candidate of the same account after the newest block. */
  async upToDate(candidate) {
    if (candidate.number === this.market.number) return candidate;
    await this.value([candidate.account]);
    return this.best.get(candidate.account);
  }

  async take(candidate) {
    const { operator } = this.manifest.accounts;
    const transaction = { from: operator, to: this.manifest.executor, data: candidate.data, gas: gasLimit };
    const [receipt] = await this.mine([transaction], this.market.timestamp);
    this.market.number = Number(receipt.blockNumber);
    if (receipt.status !== '0x1') throw new Error(`reverted on the fork: ${candidate.account}`);
    const [{ args }] = parseEventLogs({ abi, logs: receipt.logs, eventName: 'Executed' });
    const gross = assetValue(this.market, args.profitToken, args.profit);
    const cost = etherValue(this.market, BigInt(receipt.gasUsed) * (this.market.baseFee + this.tip));
    this.total.count += 1;
    this.total.gross += gross;
    this.total.cost += cost;
    this.total.net += gross - cost;
    this.taken.push({ ...candidate, block: this.origin, gross, cost, net: gross - cost });
  }

  /** Takes the best until nothing is worth the minimum. A value is looked at again right before it is taken. */
  async drain() {
    for (;;) {
      for (let top = this.top(); top; top = this.top()) {
        const again = await this.upToDate(top);
        if (!again || again.net < top.net - top.net / 1000n) continue;
        await this.take(again);
        await this.value([top.account]);
      }
      const known = [...this.best.keys()];
      await this.value(known);
      if (!this.top()) return;
    }
  }

  /** Every account that can be liquidated now. */
  async liquidatable() {
    const health = await readHealth(this.rpc, this.manifest, this.accounts, this.market.number);
    return this.accounts.filter((account) => health.get(account) < healthy);
  }

  /**
   * After a block of the origin: without foreign transactions only interest and the base fee have moved, so accounts that were
   * valued before are valued again only if the fee alone makes them worth it.
   */
  async afterBlock(origin, baseFee, somethingHappened) {
    this.origin = origin;
    await this.look(baseFee);
    const now = await this.liquidatable();
    const cheaper = ({ gross, gas }) => gross - etherValue(this.market, gas * (baseFee + this.tip)) >= this.minimum;
    const stale = now.filter((account) => {
      if (somethingHappened || !this.seen.has(account)) return true;
      return this.best.has(account) && cheaper(this.best.get(account));
    });
    this.seen = new Set(now);
    if (stale.length === 0) return;
    await this.value(stale);
    await this.drain();
  }
}

function foreign(manifest, block) {
  return block.transactions
    .filter(({ from }) => !isAddressEqual(from, manifest.accounts.operator))
    .map(({ from, to, input, value, gas, nonce }) => ({ from, ...(to ? { to } : {}), data: input, value, gas, nonce }));
}

/** A node that stands where the origin stood at its block `from`, reading there what it does not know; or, far quicker, holding all of `state`. */
async function openCopy(manifest, { from, timestamp, state }) {
  const extraArguments = state ? [] : ['--fork-url', manifest.http, '--fork-block-number', String(from)];
  const node = await startAnvil({ timestamp, history: 5000, extraArguments });
  if (!state) return node;
  await node.rpc('anvil_loadState', state);
  const number = Number(await node.rpc('eth_blockNumber'));
  if (number === from) return node;
  await node.stop();
  throw new Error(`the state is of block ${number}, not of ${from}`);
}

/**
 * Copies the chain as it was after block `from` (`state`, if given, is what anvil_dumpState answered then; without it `manifest.http` is forked), then block by block up to `to` replays the transactions of everybody but the operator and
 * liquidates greedily whatever is worth at least `minimum` (USD, 8 decimals), paying that block's base fee plus `tip`.
 * Answers {count, gross, cost, net, taken}.
 */
export async function greedyTotal(rpc, manifest, { from, to, accounts, tip, minimum, state, say = () => {} }) {
  const blocks = await readBlocks(rpc, from, to);
  const fork = await openCopy(manifest, { from, timestamp: Number(blocks[0].timestamp), state });
  try {
    await fork.rpc('anvil_autoImpersonateAccount', true);
    const liquidator = new Liquidator(fork.rpc, manifest, { accounts, tip, minimum });
    for (const [i, block] of blocks.entries()) {
      const transactions = i === 0 ? [] : foreign(manifest, block);
      if (i > 0) await liquidator.mine(transactions, Number(block.timestamp));
      const baseFee = BigInt((blocks[i + 1] ?? block).baseFeePerGas);
      const before = liquidator.total.count;
      await liquidator.afterBlock(Number(block.number), baseFee, i === 0 || transactions.length > 0);
      if (liquidator.total.count > before) say(`after block ${Number(block.number)}: ${liquidator.total.count - before} taken`);
    }
    return { ...liquidator.total, taken: liquidator.taken };
  } finally {
    await fork.stop();
  }
}
