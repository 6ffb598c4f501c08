// SPDX-License-Identifier: Apache-2.0
// `plimsoll keys`: what it makes, an independent reading opens, and the reverse; what others may read or what is malformed is refused.
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { makeKeystore, openKeystore, privateKeyToAccount } from './wallet.mjs';

const program = join(process.env.PLIMSOLL_BUILD ?? fileURLToPath(new URL('../../../build/release', import.meta.url)), 'plimsoll');
const folder = mkdtempSync(join(tmpdir(), 'plimsoll-keys-'));
after(() => rmSync(folder, { recursive: true, force: true }));
const path = (name) => join(folder, name);
const environment = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('PLIMSOLL_')));

/** Runs `plimsoll keys ...` without a terminal. `descriptors`: texts that are open as descriptors 3, 4, ... */
function keys(args, { descriptors = [], env = {} } = {}) {
  const files = descriptors.map((text, i) => {
    const file = path(`descriptor-${i}`);
    writeFileSync(file, text);
    return file;
  });
  const redirections = files.map((file, i) => `${i + 3}<'${file}'`).join(' ');
  const run = spawnSync('setsid', ['-w', 'sh', '-c', `"$@" ${redirections}`, 'sh', program, 'keys', ...args],
    { encoding: 'utf8', env: { ...environment, ...env }, input: '', timeout: 120_000 });
  return { code: run.status, out: run.stdout, said: run.stderr };
}

function makeFile(name, content, mode = 0o600) {
  writeFileSync(path(name), content, { mode });
  chmodSync(path(name), mode);
  return path(name);
}

const password = 'correct horse \u{1F40E}';
const passwordFile = makeFile('password', `${password}\n`);
const wrongFile = makeFile('wrong', 'something else');
const randomKey = () => `0x0${randomBytes(32).toString('hex').slice(1)}`;
const cheap = { kdf: 'scrypt', kdfparams: { n: 1024, r: 8, p: 1 } };

