// SPDX-License-Identifier: Apache-2.0
// A WebSocket proxy that reads along: every JSON-RPC request a program makes, and a say in what becomes of it.
import { createRequire } from 'node:module';

const { WebSocket, WebSocketServer } = createRequire(new URL('../../devnet/package.json', import.meta.url))('ws');

/**
 * Forwards ws://127.0.0.1:port to `target`. `requests` holds every request in order ({method, params}). `swallow(request)` may keep one
 * from the node: true, and it is neither forwarded nor answered.
 */
export async function startWire(target, { swallow = () => false } = {}) {
  const requests = [];
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0, maxPayload: 2 ** 26 });
  await new Promise((resolve) => server.on('listening', resolve));
  const sockets = new Set();
  server.on('connection', (client) => {
    const node = new WebSocket(target, { maxPayload: 2 ** 26 });
    const early = [];
    sockets.add(client).add(node);
    client.on('message', (data) => {
      const text = data.toString();
      const parsed = JSON.parse(text);
      const all = Array.isArray(parsed) ? parsed : [parsed];
      requests.push(...all.map(({ method, params }) => ({ method, params })));
      if (all.some((one) => swallow(one))) return;
      if (node.readyState === WebSocket.OPEN) node.send(text);
      else early.push(text);
    });
    node.on('open', () => early.splice(0).forEach((text) => node.send(text)));
    node.on('message', (data) => client.readyState === WebSocket.OPEN && client.send(data.toString()));
    for (const [one, other] of [[client, node], [node, client]]) {
      one.on('close', () => other.terminate()).on('error', () => other.terminate());
    }
  });
  return {
    url: `ws://127.0.0.1:${server.address().port}`,
    requests,
    stop: () => new Promise((resolve) => {
      sockets.forEach((socket) => socket.terminate());
      server.close(resolve);
    }),
  };
}
