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
import { startRemoteSigner } from './remote_signer.mjs';
import { makeKeystore } from './wallet.mjs';

const operatorKey = '0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80'; // the first of every development node
const canary = { token: 'canary-token-5e3c9d1f', password: 'canary-password-71ab02', apiKey: 'canary-apikey-c0ffee11' };
const sleep = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));
let stage;
let certificates;
let signer;
let keeper;

before(async () => {
  certificates = makeCertificates();
  stage = await openStage({ aave: '3.6', borrowers: 60, seed: 11 });
  signer = await startRemoteSigner(operatorKey, certificates);
});
after(async () => {
  await stage?.stop();
  await signer?.stop();
  certificates?.remove();
});

const sends = () => stage.wire.requests.filter(({ method }) => method === 'eth_sendRawTransaction').length;
const won = () => keeper.lines.filter((line) => /event=won/.test(line)).length;
const drop = (change) => playGap(stage.devnet.rpc, stage.devnet.manifest, { change });
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

/** Prices fall, and for a while nothing is sent. */
async function nothingHappens(change, what) {
  const before = sends();
  await drop(change);
  await sleep(3500);
  assert.equal(sends(), before, what);
}

test('paused before anything happens: status says so, nothing is signed; resumed, it liquidates with the remote key over TLS 1.3', async () => {
  keeper = await stage.start(['run', '--live'], { overrides: [['type = "dev"', remote()]], ws: `${stage.wire.url}/?apikey=${canary.apiKey}` });
  assert.match((await command('pause')).output, /^paused/);
  const status = JSON.parse((await command('status', '--json')).output);
  assert.deepEqual([status.ok, status.mode, status.paused, status.killed, status.key, status.pid],
    [true, 'live', true, false, stage.devnet.manifest.accounts.operator, keeper.child.pid]);
  await nothingHappens(-0.15, 'paused');
  assert.equal(asked(), 0, 'not even the signer is asked');
  assert.match((await command('resume')).output, /^resumed/);
  await drop(-0.03);
  await until('a liquidation', () => won() > 0);
  assert.deepEqual([...new Set(signer.seen.map(({ protocol, client }) => `${protocol} ${client}`))], ['TLSv1.3 Test server name_only']);
  await stage.untilQuiet(keeper, 3);
});

test('s73: a signer that is away makes intents wait, and they land when it is back', async () => {
  signer.mode = 'away';
  await nothingHappens(-0.06, 'no key, no send');
  await keeper.line(/remote signer: /);
  const before = won();
  signer.mode = 'object'; // the other form of an answer
  await until('a liquidation after the signer came back', () => won() > before);
  signer.mode = 'broken';
  await nothingHappens(-0.04, 'a gateway without its signer');
  signer.mode = 'honest';
  await stage.untilQuiet(keeper, 3);
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
  await stage.untilQuiet(keeper, 3);
});

test('s78: the kill switch is seen within a second, lasts, and is a file', async () => {
  const kill = join(stage.dataDir, 'kill');
  writeFileSync(kill, '');
  await until('the kill switch', () => keeper.lines.some((line) => /event=hold .*killed/.test(line)), 1);
  await nothingHappens(-0.04, 'killed');
  assert.equal(JSON.parse((await command('status', '--json')).output).killed, true);
  assert.match((await command('resume')).output, /still killed/);
  rmSync(kill);
  const before = won();
  await until('a liquidation after the switch was taken back', () => won() > before);
  await stage.untilQuiet(keeper, 3);
});

test('tx list and tx show tell what the chain tells; what is not under way is not cancelled', async () => {
  const { rpc, manifest } = stage.devnet;
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
  return [canary.token, canary.password, canary.apiKey, operatorKey.slice(2), Buffer.from(operatorKey.slice(2), 'hex').toString('latin1')]
    .filter((secret) => text.includes(secret));
}

test('s77: no secret in any line, file or process list; no core is left behind', async () => {
  const { pid } = keeper.child;
  assert.deepEqual(tells(readFileSync(`/proc/${pid}/cmdline`, 'latin1')), []);
  assert.match(readFileSync(`/proc/${pid}/limits`, 'utf8'), /Max core file size +0 +0 /);
  assert.equal(statSync(join(stage.dataDir, 'control.sock')).mode & 0o777, 0o600);
  assert.deepEqual(await keeper.stop('SIGTERM'), { code: 0, signal: null });
  assert.ok(!existsSync(join(stage.dataDir, 'control.sock')));
  assert.equal((await command('status')).code, 3);
  assert.equal((await command('tx', 'cancel', '1')).code, 3);

  // The same key from a keystore, which a wrong password does not open.
  const files = { keystore: join(stage.folder, 'key.json'), password: join(stage.folder, 'password'), wrong: join(stage.folder, 'wrong') };
  writeFileSync(files.keystore, makeKeystore(operatorKey, canary.password, { kdf: 'scrypt', kdfparams: { n: 4096, r: 8, p: 1 } }), { mode: 0o600 });
  writeFileSync(files.password, canary.password, { mode: 0o600 });
  writeFileSync(files.wrong, `${canary.password}-not`, { mode: 0o600 });
  const from = (password) => [['type = "dev"', `type = "keystore"\nkeystore = "${files.keystore}"\npassword_file = "${password}"`]];
  const second = await stage.start(['run', '--live'], { overrides: from(files.password), ws: `${stage.wire.url}/?apikey=${canary.apiKey}`, level: 'trace' });
  await drop(-0.03);
  await sleep(3000);
  assert.deepEqual(tells(readFileSync(`/proc/${second.child.pid}/cmdline`, 'latin1')), []);
  await second.stop('SIGTERM');
  await assert.rejects(stage.start(['run', '--live'], { overrides: from(files.wrong) }), /the password is wrong/);

  const told = [keeper, second].map(({ lines }) => lines.join('\n')).join('\n');
  assert.ok(told.length > 10_000);
  assert.deepEqual(tells(told), []);
  const left = everything(stage.dataDir);
  assert.ok(left.length > 10_000);
  assert.deepEqual(tells(left), []);
});

test('a signer of another authority, or one that does not know us, is not used', async () => {
  const ends = async (options, pattern) => {
    keeper = await stage.start(['run', '--live'], { overrides: [['type = "dev"', remote(options)]] });
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
