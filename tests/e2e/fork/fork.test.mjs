// SPDX-License-Identifier: Apache-2.0
// What the fork says would have been earned is what the same decisions earn on the chain itself, and the chain never notices the fork.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { after, before, test } from 'node:test';
import { mine, playGap, roleAccount, Sender, startDevnet } from '../../devnet/devnet.mjs';
import { variants } from '../variants.mjs';
import { openRuns } from './run.mjs';

const { getAddress, toEventSelector } = createRequire(new URL('../../devnet/package.json', import.meta.url))('viem');
const reads = new Set([
  'eth_blobBaseFee', 'eth_blockNumber', 'eth_call', 'eth_chainId', 'eth_feeHistory', 'eth_gasPrice', 'eth_getAccountInfo', 'eth_getBalance', 'eth_getBlockByHash',
  'eth_getBlockByNumber', 'eth_getCode', 'eth_getLogs', 'eth_getStorageAt', 'eth_getTransactionCount', 'eth_maxPriorityFeePerGas', 'eth_subscribe', 'eth_syncing', 'eth_unsubscribe',
  'net_version', 'web3_clientVersion',
]);
const change = -0.12;
const sleep = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

let devnet;
let runs;
let snapshot;
let gap;
let forked;
before(async () => {
  devnet = await startDevnet({ aave: variants.at(-1), borrowers: 300, seed: 7 });
  runs = openRuns(devnet.manifest);
});
after(async () => {
  await runs?.stop();
  await devnet?.stop();
});

/** What was found, in order; each account only once. */
function opportunities(run) {
  const found = run.linesOf('found');
  assert.equal(new Set(found.map(({ account }) => account)).size, found.length, 'each opportunity is told once');
  return found.map(({ account, block, collateral, debt, repay, seize, net_usd: net, gas }) => ({ account, block, collateral, debt, repay, seize, net, gas }));
}

/**
 * The accounts are the same. Amounts and net values are the same to the unit wherever the state is: for as long as what was decided before, on the
 * same block, is the same. The one thing that may differ is the order: an account with a polled price, or into a pool of which more is being read, is
 * decided on when the node's answer is there, and what was decided first has the better price of a pool. So an account that one keeper had to give up
 * for that is found on a later block, when the pool stands where it stood.
 */
function sameOpportunities(one, other) {
  const names = (found) => found.map(({ account }) => account).sort();
  assert.deepEqual(names(one), names(other));
  const sum = (found) => found.reduce((total, { net }) => total + Number(net), 0);
  const ratio = sum(one) / sum(other);
  assert.ok(Math.abs(ratio - 1) <= 0.01, `the order moves value by ${ratio}`);
  let compared = 0;
  for (const block of new Set(one.map((found) => found.block))) {
    const [left, right] = [one, other].map((all) => all.filter((found) => found.block === block));
    for (let i = 0; i < left.length && left[i].account === right[i]?.account; i += 1, compared += 1) assert.deepEqual(left[i], right[i]);
  }
  return { compared, ratio };
}

/** Until neither keeper has asked anything for a while: what is on its way while a block is mined, anvil may answer with that block's state. */
async function untilAnswered(runsOfBoth) {
  const asked = () => runsOfBoth.reduce((sum, { wire }) => sum + wire.requests.length, 0);
  for (let seen = -1, limit = Date.now() + 10_000; seen !== asked();) {
    assert.ok(Date.now() < limit, 'a keeper asks and asks');
    seen = asked();
    await sleep(150);
  }
}

/** Quiet blocks, in which keepers read the pools that the nearest accounts would be sold into. */
async function letThemReadPools(runsOfBoth) {
  for (let blocks = 0; blocks < 10; blocks += 1) {
    await devnet.rpc('evm_mine');
    await sleep(100);
    await untilAnswered(runsOfBoth);
  }
}

/** Mines blocks, one after the other, until neither keeper finds anything on two of them. */
async function untilNothingIsLeft(runsOfBoth) {
  for (let quiet = 0, blocks = 0; quiet < 2; blocks += 1) {
    assert.ok(blocks < 15, 'every block has something new');
    const before = runsOfBoth.map((run) => run.linesOf('found').length);
    await untilAnswered(runsOfBoth);
    await devnet.rpc('evm_mine');
    await Promise.all(runsOfBoth.map((run) => run.untilQuiet(['found', 'forked'], 2)));
    quiet = runsOfBoth.some((run, i) => run.linesOf('found').length > before[i]) ? 0 : quiet + 1;
  }
}

/** Everything that would show a foreign hand on the origin. */
async function originState() {
  const { rpc, manifest } = devnet;
  const { number, hash, stateRoot } = await rpc('eth_getBlockByNumber', 'latest', false);
  const accounts = [...Object.values(manifest.accounts), manifest.executor, manifest.aave.pool];
  const nonces = await rpc.batch(accounts.map((account) => ['eth_getTransactionCount', account, 'pending']));
  return { number, hash, stateRoot, nonces, pool: await rpc('txpool_status') };
}

