// SPDX-License-Identifier: Apache-2.0
// Random events on a market of 10,000 accounts: after each of them the set of liquidatable accounts is that of a full exact recomputation.
// 20,000 events, 50,000 with PLIMSOLL_FULL=1, as many as PLIMSOLL_CAMPAIGN_EVENTS says; the program itself is built from tests/unit.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const build = process.env.PLIMSOLL_BUILD ?? fileURLToPath(new URL('../../../build/release', import.meta.url));
const program = `${build}/campaign/plimsoll_campaign`;

/// Runs it to its end; resolves to {code, text}.
function run(args) {
  return new Promise((done, failed) => {
    const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    let text = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (part) => (text += part));
    child.on('error', failed);
    child.on('close', (code, signal) => done({ code: code ?? signal, text }));
  });
}

test('after each random event nobody is missed and nobody is false', async (t) => {
  const { code, text } = await run(['--gtest_filter=Campaign.*']);
  assert.equal(code, 0, text);
  const sums = text.split('\n').filter((line) => line.startsWith('campaign: '));
  for (const line of sums) t.diagnostic(line);
  const events = sums.map((line) => Number(/(\d+) events/.exec(line)[1])).reduce((a, b) => a + b, 0);
  const wanted = Number(process.env.PLIMSOLL_CAMPAIGN_EVENTS ?? (process.env.PLIMSOLL_FULL ? 50_000 : 20_000));
  assert.equal(events, wanted, 'both sets of rules had their half of the events');
});

test('a campaign finds every mistake that is put into it', async () => {
  const { code, text } = await run(['--gtest_filter=Campaign/AMistake.*']);
  assert.equal(code, 0, text);
  assert.match(text, /\[  PASSED  \] 5 tests/);
});
