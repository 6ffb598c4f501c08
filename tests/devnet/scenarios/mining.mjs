// SPDX-License-Identifier: Apache-2.0
// Scenarios decide themselves which transaction lands in which block.
import { mine } from '../lib/accounts.mjs';
import { pacerOf } from '../lib/pacer.mjs';
import { toHex } from '../lib/rpc.mjs';

const sleep = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/// Blocks made on demand. Without interval mining each is `seconds` after the last, so that runs repeat exactly; with it they keep the
/// wall clock's time and the interval's pace.
export class Miner {
  constructor(rpc, interval) {
    this.rpc_ = rpc;
    this.interval_ = interval;
  }

  async latest() {
    const block = await this.rpc_('eth_getBlockByNumber', 'latest', false);
    return { number: Number(block.number), hash: block.hash, timestamp: Number(block.timestamp) };
  }

  /// Mines everything in `sent`, normally one block; a node full of other transactions gets two more tries.
  /// Answers the block that holds the last of them.
  async block(sent = [], { seconds = 12, mayRevert = false, exact = false } = {}) {
    let missing = sent;
    for (let attempt = 0; ; attempt++) {
      if (this.interval_ > 0) await sleep(this.interval_ * 1000);
      const fixed = this.interval_ === 0 || exact;
      const timestamp = fixed ? (await this.latest()).timestamp + seconds : undefined;
      const block = await mine(this.rpc_, [], { timestamp });
      missing = this.checkIncluded_(block, missing, mayRevert);
      if (missing.length === 0) return block;
      if (attempt === 2) throw new Error(`${missing[0].label}: not included after three blocks`);
    }
  }

  checkIncluded_(block, sent, mayRevert) {
    const statuses = new Map(block.receipts.map(({ transactionHash, status }) => [transactionHash, status]));
    const failed = sent.find(({ hash }) => statuses.get(hash) === '0x0');
    if (failed && !mayRevert) throw new Error(`${failed.label}: reverted in block ${block.number}`);
    return sent.filter(({ hash }) => !statuses.has(hash));
  }

  /// Sets the base fee of the next block, in gwei.
  setBaseFee(gwei) {
    return this.rpc_('anvil_setNextBlockBaseFeePerGas', toHex(Math.round(gwei * 1e9)));
  }
}

/// Runs action(miner) with interval mining switched off, and switches it on again whatever happens.
export async function withMiner(rpc, action) {
  const pacer = pacerOf(rpc);
  if (pacer) return pacer.hold(() => action(new Miner(rpc, pacer.seconds)));
  const interval = Number((await rpc('anvil_getIntervalMining')) ?? 0);
  if (interval > 0) await rpc('evm_setIntervalMining', 0);
  try {
    return await action(new Miner(rpc, interval));
  } finally {
    if (interval > 0) await rpc('evm_setIntervalMining', interval);
  }
}
