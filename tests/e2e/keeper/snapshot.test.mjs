// SPDX-License-Identifier: Apache-2.0
// Killed at random moments and started again: the books come from disk, the rest from the chain, and every account is the chain's.
import assert from 'node:assert/strict';
import { copyFileSync, readdirSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { playActivity, playGap } from '../../devnet/devnet.mjs';
import { makeRandom } from '../differential/random.mjs';
import { full } from '../variants.mjs';
import { checkReport } from '../verify/receipts.mjs';
import { openStage } from './stage.mjs';

const sleep = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));
// Every account whenever it changes.
const audited = { keeper: { snapshot_every: '1s' }, strategy: { audit_health: 100, audit_sample: 4 } };

let stage;
before(async () => {
  stage = await openStage({ borrowers: 60, seed: 8, blockTime: 0.3 });
});
after(() => stage?.stop());

const folder = () => join(stage.dataDir, 'snapshots');
const snapshots = () => readdirSync(folder()).filter((name) => name.endsWith('.snapshot')).sort();
/** The first blocks of the ranges of logs that were asked for since. */
const rangesAsked = (from) => stage.wire.requests.slice(from).filter(({ method }) => method === 'eth_getLogs').map(({ params }) => params[0].fromBlock).filter((first) => first !== undefined).map(Number);

/** The keeper's own count of accounts compared with the chain, and of those that were not the chain's. */
async function audit(keeper) {
  const seen = keeper.lines.length;
  const limit = Date.now() + 20_000;
  for (;;) {
    const line = keeper.lines.slice(seen).find((one) => /event=summary/.test(one));
    if (line) return { audited: Number(/ audited=(\d+)/.exec(line)[1]), mismatches: Number(/ mismatches=(\d+)/.exec(line)[1]) };
    if (Date.now() > limit) throw new Error('no summary');
    await sleep(100);
  }
}

test('killed again and again under load: each start takes the books up from disk and they are the chain\'s', async (context) => {
  const { rpc, manifest } = stage.devnet;
  const random = makeRandom(5);
  const first = await stage.start(['run', '--live'], { keys: audited });
  const load = (async () => {
    for (let round = 0; round < (full ? 4 : 1); ++round) await playActivity(rpc, manifest, { blocks: 12, seed: `kill ${round}` });
  })();
  await first.line(/event=snapshot.*written/, 30);
  let keeper = first;
  for (let round = 0; round < (full ? 8 : 3); ++round) {
    await sleep(200 + random.below(1200));
    await keeper.stop('SIGKILL');
    const asked = stage.wire.requests.length;
    const begun = Date.now();
    keeper = await stage.start(['run', '--live'], { keys: audited });
    context.diagnostic(`${Date.now() - begun} ms to watching again, ${stage.wire.requests.length - asked} requests`);
    const taken = keeper.lines.find((line) => /event=snapshot.*taken up/.test(line));
    assert.ok(taken, keeper.lines.join('\n'));
    const block = Number(/ block=(\d+)/.exec(taken)[1]);
    for (const lowest of rangesAsked(asked)) assert.ok(lowest > block, `logs from block ${lowest} on, though the books are of ${block}`);
  }
  await load;
  await stage.blocks(6);
  const { audited: compared, mismatches } = await audit(keeper);
  assert.ok(compared >= 60, `${compared} compared`);
  assert.equal(mismatches, 0);
  const from = Number(await rpc('eth_blockNumber'));
  await playGap(rpc, manifest, { change: -0.25 });
  await keeper.line(/event=won/, 60);
  await stage.untilQuiet(keeper, 2);
  const to = Number(await rpc('eth_blockNumber'));
  assert.deepEqual(await keeper.stop('SIGTERM'), { code: 0, signal: null });
  const { failures } = await checkReport(rpc, manifest, stage.report(), { from, to, atLeast: 3 });
  assert.deepEqual(failures, []);
});

test('a damaged newest snapshot is put away and an older one serves; with none left the market is read', async () => {
  const all = snapshots();
  assert.ok(all.length >= 2, all.join());
  const newest = join(folder(), all.at(-1));
  const bytes = readFileSync(newest);
  bytes[bytes.length >> 1] ^= 1;
  writeFileSync(newest, bytes);
  let keeper = await stage.start(['dry-run'], { dataDir: stage.dataDir, keys: audited });
  await keeper.stop('SIGKILL');
  assert.ok(!keeper.lines.some((line) => /taken up/.test(line)), 'a dry run has a folder of its own');

  keeper = await stage.start(['run', '--live'], { keys: audited });
  assert.ok(keeper.lines.some((line) => new RegExp(`level=warn.*event=snapshot.*${all.at(-1)}|event=snapshot.*${all.at(-1)}`).test(line)));
  assert.ok(keeper.lines.some((line) => /event=snapshot.*taken up/.test(line)), keeper.lines.join('\n'));
  assert.ok(!snapshots().includes(all.at(-1)) || statSync(newest).size !== bytes.length, 'the damaged one is gone');
  await keeper.stop('SIGKILL');

  for (const name of snapshots()) truncateSync(join(folder(), name), 100);
  keeper = await stage.start(['run', '--live'], { keys: audited });
  assert.ok(!keeper.lines.some((line) => /taken up/.test(line)));
  await stage.blocks(6);
  assert.equal((await audit(keeper)).mismatches, 0);
  await keeper.stop('SIGTERM');
});

test('a snapshot whose block left the chain is passed over', async () => {
  const { rpc } = stage.devnet;
  const names = snapshots();
  const [, number, hash] = /^books-(\d+)-(0x[0-9a-f]+)\.snapshot$/.exec(names.at(-1));
  const elsewhere = `books-${number}-0x${'ff'.repeat(32)}.snapshot`;
  copyFileSync(join(folder(), names.at(-1)), join(folder(), elsewhere));
  assert.equal((await rpc('eth_getBlockByNumber', `0x${Number(number).toString(16)}`, false)).hash, hash);
  const keeper = await stage.start(['run', '--live'], { keys: audited });
  assert.ok(keeper.lines.some((line) => line.includes(elsewhere) && /not the chain's any more/.test(line)), keeper.lines.join('\n'));
  assert.ok(keeper.lines.some((line) => /event=snapshot.*taken up/.test(line)));
  await keeper.stop('SIGTERM');
});
