// SPDX-License-Identifier: Apache-2.0
// A submission on a real node, killed with SIGKILL at random instants and started again, many times: while it starts, recovers, signs, writes, sends, bumps and
// cancels. Afterwards the chain alone says whether an intent landed twice, was forgotten, left a gap or cost more than was allowed.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { startAnvil } from '../../devnet/lib/anvil.mjs';
import { Random } from '../../devnet/lib/random.mjs';
import { SendingProbe, readJournal } from './probe.mjs';

const sender = '0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266';
const full = process.env.PLIMSOLL_FULL === '1';
const seed = process.env.PLIMSOLL_KILL_SEED ?? '1';
const rounds = full ? 400 : 30;
const perHour = BigInt(rounds) * (full ? 600n : 250n) * 10n ** 12n; // less than all of it would take
const accounts = 24;
const hex = (number) => `0x${number.toString(16)}`;
const gwei = (number) => hex(BigInt(number) * 1_000_000_000n);
const sleep = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

let node;
let folder;
let probe;
before(async () => {
  node = await startAnvil({ history: 20_000, timestamp: Math.floor(Date.now() / 1000) });
  folder = mkdtempSync(join(tmpdir(), 'plimsoll-kill-'));
});
after(async () => {
  await probe?.kill();
  await node?.stop();
  if (folder) rmSync(folder, { recursive: true, force: true });
});

const height = async () => Number(await node.rpc('eth_blockNumber'));
const counts = async () => Promise.all(['latest', 'pending'].map(async (tag) => Number(await node.rpc('eth_getTransactionCount', sender, tag))));
async function mine(baseFee) {
  await node.rpc('anvil_setNextBlockBaseFeePerGas', gwei(baseFee));
  await node.rpc('evm_mine');
}

const random = new Random(`kill ${seed}`);
let submitted = 0;
const reports = []; // last words, of all processes
const said = []; // notices, likewise

/** Something that may happen while the process lives or is down. */
async function happen() {
  await random.weighted([
    [5, async () => {
      submitted += 1;
      probe?.command('submit', submitted, random.integer(1, accounts), (await height()) + random.integer(2, 24));
    }],
    [3, () => mine(random.chance(0.2) ? 70 : random.integer(2, 14))],
    [1, () => probe?.command('cancel', random.integer(Math.max(1, submitted - 6), submitted + 1))],
    [0.5, async () => {
      const { pending } = await node.rpc('txpool_content');
      const [, waiting] = Object.entries(pending).find(([address]) => address.toLowerCase() === sender) ?? [];
      if (waiting) await node.rpc('anvil_dropTransaction', random.pick(Object.values(waiting)).hash);
    }],
  ])();
}

async function live(milliseconds) {
  const end = Date.now() + milliseconds;
  while (Date.now() < end) {
    await happen();
    await sleep(random.integer(0, 25));
  }
}

/** Every transaction of ours on the chain, with what it took. */
async function landed() {
  const out = [];
  for (let number = 1; number <= await height(); ++number) {
    const block = await node.rpc('eth_getBlockByNumber', hex(number), true);
    for (const transaction of block.transactions.filter(({ from }) => from.toLowerCase() === sender)) {
      const receipt = await node.rpc('eth_getTransactionReceipt', transaction.hash);
      const call = transaction.input.length > 2;
      out.push({ hash: transaction.hash, nonce: Number(transaction.nonce), intent: call ? Number(BigInt(`0x${transaction.input.slice(12)}`)) : undefined,
        cost: BigInt(receipt.gasUsed) * BigInt(receipt.effectiveGasPrice), block: block.hash });
    }
  }
  return out;
}