test('a gap of prices: at least five liquidations come true on the fork, and the origin does not change', async (context) => {
  const fork = await runs.start('fork', ['fork']);
  const dry = await runs.start('dry', ['dry-run']);
  const both = [fork, dry];
  await letThemReadPools(both);
  snapshot = await devnet.rpc('evm_snapshot');
  gap = await playGap(devnet.rpc, devnet.manifest, { change, settle: () => untilAnswered(both) });
  await fork.keeper.line(/event=forked/, 60);
  await Promise.all([fork.untilQuiet(['found', 'forked']), dry.untilQuiet(['found'])]);
  await untilNothingIsLeft(both);
  const state = await originState();
  await Promise.all([fork.untilQuiet(['found', 'forked']), dry.untilQuiet(['found'])]);
  assert.deepEqual(await fork.keeper.stop('SIGTERM'), { code: 0, signal: null }, fork.keeper.lines.slice(-3).join('\n'));
  assert.deepEqual(await dry.keeper.stop('SIGTERM'), { code: 0, signal: null }, dry.keeper.lines.slice(-3).join('\n'));
  assert.deepEqual(await originState(), state);

  forked = fork.report('fork/report.json');
  assert.equal(forked.schema, 'plimsoll.report.v1');
  assert.equal(forked.mode, 'fork');
  assert.ok(forked.won >= 5, `${forked.won} on the fork, skipped ${JSON.stringify(forked.skipped)}`);
  assert.equal(forked.reverted, 0);
  assert.equal(forked.fork.unplayed, 0);
  assert.equal(forked.won, forked.sent);
  assert.equal(fork.linesOf('forked').length, forked.won, 'one line each');
  assert.equal(forked.missed.not_indexed, 0);
  context.diagnostic(`${forked.won} on the fork in ${forked.fork.batches.length} batches; upstream ${JSON.stringify(forked.fork.upstream)}`);

  const { compared, ratio } = sameOpportunities(opportunities(fork), opportunities(dry));
  context.diagnostic(`${opportunities(fork).length} opportunities in both, ${compared} in the same state: equal to the unit; total ${ratio}`);

  const methods = new Set(fork.wire.requests.map(({ method }) => method));
  assert.deepEqual([...methods].filter((method) => !reads.has(method)), []);
  for (const needed of ['eth_getStorageAt', 'eth_getCode', 'eth_subscribe']) assert.ok(methods.has(needed), `${needed} passes the counter, so all of it does`);
  assert.equal(forked.fork.upstream_refused, 0);
});

test('the balances on the fork moved as the receipts say', () => {
  const receipts = new Map();
  for (const { profits } of forked.liquidations) for (const { token, amount } of profits) receipts.set(token, (receipts.get(token) ?? 0n) + BigInt(amount));
  const balances = new Map();
  let spent = 0n;
  for (const { received, spent_wei: wei } of forked.fork.batches) {
    spent += BigInt(wei);
    for (const { token, amount } of received) balances.set(token, (balances.get(token) ?? 0n) + BigInt(amount));
  }
  assert.deepEqual([...balances].sort(), [...receipts].sort());
  assert.equal(spent, BigInt(forked.gas_wei));
});

const liquidationCall = '0xe413a321e8681d831f4dbccbca790d2952b56f977908e45be37335533e005286';
const executed = toEventSelector('Executed(address,uint256,uint256)');

/** What one receipt says came of a decision: {account, collateral, debt, repaid, seized, token, profit}. */
function essence({ logs }) {
  const address = (topic) => getAddress(`0x${topic.slice(26)}`);
  const word = (data, i) => BigInt(`0x${data.slice(2 + 64 * i, 66 + 64 * i)}`).toString();
  const call = logs.find(({ topics }) => topics[0] === liquidationCall);
  const paid = logs.find(({ topics }) => topics[0] === executed);
  return {
    account: address(call.topics[3]), collateral: address(call.topics[1]), debt: address(call.topics[2]), repaid: word(call.data, 0), seized: word(call.data, 1),
    token: address(paid.topics[1]), profit: word(paid.data, 0),
  };
}

