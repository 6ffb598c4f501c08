// SPDX-License-Identifier: Apache-2.0
// The command: starts, answers, and leaves nothing behind, however it ends; and large seeds are quick.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { createRpc, readTruth, startDevnet } from '../devnet.mjs';

const cli = fileURLToPath(new URL('../cli.mjs', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'devnet-test-'));
const children = new Set();
after(() => {
  for (const child of children) child.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

function run(...args) {
  const child = spawn(process.execPath, [cli, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  children.add(child);
  const result = { child, output: '', errors: '' };
  child.stdout.on('data', (data) => { result.output += data; });
  child.stderr.on('data', (data) => { result.errors += data; });
  result.ended = new Promise((resolve) => child.on('close', (code) => {
    children.delete(child);
    resolve(code);
  }));
  return result;
}

async function until(condition, what) {
  for (const end = Date.now() + 40_000; Date.now() < end; ) {
    if (await condition()) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`never: ${what}`);
}

const answers = async (url) => {
  try {
    return await createRpc(url)('eth_chainId');
  } catch {
    return undefined;
  }
};

// The folder anvil keeps its files in is its HOME (Linux only, like the check).
const homeOf = (pid) => /(?:^|\0)HOME=([^\0]*)/.exec(readFileSync(`/proc/${pid}/environ`, 'utf8'))[1];
const childOf = (pid) => Number(readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ')[0]);

for (const [signal, code] of [['SIGTERM', 0], ['SIGINT', 0], ['SIGKILL', null]]) {
  test(`${signal} takes the node and its files along`, async () => {
    const file = join(folder, `${signal}.json`);
    const up = run('up', '--manifest', file, '--borrowers', '20', '--seed', '2');
    await until(() => up.output.includes('ready\n') || up.errors, `ready (${up.errors})`);
    const manifest = JSON.parse(readFileSync(file, 'utf8'));
    assert.equal(await answers(manifest.http), '0x7a69');
    const home = homeOf(childOf(up.child.pid));
    assert.ok(existsSync(home));
    if (signal === 'SIGTERM') {
      const truth = run('truth', '--manifest', file, '--lines');
      assert.equal(await truth.ended, 0);
      assert.equal(truth.output.trim().split('\n').length, 20 + manifest.savers.length);
    }
    up.child.kill(signal);
    assert.equal(await up.ended, code);
    await until(async () => (await answers(manifest.http)) === undefined && !existsSync(home), 'gone');
  });
}

test('wrong usage is told apart from failure', async () => {
  const wrong = [['dance'], ['gap'], ['truth', '--manifest', 'x', '--colour'], ['gap', '--manifest', 'x', '--change', 'much'], ['up', '--aave', '2']];
  await Promise.all(wrong.map(async (args) => {
    const command = run(...args);
    assert.equal(await command.ended, 64, args.join(' '));
    assert.match(command.errors, /usage: cli\.mjs/);
  }));
  const missing = run('truth', '--manifest', join(folder, 'none.json'));
  assert.equal(await missing.ended, 1);
});

test('2,000 borrowers are seeded in seconds and read in about one', async (context) => {
  const times = {};
  const devnet = await startDevnet({ borrowers: 2000, seed: 4, say: (step, milliseconds) => { times[step] = milliseconds; } });
  try {
    const begin = Date.now();
    const truth = await readTruth(devnet.rpc, devnet.manifest);
    const reading = Date.now() - begin;
    context.diagnostic(`${JSON.stringify(times)}, truth of ${truth.accounts.length} in ${reading} ms`);
    const [, seeding] = Object.entries(times).find(([step]) => step.includes('seeded'));
    assert.ok(seeding < 60_000);
    assert.ok(reading < 20_000);
    assert.equal(devnet.manifest.borrowers.length, 2000);
    assert.equal(new Set(devnet.manifest.borrowers).size, 2000);
    assert.ok(truth.accounts.slice(0, 2000).every(({ totalDebtBase }) => totalDebtBase > 0n));
  } finally {
    await devnet.stop();
  }
});