test('a new key is in a private file that an independent reading opens', () => {
  const made = keys(['new', path('new.json'), '--password-file', passwordFile, '--json']);
  assert.equal(made.code, 0, made.said);
  const { address, derivation } = JSON.parse(made.out);
  assert.equal(derivation, 'scrypt n=262144 r=8 p=1');
  assert.equal(statSync(path('new.json')).mode & 0o7777, 0o600);
  const text = readFileSync(path('new.json'), 'utf8');
  assert.match(JSON.parse(text).id, /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  assert.equal(privateKeyToAccount(openKeystore(text, password)).address, address);
  assert.throws(() => openKeystore(text, 'correct horse'), /wrong password/);
  assert.equal(keys(['show-address', path('new.json')]).out, `${address}\n`);
  const again = keys(['new', path('new.json'), '--password-file', passwordFile]);
  assert.equal(again.code, 73);
  assert.match(again.said, /nothing is overwritten/);
  assert.equal(readFileSync(path('new.json'), 'utf8'), text);
});

test('what an independent writing made is opened, with either function', () => {
  for (const [name, cost] of [['scrypt', cheap], ['pbkdf2', { kdf: 'pbkdf2', kdfparams: { c: 2000, prf: 'hmac-sha256' } }]]) {
    const secret = randomKey();
    const { address } = privateKeyToAccount(secret);
    const file = makeFile(`${name}.json`, makeKeystore(secret, password, cost));
    const proven = keys(['verify', file, '--password-fd', '3', '--json'], { descriptors: [password] });
    assert.equal(proven.code, 0, proven.said);
    assert.equal(JSON.parse(proven.out).address, address);
    const wrong = keys(['verify', file, '--password-file', wrongFile]);
    assert.equal(wrong.code, 77);
    assert.equal(wrong.said, `error: ${file}: the password is wrong, or the keystore was damaged\n`);
    assert.equal(wrong.out, '');
  }
});

test('a key is imported from a file, a descriptor and another keystore', () => {
  const secret = randomKey();
  const { address } = privateKeyToAccount(secret);
  const raw = makeFile('raw', `${secret}\n`);
  const old = makeFile('old.json', makeKeystore(secret, 'old', cheap));
  const ways = [['--from-key-file', raw], ['--from-key-fd', '4'], ['--from-keystore', old, '--from-password-fd', '5']];
  ways.forEach((way, i) => {
    const file = path(`imported-${i}.json`);
    const imported = keys(['import', file, '--password-fd', '3', ...way], { descriptors: [password, secret.slice(2), 'old\r\n'] });
    assert.equal(imported.code, 0, imported.said);
    assert.equal(imported.out, `${address}\n`);
    assert.equal(openKeystore(readFileSync(file, 'utf8'), password), secret);
  });
  for (const bad of ['0x12', `${secret}00`, 'zz'.repeat(32), '']) {
    const refused = keys(['import', path('bad.json'), '--password-fd', '3', '--from-key-fd', '4'], { descriptors: [password, bad] });
    assert.equal(refused.code, 65, refused.said);
    assert.ok(bad === '' || !refused.said.includes(bad), 'a key is never repeated');
  }
  const zero = keys(['import', path('bad.json'), '--password-fd', '3', '--from-key-fd', '4'], { descriptors: [password, '0'.repeat(64)] });
  assert.equal(zero.code, 77, zero.said);
  assert.ok(!readdirSync(folder).some((name) => name.startsWith('bad.json')));
});

test('files that others may read are refused, with the command that mends them', () => {
  const store = makeKeystore(randomKey(), password, cheap);
  const open = makeFile('open.json', store, 0o644);
  const good = makeFile('good.json', store);
  const loose = makeFile('loose', password, 0o640);
  symlinkSync(good, path('link.json'));
  const cases = [
    [['verify', open, '--password-file', passwordFile], 77, `chmod 600 ${open}`],
    [['verify', good, '--password-file', loose], 77, `chmod 600 ${loose}`],
    [['show-address', path('link.json')], 77, 'symbolic link'],
    [['verify', path('absent.json'), '--password-file', passwordFile], 66, 'No such file'],
    [['verify', good, '--password-file', path('absent')], 66, 'No such file'],
    [['list', path('absent')], 66, 'No such file'],
    [['verify', makeFile('torn.json', store.slice(0, 200)), '--password-file', passwordFile], 65, 'not a keystore'],
    [['verify', makeFile('huge.json', store.replace('"n":1024', '"n":1073741824')), '--password-file', passwordFile], 65, '512 MiB'],
    [['verify', makeFile('other.json', store.replace(/"address":"[0-9a-f]{40}"/, `"address":"${'1'.repeat(40)}"`)), '--password-file', passwordFile], 65, 'its key is'],
    [['new', path('empty.json'), '--password-fd', '3'], 77, 'not empty'],
    [['verify', good, '--password-fd', '9'], 66, 'descriptor 9'],
    [['verify', good, '--password-fd', 'x'], 77, 'number of an open descriptor'],
    [['verify', good, '--password-fd', '3', '--password-file', passwordFile], 77, 'exclude each other'],
  ];
  for (const [args, code, said] of cases) {
    const begun = Date.now();
    const run = keys(args, { descriptors: ['\n'] });
    assert.equal(run.code, code, `${args}: ${run.said}`);
    assert.ok(run.said.includes(said), run.said);
    assert.ok(!run.said.includes(password));
    assert.ok(Date.now() - begun < 20_000, 'refused in time');
  }
});

test('no password is taken from the command line or the environment', () => {
  const file = makeFile('asks.json', makeKeystore(randomKey(), password, cheap));
  assert.equal(keys(['verify', file, '--password', password]).code, 64);
  assert.equal(keys(['verify', file, password]).code, 64);
  const asked = keys(['verify', file], { env: { PLIMSOLL_PASSWORD: password, KEYSTORE_PASSWORD: password } });
  assert.equal(asked.code, 77);
  assert.match(asked.said, /there is no terminal to ask at/);
});

test('list tells every keystore of a folder, also those it cannot use', () => {
  const listed = JSON.parse(keys(['list', folder, '--json']).out);
  assert.equal(listed.schema, 'plimsoll.keys.v1');
  const by = Object.fromEntries(listed.keys.map((row) => [row.file, row]));
  assert.match(by[path('scrypt.json')].address, /^0x[0-9a-fA-F]{40}$/);
  assert.equal(by[path('pbkdf2.json')].derivation, 'pbkdf2 c=2000');
  assert.match(by[path('open.json')].problem, /0644/);
  assert.match(by[path('link.json')].problem, /symbolic link/);
  assert.ok(!(passwordFile in by), 'a password is no keystore');
  assert.match(keys(['list', folder]).out, new RegExp(`${by[path('scrypt.json')].address} .*scrypt n=1024`));
});

/** Runs `keys new` at a terminal and types each answer when its prompt stands there. */
async function typeIn(file, answers) {
  const child = spawn('script', ['-qec', `${program} keys new ${file}`, '/dev/null'], { env: environment, stdio: ['pipe', 'pipe', 'inherit'] });
  let shown = '';
  let prompts = 0;
  child.stdout.on('data', (data) => {
    shown += data;
    const seen = shown.match(/(New password|The same again): /g)?.length ?? 0;
    if (seen > prompts) child.stdin.write(answers[prompts]);
    prompts = seen;
  });
  const timer = setTimeout(() => child.kill('SIGKILL'), 60_000);
  const code = await new Promise((resolve) => child.on('close', resolve));
  clearTimeout(timer);
  return { code, shown };
}

test('at a terminal the password is asked twice and never shown', async () => {
  const file = path('typed.json');
  const typed = await typeIn(file, ['typed-secrez\u007ft\n', 'nonsense\u0015typed-secret\n']);
  assert.equal(typed.code, 0, typed.shown);
  assert.ok(!typed.shown.includes('secre'), typed.shown);
  assert.ok(openKeystore(readFileSync(file, 'utf8'), 'typed-secret').startsWith('0x'));
  const differ = await typeIn(path('differ.json'), ['one\n', 'two\n']);
  assert.equal(differ.code, 77);
  assert.match(differ.shown, /the two passwords differ/);
  const givenUp = await typeIn(path('none.json'), ['one\u0003']);
  assert.equal(givenUp.code, 77);
  assert.match(givenUp.shown, /nothing was typed in/);
});
