// SPDX-License-Identifier: Apache-2.0
// The chain changes its mind under load: shallow reorganisations are undone block by block, a deep one starts from a snapshot, and one that
// takes back what was final stops everything until a person has decided.
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { playActivity, withMiner } from '../../devnet/devnet.mjs';
import { makeRandom } from '../differential/random.mjs';
import { full } from '../variants.mjs';
import { runToEnd, program } from './process.mjs';
import { openStage } from './stage.mjs';

const sleep = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));
const keys = { keeper: { snapshot_every: '1s' }, chain: { undo_blocks: '16 blocks' }, strategy: { audit_health: 100, audit_sample: 4 } };

let stage;
let final; // the first block that the node called final
let lie = false;
before(async () => {
  const alter = (message, request) => {
    if (request?.method !== 'eth_getBlockByNumber' || request.params[0] !== 'finalized' || !message.result) return message;
    final ??= message.result;
    return lie ? { ...message, result: { ...final, hash: `0x${'f1'.repeat(32)}` } } : message;
  };
  stage = await openStage({ borrowers: 60, seed: 9, blockTime: 0.25, alter });
});
after(() => stage?.stop());

/** Nothing may be mined meanwhile: anvil would put the new blocks on top of the old ones, over the state below them. */
const reorganise = (rpc, depth) => withMiner(rpc, () => rpc('anvil_reorg', depth, []));
const count = (keeper, pattern) => keeper.lines.filter((line) => pattern.test(line)).length;
const field = (line, name) => Number(new RegExp(` ${name}=(\\d+)`).exec(line)[1]);

/** The next summary once the keeper has the newest block and has compared what it had to. */
async function settled(keeper) {
  await stage.blocks(6);
  const seen = keeper.lines.length;
  const limit = Date.now() + 20_000;
  for (;;) {
    const line = keeper.lines.slice(seen).find((one) => /event=summary/.test(one));
    if (line) return line;
    if (Date.now() > limit) throw new Error('no summary');
    await sleep(100);
  }
}

test('s31: shallow reorganisations under load are undone block by block, and every account is the chain\'s after each', async (context) => {
  const { rpc, manifest } = stage.devnet;
  const random = makeRandom(11);
  const keeper = await stage.start(['dry-run'], { keys });
  const rounds = full ? 5 : 2;
  for (let round = 0; round < rounds; ++round) {
    await playActivity(rpc, manifest, { blocks: 6, seed: `reorg ${round}` });
    await reorganise(rpc, 1 + random.below(7));
    const summary = await settled(keeper);
    assert.equal(field(summary, 'mismatches'), 0, summary);
  }
  assert.ok(count(keeper, /event=reorg/) >= rounds, 'blocks were undone');
  assert.equal(count(keeper, /event=venue/), 0, 'without reading the market again');
  const summary = await settled(keeper);
  assert.ok(field(summary, 'audited') >= 100, summary);
  context.diagnostic(`${count(keeper, /event=reorg/)} blocks undone, ${field(summary, 'audited')} accounts compared`);
  await keeper.stop('SIGTERM');
});

test('a reorganisation deeper than can be undone starts from a snapshot', async () => {
  const { rpc, manifest } = stage.devnet;
  const keeper = await stage.start(['dry-run'], { keys });
  await keeper.line(/event=snapshot.*written/, 30);
  await playActivity(rpc, manifest, { blocks: 20, seed: 'deep' });
  await settled(keeper);
  const before = count(keeper, /event=snapshot.*taken up/);
  await reorganise(rpc, 19);
  const summary = await settled(keeper);
  assert.ok(count(keeper, /event=venue/) > 0, 'it was too deep');
  assert.equal(field(summary, 'mismatches'), 0, summary);
  assert.ok(count(keeper, /event=ready .*watching/) >= 2, 'it watches again');
  assert.ok(count(keeper, /event=snapshot.*taken up/) > before, 'from disk');
  await keeper.stop('SIGTERM');
});

test('s30: a finalized block that changes stops sending; no keeper starts until the operator accepts it', async () => {
  const { rpc } = stage.devnet;
  const dataDir = join(stage.folder, 'final');
  final = undefined;
  const keeper = await stage.start(['dry-run'], { keys, dataDir });
  await keeper.line(/event=ready .*what may be sent/, 30);
  await rpc('anvil_mine', '0x14');
  while (!final) await sleep(100); // it asks what is final
  lie = true;
  await rpc('anvil_mine', '0x14');
  await keeper.line(/event=unready.*finality_violated/, 60);
  lie = false;
  await stage.blocks(8);
  const since = keeper.lines.slice(keeper.lines.findIndex((line) => /finality_violated/.test(line)) + 1);
  assert.deepEqual(since.filter((line) => /event=(found|would)|what may be sent/.test(line)), [], 'it stays so');
  const file = keeper.configFile;
  await keeper.stop('SIGTERM');
  assert.ok(existsSync(join(dataDir, 'dry-run', 'finality-violated')));
  const refused = await runToEnd(program, ['dry-run', '--config', file]);
  assert.equal(refused.code, 77, refused.output);
  assert.match(refused.output, /--accept-finality/);
  const again = await stage.start(['dry-run', '--accept-finality'], { keys, dataDir });
  await again.line(/event=ready .*what may be sent/, 30);
  await again.stop('SIGTERM');
  assert.ok(!existsSync(join(dataDir, 'dry-run', 'finality-violated')));
});
