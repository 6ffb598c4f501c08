// SPDX-License-Identifier: Apache-2.0
// Every command of the main README, in its order and in one folder, as a reader would type them. After the file for mainnet is written and
// shown, the devnet's takes its place: its endpoint, its addresses.
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { startDevnet } from '../../devnet/devnet.mjs';
import { anvilBinary } from '../../devnet/lib/anvil.mjs';
import { keeperConfig } from '../keeper/config.mjs';
import { Process, program } from '../keeper/process.mjs';

const readme = readFileSync(new URL('../../../README.md', import.meta.url), 'utf8');
const blocks = [...readme.matchAll(/^```sh\n(.*?)^```$/gms)].map(([, text]) => text);
const commands = blocks.flatMap((text) => text.split('\n')).filter((line) => line !== '');

// A keeper that runs until it is told to stop.
const untilStopped = { ready: /event=ready .*watching/ };
// By the words before the first flag or operand that a reader would change.
const expected = {
  'config init': { after: ({ folder }) => assert.equal(statSync(join(folder, 'plimsoll.toml')).mode & 0o777, 0o600) },
  'config show': { says: /chain\.network.*mainnet/ },
  'keys new': { says: /0x[0-9a-fA-F]{40}/ },
  'keys verify': { says: /0x[0-9a-fA-F]{40}/ },
  'keys show-address': { says: /^0x[0-9a-fA-F]{40}$/m },
  'check': {},
  'positions': { says: /0x[0-9a-fA-F]{40}/ },
  'fork': {},
  'dry-run': untilStopped,
  'contract deploy': { says: /0x[0-9a-fA-F]{40}/ },
  'contract status': { says: /operator/ },
  'contract verify': {},
  'run': untilStopped,
};
const nameOf = (words) => (expected[words.slice(0, 2).join(' ')] ? words.slice(0, 2).join(' ') : words[0]);

let devnet;
let folder;
before(async () => {
  devnet = await startDevnet({ borrowers: 20, seed: 5, blockTime: 1 });
  folder = mkdtempSync(join(tmpdir(), 'plimsoll-readme-'));
  writeFileSync(join(folder, 'password'), 'correct horse battery staple\n', { mode: 0o600 });
});
after(async () => {
  await devnet?.stop();
  if (folder) rmSync(folder, { recursive: true, force: true });
});

function useDevnet() {
  const text = keeperConfig(devnet.manifest, { dataDir: join(folder, 'data'), format: 'logfmt' });
  writeFileSync(join(folder, 'plimsoll.toml'), `${text}\n[fork]\nanvil = "${anvilBinary()}"\n`, { mode: 0o600 });
}

test('the README has commands for every step', () => {
  const names = new Set(commands.map((line) => nameOf(line.split(/\s+/).slice(1))));
  assert.deepEqual([...names].sort(), Object.keys(expected).sort());
});

let mainnet = true;
for (const line of commands) {
  test(line, async () => {
    const [first, ...words] = line.split(/\s+/);
    assert.equal(first, 'plimsoll');
    const { says = /(?:)/, ready, after: check = () => {} } = expected[nameOf(words)];
    if (mainnet && words[0] !== 'config') {
      useDevnet();
      mainnet = false;
    }
    const child = new Process(line, program, words, { cwd: folder });
    if (ready) {
      await child.line(ready, 60);
      assert.deepEqual(await child.stop('SIGTERM'), { code: 0, signal: null });
      return;
    }
    const { code } = await child.ended;
    assert.equal(code, 0, child.lines.join('\n'));
    assert.match(child.lines.join('\n'), says);
    check({ folder });
  });
}
