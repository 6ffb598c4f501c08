// SPDX-License-Identifier: Apache-2.0
// Leads the venue behind its pipe along the chain, block by block, and asks the pool about every account after each.
import assert from 'node:assert/strict';
import { requireFromDevnet } from '../../../chain/contracts/compile.mjs';
import { readContracts, readTruth } from '../../devnet/devnet.mjs';
import { Probe, toHead } from './probe.mjs';

const { decodeFunctionData, parseAbi } = requireFromDevnet()('viem');
const liquidationTopic = '0xe413a321e8681d831f4dbccbca790d2952b56f977908e45be37335533e005286';
const poolAbi = parseAbi([
  'function liquidationCall(address collateral, address debt, address user, uint256 cover, bool receiveAToken)',
  'function getReserveNormalizedIncome(address asset) view returns (uint256)',
  'function getReserveNormalizedVariableDebt(address asset) view returns (uint256)',
]);
const tokenAbi = parseAbi(['function scaledTotalSupply() view returns (uint256)']);
const never = 2n ** 256n - 1n;
const line = 10n ** 18n;
const sorted = (list) => list.map((account) => account.toLowerCase()).sort();

export class Follower {
  constructor(devnet) {
    this.devnet = devnet;
    this.probe = new Probe(devnet.rpc);
    this.applied = []; // hashes of the followed blocks after the one of the bootstrap, oldest first
  }

  stop() {
    this.probe.stop();
  }

  blockAt(number) {
    return this.devnet.rpc('eth_getBlockByNumber', typeof number === 'string' ? number : `0x${number.toString(16)}`, false);
  }

  /** Number of the last followed block. */
  get followed() {
    return this.start + this.applied.length;
  }

  /** Reads the market at the head; answers the steps. */
  async bootstrap() {
    const head = await this.blockAt('latest');
    const { aave, deployBlock } = this.devnet.manifest;
    const steps = await this.probe.bootstrap({ pool: aave.pool, startBlock: deployBlock, head: toHead(head) });
    this.start = Number(head.number);
    return steps;
  }

  /** Every account the venue knows, and every one the devnet made, against the pool at the block's own timestamp; answers how many. */
  async compareHealth(block) {
    const { manifest, rpc } = this.devnet;
    const { accounts } = await this.probe.ask({ op: 'health', timestamp: Number(block.timestamp) });
    const ours = new Map(accounts.map(([account, factor]) => [account.toLowerCase(), BigInt(factor)]));
    const names = new Set([...manifest.borrowers, ...manifest.savers, ...Object.values(manifest.accounts)]);
    const everybody = new Set([...ours.keys(), ...[...names].map((name) => name.toLowerCase())]);
    const truth = await readTruth(rpc, manifest, { block: block.hash, accounts: [...everybody] });
    for (const { account, healthFactor } of truth.accounts) {
      assert.equal(ours.get(account) ?? never, healthFactor, `health factor of ${account} at block ${Number(block.number)}`);
    }
    await this.compareIndices(block);
    await this.compareCandidates(truth, block);
    return truth.accounts.length;
  }

  /** Every reserve's indices: a health factor hides an error of theirs until it has grown. */
  async compareIndices(block) {
    const { manifest, rpc } = this.devnet;
    const { reserves } = await this.probe.ask({ op: 'indices', timestamp: Number(block.timestamp) });
    const ours = new Map(reserves.map(([token, income, debt]) => [token.toLowerCase(), [income, debt].map(BigInt)]));
    const { pool: to } = manifest.aave;
    const tokens = Object.entries(manifest.tokens);
    const answers = await readContracts(rpc, tokens.flatMap(([, { address, variableDebtToken }]) => [
      { to, abi: poolAbi, functionName: 'getReserveNormalizedIncome', args: [address] },
      { to, abi: poolAbi, functionName: 'getReserveNormalizedVariableDebt', args: [address] },
      { to: variableDebtToken, abi: tokenAbi, functionName: 'scaledTotalSupply', args: [] },
    ]), { block: block.hash });
    tokens.forEach(([symbol, { address }], i) => {
      const [income, debt, owed] = answers.slice(3 * i, 3 * i + 3);
      const [ourIncome, ourDebt] = ours.get(address.toLowerCase());
      assert.equal(ourIncome, income, `supply index of ${symbol} at block ${Number(block.number)}`);
      if (owed > 0n) assert.equal(ourDebt, debt, `debt index of ${symbol} at block ${Number(block.number)}`);
    });
  }

  async compareCandidates(truth, block) {
    const { accounts } = await this.probe.ask({ op: 'liquidatable', timestamp: Number(block.timestamp) });
    const expected = truth.accounts.filter(({ healthFactor, totalCollateralBase }) => healthFactor < line && totalCollateralBase > 0n);
    assert.deepEqual(sorted(accounts), sorted(expected.map(({ account }) => account)), `candidates at block ${Number(block.number)}`);
  }

  /** What the venue says about a liquidation right before it happened: the block's earlier transactions only, at the block's timestamp. */
  async compareLiquidation(block, logs, event) {
    const earlier = logs.filter(({ transactionIndex }) => Number(transactionIndex) < Number(event.transactionIndex));
    await this.probe.seal(toHead(block), earlier);
    const transaction = await this.devnet.rpc('eth_getTransactionByHash', event.transactionHash);
    const { args } = decodeFunctionData({ abi: poolAbi, data: transaction.input });
    const [collateral, debt, account, cover] = args;
    const timestamp = Number(block.timestamp);
    const { liquidation } = await this.probe.ask({ op: 'quote', account, collateral, debt, cover: cover.toString(), timestamp });
    assert.ok(liquidation, `the venue did not expect the liquidation of ${account}`);
    assert.equal(BigInt(liquidation.repaid), BigInt(`0x${event.data.slice(2, 66)}`), `repaid of ${account}`);
    assert.equal(BigInt(liquidation.seized), BigInt(`0x${event.data.slice(66, 130)}`), `seized of ${account}`);
    assert.deepEqual(await this.probe.ask({ op: 'undo', hash: block.hash }), { inStep: true });
  }

  /** Takes back what is no longer part of the chain. */
  async undoOrphans() {
    while (this.applied.length > 0) {
      const block = await this.blockAt(this.followed);
      if (block?.hash === this.applied.at(-1)) return;
      await this.undo();
    }
  }

  /** Takes the last block back. */
  async undo() {
    assert.deepEqual(await this.probe.ask({ op: 'undo', hash: this.applied.at(-1) }), { inStep: true });
    this.applied.pop();
  }

  /** Follows to the block of that number ('latest': the head); answers {blocks, accounts, liquidations} compared on the way. */
  async followTo(number = 'latest', { compare = true } = {}) {
    await this.undoOrphans();
    const seen = { blocks: 0, accounts: 0, liquidations: 0 };
    const last = Number((await this.blockAt(number)).number);
    while (this.followed < last) {
      const block = await this.blockAt(this.followed + 1);
      const logs = await this.probe.logsOf(block.hash);
      for (const event of logs.filter(({ topics }) => topics[0] === liquidationTopic)) {
        await this.compareLiquidation(block, logs, event);
        seen.liquidations += 1;
      }
      await this.probe.seal(toHead(block), logs);
      this.applied.push(block.hash);
      seen.blocks += 1;
      if (compare) seen.accounts = await this.compareHealth(block);
    }
    return seen;
  }
}
