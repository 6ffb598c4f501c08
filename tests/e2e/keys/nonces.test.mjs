// SPDX-License-Identifier: Apache-2.0
// One key, its nonces and its operator: an intent taken back, a second keeper, an account that became a contract's, a journal from last minute's copy.
import assert from 'node:assert/strict';
import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { playGap, withMiner } from '../../devnet/devnet.mjs';
import { program, runToEnd } from '../keeper/process.mjs';
import { openStage } from '../keeper/stage.mjs';
import { readBlocks } from '../verify/settled.mjs';
import { parseTransaction, privateKeyToAccount } from './wallet.mjs';

const operatorKey = '0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80'; // the first of every development node
const operator = privateKeyToAccount(operatorKey);
const gwei = 10n ** 9n;
const sleep = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));
let stage;
let keeper;
let cut = false; // whether the node hears nothing of what is sent
before(async () => {
  stage = await openStage({ aave: '3.6', borrowers: 60, seed: 11, blockTime: 0.15, swallow: ({ method }) => cut && method === 'eth_sendRawTransaction' });
});
after(() => stage?.stop());

const rpc = (...args) => stage.devnet.rpc(...args);
const live = (options, ...args) => stage.start(['run', '--live', ...args], { deadline: '100 blocks', ...options });
const drop = (change) => playGap(stage.devnet.rpc, stage.devnet.manifest, { change, poolBlocks: 0 });
const raws = () => stage.wire.requests.filter(({ method }) => method === 'eth_sendRawTransaction').map(({ params }) => params[0]);
const won = () => keeper.lines.filter((line) => /event=won/.test(line)).length;
const nonce = async (at = 'latest') => Number(await rpc('eth_getTransactionCount', operator.address, at));
const command = (...args) => runToEnd(program, [...args, '--config', keeper.configFile]);
const json = async (...args) => JSON.parse((await command(...args, '--json')).output);
const attempts = async (...args) => (await json('tx', ...args)).attempts;

/** The key's transactions that wait in the node's pool, by nonce. */
async function pool() {
  const { pending } = await rpc('txpool_content');
  return Object.entries(pending).find(([sender]) => sender.toLowerCase() === operator.address.toLowerCase())?.[1] ?? {};
}

async function until(what, holds, seconds = 30) {
  const limit = Date.now() + seconds * 1000;
  for (;;) {
    const found = await holds();
    if (found) return found;
    if (Date.now() > limit) throw new Error(`not within ${seconds} s: ${what}\n${keeper.lines.slice(-25).join('\n')}`);
    await sleep(50);
  }
}

/** Until nothing is under way and, for some blocks, nothing was sent. */
async function rest() {
  await until('rest', async () => {
    const before = raws().length;
    await stage.blocks(3);
    const { in_flight: flying, waiting } = await json('status');
    return flying === 0 && waiting === 0 && raws().length === before;
  });
}

test('tx cancel: an intent that is stuck in the pool ends as cancelled, by the block that holds the cancellation', async () => {
  keeper = await live({ env: { XDG_RUNTIME_DIR: stage.folder } });
  const { before, intent } = await withMiner(stage.devnet.rpc, async () => {
    await drop(-0.15);
    const open = await until('some that wait in the pool', async () => {
      const list = await attempts('list', '--open');
      return list.length >= 3 && raws().length >= list.length && list;
    });
    const [chosen] = open;
    await until('what the pool shows', async () => (await attempts('list', '--open')).every(({ status }) => status === 'seen'));
    const asked = await command('tx', 'cancel', String(chosen.intent));
    assert.equal(asked.code, 0, asked.output);
    assert.match(asked.output, /is being cancelled at its nonce/);
    await until('the cancellation in the pool', async () => {
      const { to, value, input } = (await pool())[chosen.nonce] ?? {};
      return to?.toLowerCase() === operator.address.toLowerCase() && BigInt(value) === 0n && input === '0x';
    });
    assert.equal((await json('tx', 'show', String(chosen.intent))).last_word, undefined, 'nothing has landed');
    return { before: chosen, intent: String(chosen.intent) };
  });
  const shown = await until('its last word', async () => {
    const answer = await json('tx', 'show', intent);
    return answer.last_word && answer;
  });
  const [cancel, ...others] = shown.attempts;
  assert.deepEqual([cancel.purpose, cancel.nonce, cancel.status], ['cancel', before.nonce, 'confirmed']);
  assert.deepEqual(others.map(({ hash, status }) => [hash, status]), [[before.hash, 'replaced']]);
  assert.ok(BigInt(cancel.max_fee_per_gas) * 100n >= BigInt(before.max_fee_per_gas) * 110n, 'a price that geth would take');
  assert.ok(BigInt(cancel.max_priority_fee_per_gas) * 100n >= BigInt(before.max_priority_fee_per_gas) * 110n);
  const receipt = await rpc('eth_getTransactionReceipt', cancel.hash);
  assert.deepEqual([receipt.status, shown.last_word.outcome, shown.last_word.block_hash], ['0x1', 'cancelled', receipt.blockHash]);
  assert.match(shown.last_word.text, /on request/);
  assert.match((await command('tx', 'show', intent)).output, new RegExp(`^last word: cancelled, block ${Number(receipt.blockNumber)} ${receipt.blockHash}: .*on request`, 'm'));
  assert.equal(await rpc('eth_getTransactionReceipt', before.hash), null, 'what was taken back never landed');
  assert.equal((await command('tx', 'cancel', intent)).code, 2, 'it is not under way any more');
  await until('the others', () => won() >= 2);
});

