// SPDX-License-Identifier: Apache-2.0
// Transactions that were signed before they were wanted: sent by the price that wants them, and right.
import assert from 'node:assert/strict';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { playGap } from '../../devnet/devnet.mjs';
import { variants } from '../variants.mjs';
import { checkReport } from '../verify/receipts.mjs';
import { openStage } from './stage.mjs';

let stage;
before(async () => {
  stage = await openStage({ aave: variants[0], borrowers: 100, seed: 5, blockTime: 0.4 });
});
after(() => stage?.stop());

const told = (keeper, name) => Number(new RegExp(` ${name}=(\\d+)`).exec(keeper.lines.findLast((line) => /event=summary/.test(line)) ?? '')?.[1] ?? 0);
const middle = (values) => values.toSorted((a, b) => a - b)[values.length >> 1];

/** Lets the price fall by small steps until so many were sent in the way that the summary counts as `counter`; what it took. */
async function fallUntil(keeper, counter, times, before = async () => {}) {
  const { rpc, manifest } = stage.devnet;
  const from = Number(await rpc('eth_blockNumber'));
  await keeper.line(/event=ready .*what may be sent/, 30);
  await keeper.line(/event=summary .* armed=[1-9]/, 30);
  await keeper.line(/event=summary .* rehearsed=[1-9]/, 30);
  await before();
  for (let step = 0; step < 25 && told(keeper, counter) < times; ++step) {
    await playGap(rpc, manifest, { change: -0.01, poolBlocks: 0 });
    await stage.untilQuiet(keeper, 3);
  }
  assert.ok(told(keeper, counter) >= times, `${told(keeper, counter)} were ${counter}`);
  const to = Number(await rpc('eth_blockNumber'));
  assert.deepEqual(await keeper.stop('SIGTERM'), { code: 0, signal: null });
  const { failures, liquidations } = await checkReport(rpc, manifest, stage.report(), { from, to, atLeast: times });
  assert.deepEqual(failures, []);
  const took = keeper.lines.filter((line) => /event=won/.test(line)).map((line) => Number(/ us=(\d+)/.exec(line)?.[1])).filter(Number.isFinite);
  return `${told(keeper, counter)} of ${liquidations}; frame to bytes handed over: ${middle(took)} us median, ${Math.min(...took)} us least`;
}

test('small falls of the price fire what is armed; every receipt is right', async (context) => {
  const keeper = await stage.start(['run', '--live'], { keys: { execution: { armed: 8, hot_thread: 'off' } } });
  context.diagnostic(`armed: ${await fallUntil(keeper, 'fired', 3)}`);
});

test('the thread that receives prices sends by itself; every receipt is right', async (context) => {
  const keeper = await stage.start(['run', '--live'], { keys: { execution: { armed: 8 }, strategy: { speculate: true } } });
  const kill = join(stage.dataDir, 'kill');
  const nothingWhileKilled = async () => {
    writeFileSync(kill, '');
    await keeper.line(/event=hold .*killed: nothing is signed/, 10);
    const sent = () => keeper.lines.filter((line) => /event=sent/.test(line)).length;
    const before = sent();
    for (let step = 0; step < 3; ++step) {
      await playGap(stage.devnet.rpc, stage.devnet.manifest, { change: -0.01, poolBlocks: 0 });
      await stage.blocks(2);
    }
    assert.equal(told(keeper, 'hot'), 0);
    assert.equal(sent(), before);
    rmSync(kill);
    await keeper.line(/event=hold .*no longer killed/, 10);
    await stage.untilQuiet(keeper, 3);
  };
  context.diagnostic(`by itself: ${await fallUntil(keeper, 'hot', 2, nothingWhileKilled)}`);
  assert.equal(keeper.lines.filter((line) => /event=(lost|missed)/.test(line)).length, 0);
});
