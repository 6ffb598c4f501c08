// SPDX-License-Identifier: Apache-2.0
// The venue behind a pipe, with the node side of its conversation: reads are answered from an endpoint, blocks are handed over sealed.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { requireFromDevnet } from '../../../chain/contracts/compile.mjs';
import { multicall3 } from '../../devnet/lib/multicall.mjs';
import { toHex } from '../../devnet/lib/rpc.mjs';

const { encodeFunctionData, parseAbi } = requireFromDevnet()('viem');
const abi = parseAbi([
  'struct Call3 { address target; bool allowFailure; bytes callData; }',
  'struct Result { bool success; bytes returnData; }',
  'function aggregate3(Call3[] calls) payable returns (Result[] returnData)',
]);

/// The probe's program: PLIMSOLL_BUILD names the build directory, else the release preset's.
export function probeProgram() {
  const build = process.env.PLIMSOLL_BUILD ?? fileURLToPath(new URL('../../../build/release', import.meta.url));
  const program = `${build}/tests/e2e/parity/plimsoll_health_probe`;
  if (!existsSync(program)) throw new Error(`${program} is not built (PLIMSOLL_BUILD names the build directory)`);
  return program;
}

/// A block as eth_getBlockBy... answers it, as the venue's head.
export function toHead({ hash, parentHash, number, timestamp }) {
  return { hash, parentHash, number: Number(number), timestamp: Number(timestamp) };
}

export class Probe {
  constructor(rpc) {
    this.rpc = rpc;
    this.accountReads = 0; // calls answered that name an account
    this.child_ = spawn(probeProgram(), { stdio: ['pipe', 'pipe', 'inherit'] });
    this.lines_ = createInterface({ input: this.child_.stdout })[Symbol.asyncIterator]();
  }

  stop() {
    this.child_.stdin.end();
  }

  /// One command, one answer; an {error} is thrown.
  async ask(command) {
    this.child_.stdin.write(`${JSON.stringify(command)}\n`);
    const { value, done } = await this.lines_.next();
    if (done) throw new Error(`the probe ended while asked for ${command.op}`);
    const answer = JSON.parse(value);
    if (answer.error) throw Object.assign(new Error(`${answer.error}: ${answer.context}`), { code: answer.error });
    return answer;
  }

  async answer_(read) {
    if (read.logs) {
      const { addresses: address, topics } = read.logs;
      const logs = await this.rpc('eth_getLogs', { fromBlock: toHex(read.from), toBlock: toHex(read.to), address, topics: [topics] });
      return { id: read.id, logs };
    }
    const args = [read.calls.map(([target, callData]) => ({ target, allowFailure: true, callData }))];
    const data = encodeFunctionData({ abi, functionName: 'aggregate3', args });
    const bytes = await this.rpc('eth_call', { to: multicall3, data, gas: '0x40000000' }, { blockHash: read.hash });
    this.accountReads += read.calls.filter(([, callData]) => accountSelectors.has(callData.slice(0, 10))).length;
    return { id: read.id, bytes };
  }

  /// Has the venue read the market at `head`; answers the steps it went through.
  async bootstrap({ pool, startBlock, head, logRange = 20, batch = 150 }) {
    const steps = new Set();
    let answer = await this.ask({ op: 'start', pool, startBlock, logRange, batch, head });
    const open = [...answer.reads];
    while (!answer.finished) {
      if (open.length === 0) throw new Error(`the venue waits for nothing in step ${answer.step}`);
      answer = await this.ask({ op: 'result', ...(await this.answer_(open.shift())) });
      steps.add(answer.step);
      open.push(...answer.reads);
    }
    this.watch = (await this.ask({ op: 'status' })).watch;
    return [...steps];
  }

  /// The watched logs of a block, in order.
  logsOf(blockHash) {
    const { addresses: address, topics } = this.watch;
    return this.rpc('eth_getLogs', { blockHash, address, topics: [topics] });
  }

  /// Hands a sealed block over and answers the venue's price reads at its hash.
  async seal(head, logs) {
    const answer = await this.ask({ op: 'block', head, logs });
    for (const read of answer.reads) await this.ask({ op: 'prices', ...(await this.answer_(read)) });
    return answer;
  }

  /// Follows the chain up to `block` (as eth_getBlockBy... answers it).
  async follow(block) {
    return this.seal(toHead(block), await this.logsOf(block.hash));
  }
}

// getUserConfiguration, getUserEMode, scaledBalanceOf, getUserAccountData (balanceOf is asked about the pool's own cash)
const accountSelectors = new Set(['0x4417a583', '0xeddf1b79', '0x1da24f3e', '0xbf92857c']);
