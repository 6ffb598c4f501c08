// SPDX-License-Identifier: Apache-2.0
// One WebSocket to the node: requests, subscriptions, and views read through Multicall3.
import { createRequire } from 'node:module';

const require = createRequire(new URL('../../../devnet/package.json', import.meta.url));
const { WebSocket } = require('ws');
const { decodeFunctionResult, encodeFunctionData, parseAbi } = require('viem');
const multicall = '0xcA11bde05977b3631167028862bE2a173976CA11';
const multicallAbi = parseAbi([
  'struct Call { address target; bool allowFailure; bytes callData; }', 'struct Answer { bool success; bytes returnData; }',
  'function aggregate3(Call[]) payable returns (Answer[])',
]);
const chunk = 100;

export class Chain {
  static async open(url) {
    const socket = new WebSocket(url, { maxPayload: 2 ** 26, perMessageDeflate: false });
    await new Promise((resolve, reject) => socket.on('open', resolve).on('error', reject));
    socket._socket?.setNoDelay(true);
    return new Chain(socket);
  }

  constructor(socket) {
    Object.assign(this, { socket, last: 0, waiting: new Map(), handlers: new Map() });
    socket.on('message', (data) => {
      const arrived = performance.now();
      const message = JSON.parse(data);
      if (message.method) return this.handlers.get(message.params.subscription)?.(message.params.result, arrived);
      const { resolve, reject } = this.waiting.get(message.id) ?? {};
      this.waiting.delete(message.id);
      if (message.error) return reject?.(Object.assign(new Error(message.error.message), { data: message.error.data }));
      return resolve?.(message.result);
    });
  }

  request(method, params) {
    const id = ++this.last;
    this.socket.send(JSON.stringify({ jsonrpc: '2.0', id, method, params }));
    return new Promise((resolve, reject) => this.waiting.set(id, { resolve, reject }));
  }

  async subscribe(params, handler) {
    this.handlers.set(await this.request('eth_subscribe', params), handler);
  }

  /** Decoded results in order, undefined for what reverted. */
  async tryRead(reads) {
    const parts = [];
    for (let i = 0; i < reads.length; i += chunk) parts.push(reads.slice(i, i + chunk));
    const answers = await Promise.all(parts.map((part) => {
      const calls = part.map((read) => ({ target: read.to, allowFailure: true, callData: encodeFunctionData(read) }));
      return this.request('eth_call', [{ to: multicall, data: encodeFunctionData({ abi: multicallAbi, functionName: 'aggregate3', args: [calls] }), gas: '0x20000000' }, 'latest']);
    }));
    const flat = answers.flatMap((data) => decodeFunctionResult({ abi: multicallAbi, functionName: 'aggregate3', data }));
    return flat.map(({ success, returnData }, i) => (success && returnData !== '0x' ? decodeFunctionResult({ ...reads[i], data: returnData }) : undefined));
  }

  async read(reads) {
    const answers = await this.tryRead(reads);
    answers.forEach((answer, i) => {
      if (answer === undefined) throw new Error(`${reads[i].functionName} of ${reads[i].to} reverted`);
    });
    return answers;
  }
}
