// SPDX-License-Identifier: Apache-2.0
// The keeper with a key from a keystore: live on a loopback devnet, 77 where the key is not to be had.
import assert from 'node:assert/strict';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { startDevnet } from '../../devnet/devnet.mjs';
import { keeperConfig } from '../keeper/config.mjs';
import { Process, program, runToEnd } from '../keeper/process.mjs';
import { makeKeystore } from './wallet.mjs';

const operatorKey = '0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80'; // the first of every development node
const folder = mkdtempSync(join(tmpdir(), 'plimsoll-keeper-keys-'));
let devnet;
before(async () => {
  devnet = await startDevnet({ borrowers: 12, blockTime: 1 });
});
after(async () => {
  await devnet?.stop();
  rmSync(folder, { recursive: true, force: true });
});

function privateFile(name, content) {
  const file = join(folder, name);
  writeFileSync(file, content, { mode: 0o600 });
  chmodSync(file, 0o600);
  return file;
}

let count = 0;
function config(keystore, password) {
  count += 1;
  const signer = `type = "keystore"\nkeystore = "${keystore}"\npassword_file = "${password}"`;
  const text = keeperConfig(devnet.manifest, { dataDir: join(folder, `data${count}`), format: 'logfmt', overrides: [['type = "dev"', signer]] });
  return privateFile(`${count}.toml`, text);
}

test('live with a keystore, until it is asked to stop; refused without its password', async () => {
  const cost = { kdf: 'scrypt', kdfparams: { n: 4096, r: 8, p: 1 } };
  const keystore = privateFile('operator.json', makeKeystore(operatorKey, 'open sesame', cost));
  const right = privateFile('right', 'open sesame\n');
  const live = (file) => ['run', '--live', '--config', file];

  const keeper = new Process('plimsoll', program, live(config(keystore, right)));
  await keeper.line(/event=ready .*watching/, 120);
  assert.match(await keeper.line(/event=mode/), /mode=live/);
  keeper.child.kill('SIGTERM');
  assert.equal((await keeper.ended).code, 0);
  assert.ok(!keeper.lines.some((line) => line.includes('open sesame')));

  const refused = async (file, pattern, code = 77) => {
    const end = await runToEnd(program, live(file));
    assert.equal(end.code, code, end.output);
    assert.match(end.output, pattern);
  };
  await refused(config(keystore, privateFile('wrong', 'open barley')), /the password is wrong/);
  const other = privateFile('other.json', makeKeystore(`0x${'11'.repeat(32)}`, 'open sesame', cost));
  await refused(config(other, right), /the Executor takes orders from/);
  await refused(config(join(folder, 'absent.json'), right), /No such file/, 66);
  await refused(config(privateFile('torn.json', '{'), right), /not a keystore/, 65);
  chmodSync(right, 0o644);
  await refused(config(keystore, right), /chmod 600/);
});
