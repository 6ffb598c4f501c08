// SPDX-License-Identifier: Apache-2.0
// Whatever is wrong at the start ends with a clear sentence, a fix and the right exit code; and a signal ends with 0.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { createRpc, startDevnet } from '../../devnet/devnet.mjs';
import { keeperConfig } from './config.mjs';
import { Process, program, runToEnd } from './process.mjs';

const folder = mkdtempSync(join(tmpdir(), 'plimsoll-startup-'));
let devnet;
before(async () => {
  devnet = await startDevnet({ borrowers: 12, blockTime: 1 });
});
after(async () => {
  await devnet?.stop();
  rmSync(folder, { recursive: true, force: true });
});

let files = 0;
function configFile(text) {
  const file = join(folder, `${++files}.toml`);
  writeFileSync(file, text);
  return file;
}

const config = (options) => configFile(keeperConfig(devnet.manifest, { dataDir: join(folder, `data${files}`), ...options }));

/** Expects the program to end by itself with this code and to say each of these. */
async function endsWith(code, args, ...said) {
  const end = await runToEnd(program, args);
  assert.equal(end.code, code, end.output);
  for (const pattern of said) assert.match(end.output, pattern);
  return end.output;
}

test('a command or flag that does not exist: 64', async () => {
  await endsWith(64, ['rn'], /did you mean 'run'/);
  await endsWith(64, ['dry-run', '--live'], /--live/);
  await endsWith(64, [], /no command/);
});

test('version and help: 0, on standard output', async () => {
  const { output } = await runToEnd(program, ['version', '--json']);
  assert.equal(JSON.parse(output).schema, 'plimsoll.version.v1');
  await endsWith(0, ['--help'], /keeper\.mode/, /dry-run/);
});

test('a configuration that is not there: 66', () => endsWith(66, ['dry-run', '--config', join(folder, 'none.toml')], /cannot be opened/));

test('a configuration full of mistakes: 78, all of them with their places', async () => {
  const file = config({ overrides: [['mode =', 'mdoe ='], ['"5 usd"', '"5"'], ['[executor]', '[executer]'], ['id = 31337', 'id = "31337"'], ['"1s"', '"1 gwei"']] });
  const output = await endsWith(78, ['run', '--config', file], /E1002/, /E1003/, /E1004/, /did you mean "mode"/, /did you mean \[executor\]/, /has no unit/);
  assert.equal(output.match(/^error\[/gm).length, 5, output);
  assert.equal(output.match(/\.toml:\d+:\d+/g).length, 5, output);
});

test('--live without keeper.mode = "live": 77', () => endsWith(77, ['run', '--live', '--config', config({ mode: 'dry-run' })], /keeper\.mode/));

test('another chain id: 76', () => {
  return endsWith(76, ['dry-run', '--config', config({ mode: 'dry-run', signer: 'none', overrides: [['id = 31337', 'id = 1']] })], /31337/);
});

test('an operator whom the Executor does not know: 77', () => {
  const { operator, rival } = devnet.manifest.accounts;
  return endsWith(77, ['dry-run', '--config', config({ overrides: [[`operator = "${operator}"`, `operator = "${rival}"`]] })], /executor\.operator/, /setOperator/);
});

test('a pool without code: 76', () => {
  const { pool } = devnet.manifest.aave;
  const nobody = '0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed';
  return endsWith(76, ['dry-run', '--config', config({ overrides: [[pool, nobody]] })], new RegExp(nobody.slice(2, 6), 'i'), /no (contract|code)/i);
});

test('a pool revision whose arithmetic is not proven: 76', async () => {
  const pool = '0x00000000000000000000000000000000000A11cE';
  await createRpc(devnet.manifest.http)('anvil_setCode', pool, '0x602a60005260206000f3'); // answers 42 to every question
  await endsWith(76, ['dry-run', '--config', config({ overrides: [[devnet.manifest.aave.pool, pool.toLowerCase()]] })], /revision/i, /42/);
});

test('an endpoint that nobody listens on: 69 after the start-up budget', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  const { port } = await new Promise((resolve) => server.on('listening', () => resolve(server.address())));
  await new Promise((resolve) => server.close(resolve));
  await endsWith(69, ['dry-run', '--config', config({ ws: `ws://127.0.0.1:${port}` }), '--endpoint.0.startup-timeout', '2s'], /127\.0\.0\.1/, /is the node up/);
});

test('SIGTERM while watching: 0, and nothing was sent by a dry run', async () => {
  const { operator } = devnet.manifest.accounts;
  const before = await devnet.rpc('eth_getTransactionCount', operator, 'latest');
  const keeper = new Process('plimsoll', program, ['dry-run', '--config', config()]);
  await keeper.line(/event=ready.*watching/, 60);
  const { code, signal } = await keeper.stop('SIGTERM');
  assert.deepEqual({ code, signal }, { code: 0, signal: null }, keeper.lines.slice(-5).join('\n'));
  assert.equal(await devnet.rpc('eth_getTransactionCount', operator, 'latest'), before);
});

test('mode = "live" alone stays a dry run and says so', async () => {
  const keeper = new Process('plimsoll', program, ['run', '--config', config({ mode: 'live' })]);
  assert.match(await keeper.line(/event=mode/, 60), /mode=dry-run/);
  assert.match(keeper.lines.find((line) => /event=mode/.test(line)), /--live/);
  await keeper.stop('SIGTERM');
});
