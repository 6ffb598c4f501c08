// SPDX-License-Identifier: Apache-2.0
// A keeper whose key is elsewhere, held back by its operator now and then: nothing is believed, nothing is lost, and nothing secret is told.
import assert from 'node:assert/strict';
import { chmodSync, existsSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { playGap } from '../../devnet/devnet.mjs';
import { program, runToEnd } from '../keeper/process.mjs';
import { openStage } from '../keeper/stage.mjs';
import { makeCertificates } from '../rpc/tls_front.mjs';
import { startRelay } from './relay.mjs';
import { startRemoteSigner } from './remote_signer.mjs';
import { makeKeystore, privateKeyToAccount } from './wallet.mjs';

const operatorKey = '0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80'; // the first of every development node
const relayKey = '0x5de4111afa1a4b94908f83103eb1f1706367c2e68ca870fc3fb9a804cdab365a'; // the third of them
const canary = {
  token: 'canary-token-5e3c9d1f', password: 'canary-password-71ab02', apiKey: 'canary-apikey-c0ffee11', relayToken: 'canary-relay-0dd17ab5', bearer: 'canary-bearer-9b1f44e0',
};
const sleep = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));
let stage;
let certificates;
let signer;
let relay;
let keeper;

before(async () => {
  certificates = makeCertificates();
  stage = await openStage({ aave: '3.6', borrowers: 60, seed: 11, blockTime: 0.15 });
  signer = await startRemoteSigner(operatorKey, certificates);
  relay = await startRelay();
});
after(async () => {
  await stage?.stop();
  await signer?.stop();
  await relay?.stop();
  certificates?.remove();
});

const sends = () => stage.wire.requests.filter(({ method }) => method === 'eth_sendRawTransaction').length;
const won = () => keeper.lines.filter((line) => /event=won/.test(line)).length;
const drop = (change) => playGap(stage.devnet.rpc, stage.devnet.manifest, { change, poolBlocks: 0 });
const live = (signerOf, options) => stage.start(['run', '--live'], { overrides: [['type = "dev"', signerOf]], deadline: '100 blocks', ...options });
const command = (...args) => runToEnd(program, [...args, '--config', keeper.configFile]);
const asked = () => signer.seen.length;

function remote({ client = 'name_only', ca = 'ca' } = {}) {
  chmodSync(certificates.path(`${client}.key`), 0o600);
  const { operator } = stage.devnet.manifest.accounts;
  return `type = "remote"
url = "https://127.0.0.1:${signer.port}/${canary.token}"
address = "${operator}"
ca_file = "${certificates.path(`${ca}.pem`)}"
client_cert = "${certificates.path(`${client}.pem`)}"
client_key = "${certificates.path(`${client}.key`)}"`;
}

async function until(what, holds, seconds = 40) {
  const limit = Date.now() + seconds * 1000;
  while (!holds()) {
    if (Date.now() > limit) throw new Error(`not within ${seconds} s: ${what}\n${keeper.lines.slice(-25).join('\n')}`);
    await sleep(100);
  }
}

/** Until nothing is under way and, for some blocks, nothing was sent. */
async function rest() {
  const limit = Date.now() + 30_000;
  for (;;) {
    const before = sends();
    await stage.blocks(3);
    const { in_flight: flying, waiting } = JSON.parse((await command('status', '--json')).output);
    if (flying === 0 && waiting === 0 && sends() === before) return;
    if (Date.now() > limit) throw new Error(`the keeper did not come to rest\n${keeper.lines.slice(-25).join('\n')}`);
  }
}

/** Prices fall; the keeper wants to act, as the line `held` shows, and still sends nothing in the next blocks. */
async function nothingHappens(change, held, what) {
  const before = sends();
  const known = keeper.lines.length;
  await drop(change);
  await until(`a line like ${held}`, () => keeper.lines.slice(known).some((line) => held.test(line)));
  await stage.blocks(4);
  assert.equal(sends(), before, what);
}

test('paused before anything happens: status says so, nothing is signed; resumed, it liquidates with the remote key over TLS 1.3', async () => {
  keeper = await live(remote(), { ws: `${stage.wire.url}/?apikey=${canary.apiKey}` });
  assert.match((await command('pause')).output, /^paused/);
  const status = JSON.parse((await command('status', '--json')).output);
  assert.deepEqual([status.ok, status.mode, status.paused, status.killed, status.key, status.pid],
    [true, 'live', true, false, stage.devnet.manifest.accounts.operator, keeper.child.pid]);
  await nothingHappens(-0.15, /event=skip .*reason=paused/, 'paused');
  assert.equal(asked(), 0, 'not even the signer is asked');
  assert.match((await command('resume')).output, /^resumed/);
  await drop(-0.03);
  await until('a liquidation', () => won() > 0);
  assert.deepEqual([...new Set(signer.seen.map(({ protocol, client }) => `${protocol} ${client}`))], ['TLSv1.3 Test server name_only']);
  await rest();
});

