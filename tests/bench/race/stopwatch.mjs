// SPDX-License-Identifier: Apache-2.0
// A WebSocket that both sides of a race go through, each through one of its own: it reads the time, and changes nothing.
import { createRequire } from 'node:module';

const { WebSocket, WebSocketServer } = createRequire(new URL('../../devnet/package.json', import.meta.url))('ws');
const options = { maxPayload: 2 ** 26, perMessageDeflate: false };

/** {url, sends: [milliseconds], firstFrameOf(hash) → milliseconds, stop()}: when each transaction passed, and the first frame that named a block. */
export async function startStopwatch(target) {
  const sends = [];
  const named = new Map();
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0, ...options });
  await new Promise((resolve) => server.on('listening', resolve));
  const sockets = new Set();
  server.on('connection', (client) => {
    const node = new WebSocket(target, options);
    const early = [];
    sockets.add(client).add(node);
    client.on('message', (data) => {
      const at = performance.now();
      const text = data.toString();
      if (node.readyState === WebSocket.OPEN) node.send(text);
      else early.push(text);
      if (text.includes('"eth_sendRawTransaction"')) sends.push(at);
    });
    node.on('open', () => early.splice(0).forEach((text) => node.send(text)));
    node.on('message', (data) => {
      const at = performance.now();
      const text = data.toString();
      if (client.readyState === WebSocket.OPEN) client.send(text);
      if (!text.includes('"eth_subscription"')) return;
      const { params: { result } } = JSON.parse(text);
      const hash = result.blockHash ?? result.hash;
      if (hash && !named.has(hash)) named.set(hash, at);
    });
    for (const [one, other] of [[client, node], [node, client]]) one.on('close', () => other.terminate()).on('error', () => other.terminate());
  });
  return {
    url: `ws://127.0.0.1:${server.address().port}`,
    sends,
    firstFrameOf: (hash) => named.get(hash),
    stop: () => new Promise((resolve) => {
      sockets.forEach((socket) => socket.terminate());
      server.close(resolve);
    }),
  };
}