test('s43: a second keeper with this folder or this key ends at once, and says what to do', async () => {
  const same = await runToEnd(program, ['run', '--live', '--config', keeper.configFile]);
  assert.equal(same.code, 73, same.output);
  assert.match(same.output, new RegExp(`held by pid ${keeper.child.pid}; that keeper works on this folder: stop it, or give this one another keeper\\.data_dir and another key`));
  const elsewhere = ['run', '--live', '--config', keeper.configFile, '--keeper.data-dir', join(stage.folder, 'second')];
  const other = await runToEnd(program, elsewhere, { env: { XDG_RUNTIME_DIR: stage.folder } });
  assert.equal(other.code, 73, other.output);
  assert.match(other.output, new RegExp(`held by pid ${keeper.child.pid}; that keeper sends with the same key: stop it, or give this one another key`));
});

test('s15: a key that is delegated while the keeper runs has one transaction in flight, until it is not any more', async () => {
  await rest();
  await rpc('anvil_setCode', operator.address, `0xef0100${stage.devnet.manifest.executor.slice(2)}`);
  await keeper.line(/event=mode .*is delegated \(EIP-7702\)/, 20);
  await withMiner(stage.devnet.rpc, async () => {
    await drop(-0.06);
    await until('intents that wait', async () => {
      const { in_flight: flying, waiting } = await json('status');
      return flying === 1 && waiting > 0 && Object.keys(await pool()).length > 0;
    });
    await sleep(300);
    assert.equal(Object.keys(await pool()).length, 1);
  });
  await rpc('anvil_setCode', operator.address, '0x');
  await keeper.line(/event=mode .*no longer delegated/, 20);
  await rest();
  assert.deepEqual(await keeper.stop('SIGTERM'), { code: 0, signal: null });
});

const journalFiles = ['journal.sqlite', 'journal.sqlite-wal', 'journal.sqlite-shm'];
const copy = (names, from, to) => {
  mkdirSync(to, { recursive: true });
  for (const name of names) {
    rmSync(join(to, name), { force: true });
    if (existsSync(join(from, name))) copyFileSync(join(from, name), join(to, name));
  }
};

