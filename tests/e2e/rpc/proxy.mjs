// SPDX-License-Identifier: Apache-2.0
// A TCP proxy that can cut its connections, or swallow what they carry.
import { connect, createServer } from 'node:net';

/** Forwards 127.0.0.1:port to the target port; answers {port, cut(), freeze(), thaw(), refuse(bool), connections, stop}. */
export async function startProxy(targetPort) {
  const pairs = new Set();
  const state = { frozen: false, refusing: false, connections: 0 };
  const server = createServer((client) => {
    if (state.refusing) return client.destroy();
    state.connections += 1;
    const upstream = connect(targetPort, '127.0.0.1');
    const pair = { client, upstream };
    pairs.add(pair);
    const end = () => {
      client.destroy();
      upstream.destroy();
      pairs.delete(pair);
    };
    client.on('data', (data) => state.frozen || upstream.write(data));
    upstream.on('data', (data) => state.frozen || client.write(data));
    for (const socket of [client, upstream]) socket.on('close', end).on('error', end);
    return undefined;
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: server.address().port,
    cut: () => [...pairs].forEach(({ client }) => client.destroy()),
    freeze: () => { state.frozen = true; },
    thaw: () => { state.frozen = false; },
    refuse: (yes) => { state.refusing = yes; },
    get connections() { return state.connections; },
    stop: () => new Promise((resolve) => {
      pairs.forEach(({ client }) => client.destroy());
      server.close(resolve);
    }),
  };
}
