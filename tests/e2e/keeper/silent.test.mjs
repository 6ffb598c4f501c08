// SPDX-License-Identifier: Apache-2.0
// A node that accepts and says nothing: whatever is started ends with 69 when the endpoint's startup_timeout is over, and names both.
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { keeperConfig } from './config.mjs';
import { program, runToEnd } from './process.mjs';

const { WebSocketServer } = createRequire(new URL('../../devnet/package.json', import.meta.url))('ws');
const folder = mkdtempSync(join(tmpdir(), 'plimsoll-silent-'));
const socket = join(folder, 'node.ipc');
const secrets = ['password-0815', 'query-key-9876543210', 'header-key-0123456789'];
const somewhere = `0x${'5a'.repeat(20)}`;
const manifest = {
  chainId: 31337, deployBlock: 0, executor: somewhere, accounts: { operator: somewhere }, aave: { pool: somewhere },
  uniswap: { factory: somewhere, quoter: somewhere, router: somewhere }, flash: { balancerVault: somewhere, morpho: somewhere },
};
const open = new Set();
const servers = [];

/** Accepts and never answers. */
function listenSilently(...where) {
  const server = createServer((one) => open.add(one.on('error', () => {}).resume()));
  servers.push(server);
  return new Promise((resolve) => server.listen(...where, () => resolve(server.address().port)));
}

/** Knows its chain, as gateways do, and has no node behind it. */
function listenAsGateway() {
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0 });
  servers.push(server);
  server.on('connection', (one) => {
    open.add(one._socket);
    one.on('message', (data) => {
      const { id, method } = JSON.parse(data.toString());
      if (method === 'eth_chainId') one.send(JSON.stringify({ jsonrpc: '2.0', id, result: '0x7a69' }));
    });
  });
  return new Promise((resolve) => server.on('listening', () => resolve(server.address().port)));
}

const lines = {};
before(async () => {
  const port = await listenSilently(0, '127.0.0.1');
  const gateway = await listenAsGateway();
  await listenSilently(socket);
  const rest = (at) => `//user:password-0815@127.0.0.1:${at}/?apikey=query-key-9876543210"\nheaders = ["X-Api-Key: header-key-0123456789"]`;
  lines.ws = `ws = "ws:${rest(port)}`;
  lines.wss = `ws = "wss:${rest(port)}`;
  lines.http = `http = "http:${rest(port)}`;
  lines.https = `http = "https:${rest(port)}`;
  lines.ipc = `ipc = "${socket}"`;
  lines.gateway = `ws = "ws:${rest(gateway)}`;
});
after(async () => {
  open.forEach((one) => one.destroy());
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  rmSync(folder, { recursive: true, force: true });
});

let files = 0;
async function endsInTime(over, args) {
  const file = join(folder, `${++files}.toml`);
  const place = `${lines[over]}\nstartup_timeout = "2s"`;
  writeFileSync(file, keeperConfig(manifest, { dataDir: join(folder, `data${files}`), level: 'debug', ws: 'ws://replaced', overrides: [['ws = "ws://replaced"', place]] }), { mode: 0o600 });
  const begun = Date.now();
  const { code, output } = await runToEnd(program, [...args, '--config', file]);
  const took = Date.now() - begun;
  const name = `${args.join(' ')} over ${over}`;
  assert.equal(code, 69, `${name}: ${output}`);
  assert.match(output, /endpoint \\?"devnet\\?" did not answer within startup_timeout = 2s/, name);
  assert.match(output, over === 'ipc' ? /ipc:.*node\.ipc/ : /127\.0\.0\.1/, name);
  for (const secret of secrets) assert.ok(!output.includes(secret), `${name} tells ${secret}`);
  assert.ok(took >= 1950 && took < 4500, `${name}: ended after ${took} ms`);
}

const roles = ['--owner', somewhere, '--operator', somewhere];
const asking = [['positions'], ['positions', '--watch'], ['check'], ['contract', 'status'], ['contract', 'verify'], ['contract', 'deploy', ...roles]];
const following = [['run'], ['run', '--live'], ['dry-run'], ['fork']];

test('every command that connects, over ws', () => Promise.all([...asking, ...following].map((args) => endsInTime('ws', args))));

test('a keeper and a command over each other transport, and behind a gateway that knows its chain and nothing else', () => Promise.all([
  ...['wss', 'ipc', 'gateway'].flatMap((over) => [['dry-run'], ['positions']].map((args) => endsInTime(over, args))),
  ...['http', 'https'].map((over) => endsInTime(over, ['positions'])),
]));