test('s42: an old copy of the journal, of the witness, of both; and the way on with --adopt-nonce', async () => {
  const place = (name) => join(stage.folder, name);
  const options = { dataDir: place('adopt'), keys: { keeper: { witness: place('witnesses/one') } } };
  mkdirSync(place('witnesses'));
  const keep = (to) => {
    copy(journalFiles, place('adopt'), to);
    copy(['one'], place('witnesses'), to);
  };
  const putBack = (names, from) => copy(names, from, names === journalFiles ? place('adopt') : place('witnesses'));

  // The copy is made while transactions are on their way that the node has not heard of.
  const first = await nonce();
  keeper = await live(options);
  cut = true;
  const already = raws().length;
  await withMiner(stage.devnet.rpc, async () => {
    await drop(-0.06);
    await until('some on their way', async () => {
      const { in_flight: flying, waiting } = await json('status');
      return flying >= 2 && waiting === 0 && new Set(raws().slice(already)).size === flying;
    });
    keep(place('old'));
  });
  const known = new Set(raws().slice(already));
  cut = false;
  await until('they landed', () => won() >= 2);
  await drop(-0.06);
  await until('more than the copy knows of', () => won() > known.size);
  await command('pause'); // the falling base fee makes more worth it at each block
  await rest();
  assert.deepEqual(await keeper.stop('SIGTERM'), { code: 0, signal: null });
  keep(place('new'));
  const used = await nonce();
  assert.ok(used > first + known.size, `${used} after ${first} and ${known.size}`);

  const refused = async (pattern, ...more) => {
    const before = raws().length;
    const { code, output } = await runToEnd(program, ['run', '--live', '--config', keeper.configFile, ...more]);
    assert.equal(code, 77, output);
    assert.match(output, pattern);
    assert.equal(raws().length, before);
  };
  await refused(/--adopt-nonce \d+ is too low: the journal holds a final transaction with nonce \d+/, '--adopt-nonce', String(first));
  putBack(journalFiles, place('old'));
  await refused(new RegExp(`is behind its witness .*wait until no transaction of ${operator.address} is pending any more and start once with --adopt-nonce N, N being the chain's next nonce`, 'i'));

  putBack(journalFiles, place('new'));
  putBack(['one'], place('old'));
  const stale = readFileSync(place('witnesses/one'));
  keeper = await live(options);
  await keeper.stop('SIGTERM');
  await command('resume');
  assert.notDeepEqual(readFileSync(place('witnesses/one')), stale, 'an old witness beside a whole journal is written anew');

  putBack(journalFiles, place('old'));
  putBack(['one'], place('old'));
  await refused(new RegExp(`the chain's nonce is ${used}, the journal knows of \\d+.*an old copy.*start once with --adopt-nonce and the chain's nonce`));

  // A transaction of the key that this journal knows nothing of waits in the pool: until it has landed, nothing is sent.
  const before = raws().length;
  await withMiner(stage.devnet.rpc, async () => {
    const waits = await operator.signTransaction({ type: 'eip1559', chainId: 31337, nonce: used, to: operator.address, value: 0n, gas: 21_000, maxFeePerGas: 1000n * gwei, maxPriorityFeePerGas: 1n });
    await rpc('eth_sendRawTransaction', waits);
    keeper = await live(options, '--adopt-nonce', String(used + 1));
    await keeper.line(new RegExp(`nonce ${used + 1} was adopted, the chain's is ${used} and ${used + 1} with what is pending`), 10);
    await sleep(500);
    assert.equal(raws().length, before, 'nothing is sent before pending == latest');
  });
  await drop(-0.06);
  await until('a liquidation after that', async () => (await nonce()) > used + 1 && won() > 0);
  await command('pause');
  await rest();

  const sent = raws().slice(before).map((raw) => ({ raw, nonce: parseTransaction(raw).nonce }));
  assert.deepEqual(sent.filter(({ raw }) => raws().slice(0, before).includes(raw)), [], 'nothing old is sent again');
  assert.ok(sent.every((one) => one.nonce > used), 'nothing is sent at a nonce that was used');
  const rows = await attempts('list', '--limit', '1000');
  for (const { hash, status, block_hash: block } of rows) {
    const receipt = await rpc('eth_getTransactionReceipt', hash);
    assert.deepEqual([status, block], [receipt === null ? 'replaced' : 'confirmed', receipt?.blockHash], hash);
  }
  assert.ok(rows.filter(({ nonce: at }) => at < used).length >= known.size, 'what was on its way is known by its block');
  assert.deepEqual(await keeper.stop('SIGTERM'), { code: 0, signal: null });
  await nobodyTwice(first);
});

/** Each liquidation after that nonce is of another account, or at other prices: no plan landed twice. */
async function nobodyTwice(from) {
  const blocks = await readBlocks(stage.devnet.rpc, 1, Number(await rpc('eth_blockNumber')));
  const plans = blocks.flatMap(({ transactions }) => transactions)
    .filter((one) => one.from === operator.address.toLowerCase() && Number(one.nonce) >= from && one.input !== '0x').map(({ input }) => input);
  assert.ok(plans.length > 4);
  assert.equal(new Set(plans).size, plans.length);
}
