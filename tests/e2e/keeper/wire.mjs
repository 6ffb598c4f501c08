// SPDX-License-Identifier: Apache-2.0
// A WebSocket proxy that reads along: every JSON-RPC request a program makes, and a say in what becomes of it.
import { createRequire } from 'node:module';

const { WebSocket, WebSocketServer } = createRequire(new URL('../../devnet/package.json', import.meta.url))('ws');

/**
 * Forwards ws://127.0.0.1:port to `target`. `requests` holds every request in order ({method, params}). `swallow(request)` may keep one
 * from the node: true, and it is neither forwarded nor answered; `hold(request)` keeps it until `release()`.
 * `alter(message, request)` may change what the node says
 * (to a request, if it answers one), or swallow it with null.
 * `cut()` ends every connection and refuses new ones, `mend(url)` takes them
 * again, to another node if one is named; `freeze(true)` keeps the sockets and carries nothing.
 */
export async function startWire(target, { swallow = () => false, hold = () => false, alter } = {}) {
  const requests = [];
  const held = [];
  let broken = false;
  let frozen = false;
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0, maxPayload: 2 ** 26 });
  await new Promise((resolve) => server.on('listening', resolve));
  const sockets = new Set();
  const terminate = () => sockets.forEach((socket) => socket.terminate());
  const heard = (text, asked) => {
    if (!alter) return text;
    const told = JSON.parse(text);
    const message = alter(told, asked.get(told.id));
    asked.delete(told.id);
    return message === null ? null : JSON.stringify(message);
  };
  server.on('connection', (client) => {
    if (broken) {
      client.terminate();
      return;
    }
    const node = new WebSocket(target, { maxPayload: 2 ** 26 });
    const early = [];
    const asked = new Map();
    sockets.add(client).add(node);
    client.on('message', (data) => {
      if (frozen) return;
      const text = data.toString();
      const parsed = JSON.parse(text);
      const all = Array.isArray(parsed) ? parsed : [parsed];
      requests.push(...all.map(({ method, params }) => ({ method, params })));
      if (alter) all.forEach(({ id, method, params }) => asked.set(id, { method, params }));
      if (all.some((one) => swallow(one))) return;
      if (all.some((one) => hold(one))) {
        held.push(() => node.readyState === WebSocket.OPEN && node.send(text));
        return;
      }
      if (node.readyState === WebSocket.OPEN) node.send(text);
      else early.push(text);
    });
    node.on('open', () => early.splice(0).forEach((text) => node.send(text)));
    node.on('message', (data) => {
      const text = frozen ? null : heard(data.toString(), asked);
      if (text !== null && client.readyState === WebSocket.OPEN) client.send(text);
    });
    for (const [one, other] of [[client, node], [node, client]]) {
      one.on('close', () => other.terminate()).on('error', () => other.terminate());
    }
  });
  return {
    url: `ws://127.0.0.1:${server.address().port}`,
    requests,
    cut() {
      broken = true;
      terminate();
    },
    mend(url = target) {
      target = url;
      broken = false;
    },
    release() {
      held.splice(0).forEach((send) => send());
    },
    freeze(on) {
      frozen = on;
    },
    stop: () => new Promise((resolve) => {
      terminate();
      server.close(resolve);
    }),
  };
}
