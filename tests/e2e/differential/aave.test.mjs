// SPDX-License-Identifier: Apache-2.0
// Random accounts and liquidations: the venue's arithmetic against the compiled contracts of the revisions that are proven by them.
// Seed: $PLIMSOLL_SEED or 1. PLIMSOLL_FULL=1 tries three times as many.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startAnvil } from '../../devnet/lib/anvil.mjs';
import { forProbe, randomCase } from './aave_cases.mjs';
import { makePlayer } from './aave_players.mjs';
import { ask } from './probe.mjs';
import { makeRandom } from './random.mjs';

const seed = Number(process.env.PLIMSOLL_SEED ?? 1);
const count = process.env.PLIMSOLL_FULL === '1' ? 30_000 : 10_000;
const markets = [
  { version: '3.0.2', revision: 1, player: 'Aave302Player', scheme: 'byte' },
  { version: '3.6', revision: 10, player: 'Aave36Player', scheme: 'bitmap' },
];

let anvil;
before(async () => {
  anvil = await startAnvil({ timestamp: 1_800_000_000 });
  await anvil.rpc('evm_mine'); // the first block's calls see no time
});
after(() => anvil?.stop());

const numbers = ['totalCollateral', 'totalDebt', 'threshold', 'healthFactor'];

function compareAccount(one, ours, theirs) {
  const where = () => JSON.stringify(one, (_, value) => (typeof value === 'bigint' ? `${value}` : value));
  assert.equal(ours.valued, theirs.valued, where());
  if (!theirs.valued) return;
  for (const name of numbers) assert.equal(BigInt(ours[name]), theirs[name], `${name}: ${where()}`);
  assert.equal(ours.exact !== null, theirs.done, `done: ${where()}`);
  if (!theirs.done) return;
  for (const name of ['repaid', 'seized', 'fee']) assert.equal(BigInt(ours.exact[name]), theirs[name], `${name}: ${where()}`);
}

// What the venue calls the largest amount must pass, and not leave out a unit.
async function compareLargest(cases, answers, play) {
  const cut = cases.map((one, i) => ({ one, ours: answers[i] })).filter(({ ours }) => ours.exact === null && ours.largest !== null);
  if (cut.length === 0) return 0;
  const pass = await play(cut.map(({ one, ours }) => ({ ...one, cover: BigInt(ours.largest.repaid) })));
  const more = await play(cut.map(({ one, ours }) => ({ ...one, cover: BigInt(ours.largest.repaid) + 1n })));
  for (const [i, { ours }] of cut.entries()) {
    assert.ok(pass[i].done, `the pool refuses the amount called largest: ${JSON.stringify(ours)}`);
    for (const name of ['repaid', 'seized', 'fee']) assert.equal(pass[i][name], BigInt(ours.largest[name]));
    assert.ok(!more[i].done, `a unit more would pass: ${JSON.stringify(ours)}`);
  }
  return cut.length;
}

for (const { version, revision, player, scheme } of markets) {
  test(`Aave V${version}: ${count} random accounts and liquidations, seed ${seed}`, async (context) => {
    const random = makeRandom(seed * 1_000 + revision);
    const cases = Array.from({ length: count }, () => randomCase(random, scheme));
    const play = makePlayer(anvil.rpc, player);
    const theirs = await play(cases);
    const ours = ask('plimsoll_aave_probe', cases.map((one) => forProbe(one, revision)));
    cases.forEach((one, i) => compareAccount(one, ours[i], theirs[i]));
    const narrow = ours.filter((answer) => answer.narrow).length;
    const done = theirs.filter((outcome) => outcome.done).length;
    const near = theirs.filter(({ healthFactor }) => healthFactor > 999n * 10n ** 15n && healthFactor < 1001n * 10n ** 15n).length;
    const cut = await compareLargest(cases, ours, play);
    context.diagnostic(`${done} liquidated, ${narrow} in 128 bits, ${near} within a thousandth of the line, ${cut} cut to what may be left`);
    assert.ok(done > count / 4 && near > count / 50, 'the cases are not what they should be');
    assert.ok(narrow > count * 0.9, 'most accounts must not need 256 bits');
    if (revision === 10) assert.ok(cut > count / 500, 'no case reached the rule about leftovers');
  });
}