test('s73: a signer that is away makes intents wait, and they land when it is back', async () => {
  signer.mode = 'away';
  await nothingHappens(-0.06, /remote signer: /, 'no key, no send');
  const before = won();
  signer.mode = 'object'; // the other form of an answer
  await until('a liquidation after the signer came back', () => won() > before);
  await rest();
  signer.mode = 'broken';
  await nothingHappens(-0.04, /remote signer: /, 'a gateway without its signer');
  signer.mode = 'honest';
  await rest();
});

test('s74: another transaction than was asked for is never sent', async () => {
  for (const [mode, text] of [['fee', /the signer changed the fee cap/], ['nonce', /the signer changed the nonce/], ['target', /the signer changed the target/],
    ['value', /the signer changed the value/], ['other key', /the signer used another key/], ['nonsense', /the signer's answer/], ['refuse', /the operator said no/]]) {
    signer.mode = mode;
    const known = keeper.lines.length;
    const before = sends();
    await drop(-0.02);
    await until(`the alarm about ${mode}`, () => keeper.lines.slice(known).some((line) => text.test(line)));
    assert.equal(sends(), before, mode);
  }
  signer.mode = 'honest';
  const before = won();
  await drop(-0.02);
  await until('a liquidation with an honest signer', () => won() > before);
  await rest();
});

test('s78: the kill switch is seen within a second, lasts, and is a file', async () => {
  const kill = join(stage.dataDir, 'kill');
  writeFileSync(kill, '');
  await until('the kill switch', () => keeper.lines.some((line) => /event=hold .*killed/.test(line)), 1);
  await nothingHappens(-0.04, /event=skip .*reason=paused/, 'killed');
  assert.equal(JSON.parse((await command('status', '--json')).output).killed, true);
  assert.match((await command('resume')).output, /still killed/);
  rmSync(kill);
  const before = won();
  await until('a liquidation after the switch was taken back', () => won() > before);
  await rest();
});

test('tx list and tx show tell what the chain tells; what is not under way is not cancelled', async () => {
  const { rpc, manifest } = stage.devnet;
  await command('pause'); // accounts that were refused are tried again later
  await rest();
  const { attempts } = JSON.parse((await command('tx', 'list', '--limit', '1000', '--json')).output);
  assert.ok(attempts.length >= won(), `${attempts.length} attempts`);
  let confirmed = 0;
  for (const { hash, status, nonce, block_hash: block } of attempts) {
    const receipt = await rpc('eth_getTransactionReceipt', hash);
    if (status !== 'confirmed') continue;
    confirmed += 1;
    assert.equal(receipt.blockHash, block);
    assert.equal(Number((await rpc('eth_getTransactionByHash', hash)).nonce), nonce);
  }
  assert.ok(confirmed >= 3, `${confirmed} confirmed`);
  const { intent, hash } = attempts.find(({ status }) => status === 'confirmed');
  const shown = JSON.parse((await command('tx', 'show', hash, '--json')).output).attempts;
  assert.deepEqual(shown, attempts.filter((one) => one.intent === intent));
  assert.equal((await command('tx', 'show', `0x${'00'.repeat(32)}`)).code, 2);
  assert.equal((await command('tx', 'cancel', String(intent))).code, 2);
  assert.equal((await command('tx', 'cancel', 'nonsense')).code, 64);
  assert.equal(Number(await rpc('eth_getTransactionCount', manifest.accounts.operator, 'latest')), Math.max(...attempts.map(({ nonce }) => nonce)) + 1);
  await command('resume');
});

/** Every byte that the keeper left anywhere. */
function everything(folder) {
  return readdirSync(folder, { withFileTypes: true }).map((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return everything(path);
    return entry.isFile() ? readFileSync(path).toString('latin1') : '';
  }).join('\n');
}

function tells(text) {
  const keys = [operatorKey, relayKey].map((key) => key.slice(2));
  return [...Object.values(canary), ...keys, ...keys.map((key) => Buffer.from(key, 'hex').toString('latin1'))].filter((secret) => text.includes(secret));
}

/** What a process shows to whoever looks at it, without the right to look into it. */
function shows(pid) {
  assert.match(readFileSync(`/proc/${pid}/limits`, 'utf8'), /Max core file size +0 +0 /);
  return readFileSync(`/proc/${pid}/cmdline`, 'latin1');
}

test('s77: no secret in any line, file, answer or process list; no core is left behind', async () => {
  assert.deepEqual(tells(shows(keeper.child.pid)), []);
  assert.equal(statSync(join(stage.dataDir, 'control.sock')).mode & 0o777, 0o600);
  assert.deepEqual(await keeper.stop('SIGTERM'), { code: 0, signal: null });
  assert.ok(!existsSync(join(stage.dataDir, 'control.sock')));
  assert.equal((await command('status')).code, 3);
  assert.equal((await command('tx', 'cancel', '1')).code, 3);

  // The same key from a keystore, which a wrong password does not open; a builder that repeats what it is told, with a key of its own.
  const file = (name, text) => {
    writeFileSync(join(stage.folder, name), text, { mode: 0o600 });
    return join(stage.folder, name);
  };
  const keystore = file('key.json', makeKeystore(operatorKey, canary.password, { kdf: 'scrypt', kdfparams: { n: 4096, r: 8, p: 1 } }));
  const from = (password) => `type = "keystore"\nkeystore = "${keystore}"\npassword_file = "${file('password', password)}"

[[lane]]
name = "all"
type = "public"

[[lane]]
name = "builder"
type = "bundle"
url = "http://127.0.0.1:${relay.port}/${canary.relayToken}"
headers = ["Authorization: Bearer ${canary.bearer}"]
auth_key_file = "${file('relay.key', relayKey)}"`;
  const first = keeper;
  keeper = await live(from(canary.password), { ws: `${stage.wire.url}/?apikey=${canary.apiKey}`, level: 'trace' });
  await drop(-0.03);
  await until('a liquidation with the key of a keystore', () => won() > 0);
  await until('the answer of the builder', () => keeper.lines.some((line) => /event=lane .*unknown user of/.test(line)));
  const relayAddress = privateKeyToAccount(relayKey).address.toLowerCase();
  assert.ok(relay.seen.some(({ method, signature }) => method === 'eth_sendBundle' && signature?.toLowerCase().startsWith(`${relayAddress}:0x`)), JSON.stringify(relay.seen[0]));
  assert.deepEqual(tells(shows(keeper.child.pid)), []);
  const answers = [];
  for (const args of [['status'], ['status', '--json'], ['tx', 'list'], ['config', 'show', '--origin'], ['check', '--for-live']]) answers.push((await command(...args)).output);
  const second = keeper;
  await second.stop('SIGTERM');
  const wrong = await live(from(`${canary.password}-not`)).then(() => assert.fail('it started'), ({ message }) => message);
  assert.match(wrong, /the password is wrong/);

  const told = [first, second].map(({ lines }) => lines.join('\n')).join('\n');
  assert.ok(told.length > 10_000);
  assert.deepEqual(tells([told, wrong, ...answers].join('\n')), []);
  const left = everything(stage.dataDir);
  assert.ok(left.length > 10_000);
  assert.deepEqual(tells(left), []);
  assert.deepEqual(tells(`0x${operatorKey}${relayKey}${canary.bearer}`).length, 3, 'they would be seen');
});

test('a signer of another authority, or one that does not know us, is not used', async () => {
  const ends = async (options, pattern) => {
    keeper = await live(remote(options));
    const before = sends();
    await drop(-0.03);
    await keeper.line(pattern, 30);
    assert.equal(sends(), before);
    await keeper.stop('SIGTERM');
  };
  const seen = asked();
  await ends({ ca: 'other_ca' }, /remote signer: TLS with .*authority/);
  await ends({ client: 'unknown_ca' }, /remote signer: /);
  assert.equal(asked(), seen, 'nobody was heard');
  chmodSync(certificates.path('name_only.key'), 0o644);
  const open = await runToEnd(program, ['run', '--live', '--config', (() => {
    const text = readFileSync(keeper.configFile, 'utf8').replaceAll('unknown_ca', 'name_only');
    const file = join(stage.folder, 'open.toml');
    writeFileSync(file, text, { mode: 0o600 });
    return file;
  })()]);
  assert.equal(open.code, 77, open.output);
});