test('live on the origin, from the same state, the same decisions earn the same, to the unit', async (context) => {
  const { rpc, manifest } = devnet;
  assert.equal(await rpc('evm_revert', snapshot), true);
  snapshot = await rpc('evm_snapshot');
  const again = await playGap(rpc, manifest, { change });
  assert.equal(again.oracleBlock.hash, gap.oracleBlock.hash, 'the same block, so the same state');
  const operator = await Sender.open(rpc, 'operator', manifest.chainId);
  const landed = [];
  let { timestamp } = gap.oracleBlock;
  // A second one holds what was decided late, and follows in the next block; others were decided on later blocks.
  const batches = forked.fork.batches.filter(({ hash }) => hash === gap.oracleBlock.hash);
  for (const { block, decisions } of batches) {
    for (const { calldata, gas_limit: gas, account } of decisions) operator.add({ to: manifest.executor, data: calldata, gas, label: account });
    timestamp += 12;
    const { number, receipts } = await mine(rpc, await operator.flush(), { timestamp });
    assert.equal(number, block);
    landed.push(...receipts.filter(({ to }) => to && getAddress(to) === getAddress(manifest.executor)).map(essence));
  }
  const played = new Set(batches.flatMap(({ decisions }) => decisions.map(({ hash }) => hash)));
  assert.ok(played.size >= 5);
  const said = forked.liquidations.filter(({ hash }) => played.has(hash)).map(({ account, collateral, debt, repaid, seized, profits: [{ token, amount }] }) => ({ account, collateral, debt, repaid, seized, token, profit: amount }));
  assert.deepEqual(said, landed);
  context.diagnostic(`${landed.length} liquidations, equal to the unit`);
});

test('a price pretended: the oracle on the fork answers it, the keeper sees it, and both say so', async (context) => {
  assert.equal(await devnet.rpc('evm_revert', snapshot), true);
  await devnet.rpc('evm_mine');
  const state = await originState();
  // As somebody would begin: no Executor anywhere yet, and a key that may not even be there, for it is not looked at.
  const { executor, accounts } = devnet.manifest;
  const overrides = [
    [`[executor]\naddress = "${getAddress(executor)}"\noperator = "${getAddress(accounts.operator)}"\n`, ''],
    ['type = "keystore"', 'type = "keystore"\nkeystore = "/nowhere/key.json"\npassword_file = "/nowhere/password"'],
  ];
  const fork = await runs.start('shock', ['fork', '--price', 'WETH=-12%', '--for', '12s'], { mode: 'dry-run', signer: 'keystore', overrides, ready: false });
  const { code } = await fork.keeper.ended;
  assert.equal(code, 0, fork.keeper.lines.slice(-10).join('\n'));
  const report = fork.report('fork/report.json');
  assert.ok(report.won >= 5, `${report.won} on the fork, skipped ${JSON.stringify(report.skipped)}`);
  assert.equal(report.reverted, 0);
  assert.deepEqual(report.fork.prices, ['WETH=-12%']);
  const [made] = fork.linesOf('fork');
  assert.match(made.prices, /WETH=-12%/);
  context.diagnostic(`${report.won} at the pretended price`);
  assert.deepEqual(await originState(), state);
  const methods = new Set(fork.wire.requests.map(({ method }) => method));
  assert.deepEqual([...methods].filter((method) => !reads.has(method)), []);
});

test('an asset that the market does not have is named', async () => {
  const fork = await runs.start('unknown', ['fork', '--price', 'NOPE=-1%'], { ready: false });
  const { code } = await fork.keeper.ended;
  assert.equal(code, 66);
  assert.match(fork.keeper.lines.join('\n'), /NOPE=-1%/);
});

test('without anvil: 66, and what to do', async () => {
  const fork = await runs.start('missing', ['fork'], { ready: false, anvil: '/nowhere/anvil' });
  const { code } = await fork.keeper.ended;
  assert.equal(code, 66);
  assert.match(fork.keeper.lines.join('\n'), /fork\.anvil.*\/nowhere\/anvil.*No such file.*Foundry/);
});

const alive = (pid) => {
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
};

test('the node of the fork listens on this machine only, and dies with the keeper however that ends', async () => {
  for (const signal of ['SIGTERM', 'SIGKILL']) {
    const fork = await runs.start(`end-${signal}`, ['fork']);
    const { pid } = fork.keeper.child;
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ');
    assert.equal(children.length, 1);
    const words = readFileSync(`/proc/${children[0]}/cmdline`, 'utf8').split('\0');
    assert.equal(words[words.indexOf('--host') + 1], '127.0.0.1');
    assert.match(words[words.indexOf('--fork-url') + 1], /^http:\/\/127\.0\.0\.1:\d+$/, 'the origin is not in the process list');
    await fork.keeper.stop(signal);
    for (let tries = 0; tries < 40 && alive(children[0]); tries++) await sleep(50);
    assert.equal(alive(children[0]), false, signal);
  }
});

test('the key of the fork is nobody\'s', () => {
  for (const role of Object.keys(devnet.manifest.accounts)) {
    assert.notEqual(forked.fork.receiver.toLowerCase(), roleAccount(role).address.toLowerCase());
  }
  assert.notEqual(forked.fork.executor.toLowerCase(), devnet.manifest.executor.toLowerCase());
});