test(`${rounds} times kill -9 at a random instant`, async (context) => {
  // On a slow machine less happens in each round: it goes on until the limit was met.
  const met = () => reports.some(({ kind }) => kind === 'refused');
  for (let round = 0; round < rounds || (!met() && round < 4 * rounds); ++round) {
    probe = new SendingProbe(node.ws, folder, { perHour });
    await live(random.integer(5, random.chance(0.5) ? 150 : 500));
    await probe.kill();
    reports.push(...probe.all('report', { stage: 'final' }));
    said.push(...probe.all('notice').map(({ text }) => text));
    probe = undefined;
    if (random.chance(0.3)) await mine(random.integer(2, 14));
  }
  const recovered = said.filter((text) => /transactions of an earlier run/.test(text)).length;
  context.diagnostic(`seed ${seed}: ${submitted} intents, ${reports.length} last words before a kill, ${recovered} times something was under way at a start`);
  assert.ok(recovered >= rounds / 15, 'a kill met nothing under way');
});

test('left alone it comes to rest: no nonce stays behind', async () => {
  probe = new SendingProbe(node.ws, folder, { perHour });
  let quiet = 0;
  for (let i = 0; quiet < 8; ++i) {
    assert.ok(i < 200, `nonces ${await counts()} after ${i} blocks: ${JSON.stringify(probe.lines.slice(-12))}`);
    await mine(2);
    await probe.sees(await height());
    await sleep(60);
    const [latest, pending] = await counts();
    quiet = latest === pending ? quiet + 1 : 0;
  }
  await probe.kill();
  reports.push(...probe.all('report', { stage: 'final' }));
  const stopped = [...said, ...probe.all('notice').map(({ text }) => text)].filter((text) => /uses this key|used by a transaction|journal failed/.test(text));
  assert.deepEqual(stopped, []);
});

test('no intent landed twice, none is forgotten, and the journal says what the chain says', async (context) => {
  const chain = await landed();
  const journal = readJournal(folder);
  const attempts = new Map(journal.filter(({ event }) => event === 'attempt').map((line) => [line.hash, line]));
  const ends = new Map(journal.filter(({ event }) => event === 'end').map((line) => [line.intent, line]));
  const byIntent = new Map();
  for (const [i, one] of chain.entries()) {
    assert.equal(one.nonce, i);
    assert.ok(attempts.has(one.hash), `nonce ${one.nonce} landed and the journal does not know it`);
    if (one.intent === undefined) continue;
    assert.ok(!byIntent.has(one.intent), `intent ${one.intent} landed twice`);
    byIntent.set(one.intent, one);
  }
  for (const { id, intent, status } of attempts.values()) {
    assert.ok(['confirmed', 'reverted', 'replaced', 'dropped'].includes(status), `attempt ${id} stays ${status}`);
    if (intent !== 0 && status !== 'dropped') assert.ok(ends.has(intent), `intent ${intent} is forgotten`);
  }
  for (const [intent, { kind, block }] of ends) {
    assert.equal(kind === 'confirmed', byIntent.has(intent), `intent ${intent} is called ${kind}`);
    if (kind === 'confirmed') assert.equal(block, byIntent.get(intent).block);
    else assert.ok(await node.rpc('eth_getBlockByHash', block, false), `intent ${intent} ended in a block that is none`);
  }
  for (const { intent, kind } of reports) if (ends.has(intent)) assert.equal(kind, ends.get(intent).kind, `intent ${intent} was told otherwise before`);
  context.diagnostic(`${chain.length} landed, ${byIntent.size} of them calls, ${attempts.size} attempts, ${
    ['confirmed', 'expired', 'cancelled', 'refused'].map((kind) => `${[...ends.values()].filter((end) => end.kind === kind).length} ${kind}`).join(', ')}`);
  assert.ok(byIntent.size >= rounds / 6, `only ${byIntent.size} landed: nothing was tried`);
});

test('no more was spent than was allowed, across all the restarts', async (context) => {
  const spent = (await landed()).reduce((sum, { cost }) => sum + cost, 0n);
  context.diagnostic(`${spent} of ${perHour} wei`);
  assert.ok(spent <= perHour, `${spent} wei`);
  assert.ok(reports.some(({ kind }) => kind === 'refused'), 'the limit refused nothing');
});
