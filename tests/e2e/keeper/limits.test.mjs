// SPDX-License-Identifier: Apache-2.0
// What the operator allows to be spent: by the key's own balance on chain, whatever the keeper says.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { playGap } from '../../devnet/devnet.mjs';
import { variants } from '../variants.mjs';
import { openStage } from './stage.mjs';

const ether = 10n ** 18n;
let stage;
before(async () => {
  stage = await openStage({ aave: variants.at(-1), borrowers: 40, seed: 5 });
});
after(() => stage?.stop());

const keep = (risk, dataDir) => stage.start(['run', '--live'], { dataDir: join(stage.folder, dataDir), overrides: [['[log]\n', `[risk]\n${risk}\n\n[log]\n`]] });
const balance = async () => BigInt(await stage.devnet.rpc('eth_getBalance', stage.devnet.manifest.accounts.operator, 'latest'));
const sent = () => stage.wire.requests.filter(({ method }) => method === 'eth_sendRawTransaction').length;
const stop = async (keeper) => assert.deepEqual(await keeper.stop('SIGTERM'), { code: 0, signal: null });

test('below its floor the balance pays for nothing, and the reason is said', async () => {
  const keeper = await keep('min_gas_balance = "1000000 eth"', 'poor');
  await playGap(stage.devnet.rpc, stage.devnet.manifest, { change: -0.3 });
  await keeper.line(/event=skip .*reason=gas_balance_low/, 60);
  await keeper.line(/event=limit .*limit=balance/, 10);
  await stop(keeper);
  assert.equal(sent(), 0);
});

test('an hour never costs more than its budget, across a restart too', async (context) => {
  const budget = (ether * 6n) / 100n;
  const risk = 'max_spend_per_hour = "0.06 eth"';
  const before = await balance();
  const keeper = await keep(risk, 'hour');
  await keeper.line(/event=won/, 60);
  await keeper.line(/event=skip .*reason=spend_budget/, 60);
  await stage.untilQuiet(keeper, 2);
  await stop(keeper);
  const spent = before - (await balance());
  assert.ok(spent > 0n && spent <= budget, `${spent} wei of ${budget}`);
  const again = await keep(risk, 'hour');
  await again.line(/event=skip .*reason=spend_budget/, 60);
  await stage.untilQuiet(again, 2);
  await stop(again);
  const total = before - (await balance());
  assert.ok(total <= budget, `${total} wei of ${budget}`);
  context.diagnostic(`${spent} wei, then ${total} wei, of ${budget}`);
});

test('a transaction that could cost more than one may is not sent', async () => {
  const sentBefore = sent();
  const keeper = await keep('max_spend_per_tx = "0.0001 eth"', 'dear');
  await keeper.line(/event=refused .*spend_over_limit/, 60);
  await stop(keeper);
  assert.equal(sent(), sentBefore);
});
