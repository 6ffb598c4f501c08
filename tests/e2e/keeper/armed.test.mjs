// SPDX-License-Identifier: Apache-2.0
// Transactions that were signed before they were wanted: sent by the price that wants them, and right.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { playGap } from '../../devnet/devnet.mjs';
import { variants } from '../variants.mjs';
import { checkReport } from '../verify/receipts.mjs';
import { openStage } from './stage.mjs';

let stage;
before(async () => {
  stage = await openStage({ aave: variants[0], borrowers: 60, seed: 5, blockTime: 0.4 });
});
after(() => stage?.stop());

const told = (keeper, name) => Number(new RegExp(` ${name}=(\\d+)`).exec(keeper.lines.findLast((line) => /event=summary/.test(line)) ?? '')?.[1] ?? 0);
const middle = (values) => values.toSorted((a, b) => a - b)[values.length >> 1];

test('small falls of the price fire what is armed; every receipt is right', async (context) => {
  const { rpc, manifest } = stage.devnet;
  const from = Number(await rpc('eth_blockNumber'));
  const keeper = await stage.start(['run', '--live'], { keys: { execution: { armed: 8 } } });
  await keeper.line(/event=ready .*what may be sent/, 30);
  await keeper.line(/event=summary .* armed=[1-9]/, 30);
  for (let step = 0; step < 25 && told(keeper, 'fired') < 3; ++step) {
    await playGap(rpc, manifest, { change: -0.01, poolBlocks: 0 });
    await stage.untilQuiet(keeper, 3);
  }
  assert.ok(told(keeper, 'fired') >= 3, `${told(keeper, 'fired')} were fired`);
  const to = Number(await rpc('eth_blockNumber'));
  assert.deepEqual(await keeper.stop('SIGTERM'), { code: 0, signal: null });
  const { failures, liquidations } = await checkReport(rpc, manifest, stage.report(), { from, to, atLeast: 3 });
  assert.deepEqual(failures, []);
  const took = keeper.lines.filter((line) => /event=won/.test(line)).map((line) => Number(/ us=(\d+)/.exec(line)?.[1])).filter(Number.isFinite);
  context.diagnostic(`${told(keeper, 'fired')} of ${liquidations} were armed; frame to bytes handed over: ${middle(took)} us median, ${Math.min(...took)} us least`);
});
