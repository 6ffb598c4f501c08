#!/usr/bin/env node
// SPDX-License-Identifier: Apache-2.0
// Sixteen transactions at once on anvil, which mines each as it comes: from the first intent to the last receipt, beside the
// same sixteen sent by viem over a WebSocket, signed in time and signed before. In turns, in one run; medians. Exit 1 only if
// something could not be measured.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { roleAccount } from '../devnet/lib/accounts.mjs';
import { startAnvil } from '../devnet/lib/anvil.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const build = process.env.PLIMSOLL_BUILD ?? join(root, 'build', 'release');
const viem = createRequire(join(root, 'tests/devnet/package.json'))('viem');
const kAtOnce = 16;
const kWarmRounds = 1;
const kRounds = 7;
const kBlockMs = 500;
const kPatienceMs = 5_000;
const kFeeWei = 10n ** 9n;

const chain = viem.defineChain({ id: 31337, name: 'anvil', nativeCurrency: { name: 'ether', symbol: 'ETH', decimals: 18 }, rpcUrls: { default: { http: [] } } });

/** A bot written with viem: it counts its nonces itself, asks for its receipts at every head, and replaces what does not land. */
class Rival {
  constructor(url) {
    this.client_ = viem.createPublicClient({ chain, transport: viem.webSocket(url, { reconnect: false }), pollingInterval: 10 });
    this.account_ = roleAccount('rival');
    this.nonce_ = 0;
  }
  async #sign(nonce = this.nonce_++, fee = kFeeWei) {
    const signed = await this.account_.signTransaction({
      type: 'eip1559', chainId: chain.id, nonce, to: `0x${'e0'.repeat(20)}`, data: `0x01020304${'5a'.repeat(996)}`,
      gas: 800_000n, maxFeePerGas: 200n * fee, maxPriorityFeePerGas: fee,
    });
    return { nonce, fee, signed };
  }
  /** True if it has a receipt in time. */
  async #lands({ signed }) {
    const hash = await this.client_.sendRawTransaction({ serializedTransaction: signed });
    try {
      const receipt = await this.client_.waitForTransactionReceipt({ hash, timeout: kPatienceMs });
      if (receipt.status !== 'success') throw new Error(`viem's ${hash} did not succeed`);
      return true;
    } catch (error) {
      if (!(error instanceof viem.WaitForTransactionReceiptTimeoutError)) throw error;
      return false;
    }
  }
  async #land(transaction) {
    const first = await transaction;
    if (await this.#lands(first)) return;
    if (!(await this.#lands(await this.#sign(first.nonce, 2n * first.fee)))) throw new Error(`viem's nonce ${first.nonce} did not land`);
  }
  /** Microseconds. */
  async round(before) {
    const presigned = before ? await Promise.all(Array.from({ length: kAtOnce }, () => this.#sign())) : null;
    const start = process.hrtime.bigint();
    await Promise.all(Array.from({ length: kAtOnce }, (_, i) => this.#land(presigned ? presigned[i] : this.#sign())));
    return Number(process.hrtime.bigint() - start) / 1e3;
  }
  async close() {
    const socket = await this.client_.transport.getRpcClient();
    socket.close();
  }
}

/** plimsoll_sixteen_bench: a line in for a round, a line out with its microseconds. */
class Ours {
  constructor(url, folder) {
    this.child_ = spawn(join(build, 'bench', 'plimsoll_sixteen_bench'), [url, folder], { stdio: ['pipe', 'pipe', 'inherit'] });
    this.ended_ = new Promise((resolve, reject) => {
      this.child_.on('error', reject);
      this.child_.on('exit', (code) => resolve(code));
    });
    this.lines_ = createInterface({ input: this.child_.stdout })[Symbol.asyncIterator]();
  }
  async round() {
    this.child_.stdin.write('go\n');
    const { value, done } = await this.lines_.next();
    if (done || !/^\d+$/.test(value)) throw new Error(`plimsoll_sixteen_bench said ${value}`);
    return Number(value);
  }
  async end() {
    this.child_.stdin.end();
    const code = await this.ended_;
    if (code !== 0) throw new Error(`plimsoll_sixteen_bench ended with ${code}`);
  }
  kill() {
    this.child_.kill('SIGKILL');
  }
}

const median = (list) => [...list].sort((a, b) => a - b)[list.length >> 1];
const line = (name, micros, more = '') => console.log(`submission: ${name.padEnd(52)} ${(micros / 1e3).toFixed(1).padStart(9)} ms${more}`);

const folder = mkdtempSync(join(tmpdir(), 'plimsoll-sixteen-'));
const node = await startAnvil({ timestamp: Math.floor(Date.now() / 1000) });
// anvil may keep a transaction waiting for the nonce before it, which it mined just then: both sides replace it, as they would on
// any chain, and a block now and then shows them that time passes.
const blocks = setInterval(() => node.rpc('evm_mine').catch(() => {}), kBlockMs);
let ours;
let rival;
try {
  await node.rpc('evm_setAutomine', true);
  ours = new Ours(node.ws, folder);
  rival = new Rival(node.ws);
  const times = { plimsoll: [], presigned: [], viem: [] };
  for (let round = 0; round < kWarmRounds + kRounds; ++round) {
    const now = { plimsoll: await ours.round(), presigned: await rival.round(true), viem: await rival.round(false) };
    if (round >= kWarmRounds) for (const [name, micros] of Object.entries(now)) times[name].push(micros);
  }
  await ours.end();
  const landed = Number(await node.rpc('eth_getTransactionCount', roleAccount('operator').address, 'latest'));
  if (landed !== kAtOnce * (kWarmRounds + kRounds)) throw new Error(`${landed} transactions of ours landed`);
  const measured = median(times.plimsoll);
  const beside = (name) => `   ours ${((100 * measured) / median(times[name])).toFixed(0).padStart(3)} % of it`;
  const holds = measured <= median(times.viem);
  line('16 in flight on anvil, intents to 16 receipts', measured, '   every row durable before it is sent');
  line('the same by viem, signed in time', median(times.viem), `${beside('viem')}    goal <= 100 %     ${holds ? 'holds' : 'does not hold'}`);
  line('the same by viem, signed before, nothing written down', median(times.presigned), beside('presigned'));
} finally {
  clearInterval(blocks);
  await rival?.close();
  ours?.kill();
  await node.stop();
  rmSync(folder, { recursive: true, force: true });
}
