// SPDX-License-Identifier: Apache-2.0
// The verifier itself: it must find what is left, agree with a good liquidator, and catch each false report.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { requireFromDevnet } from '../../../chain/contracts/compile.mjs';
import { readExecutorArtifact } from '../../../chain/contracts/deploy.mjs';
import { Sender, mine, playGap, startDevnet } from '../../devnet/devnet.mjs';
import { bruteForce, compareTotals } from './brute_force.mjs';
import { checkReport } from './receipts.mjs';
import { operatorTransactions, readBlocks } from './settled.mjs';

const { parseAbi, parseEventLogs } = requireFromDevnet()('viem');
const poolAbi = parseAbi([
  'event LiquidationCall(address indexed collateral, address indexed debt, address indexed account, uint256 repaid, uint256 seized, address liquidator, bool receiveAToken)',
]);
const minimum = 5n * 10n ** 8n;

let devnet;
let rpc;
let manifest;
let from;
let state;
let operator;
before(async () => {
  devnet = await startDevnet({ borrowers: 80 });
  ({ rpc, manifest } = devnet);
  from = Number(await rpc('eth_blockNumber'));
  state = await rpc('anvil_dumpState');
  await playGap(rpc, manifest);
  operator = await Sender.open(rpc, 'operator');
});
after(() => devnet?.stop());

/** Sends these candidates, mines one block. */
async function liquidate(candidates) {
  for (const { data, account } of candidates) operator.add({ to: manifest.executor, data, gas: 2_000_000, label: account });
  return mine(rpc, await operator.flush());
}

/** A true report of everything the operator did, in the keeper's format. */
async function trueReport() {
  const head = Number(await rpc('eth_blockNumber'));
  const own = await operatorTransactions(rpc, manifest, await readBlocks(rpc, from + 1, head));
  const liquidations = own.map(({ transaction, number, receipt }) => {
    const [{ args }] = parseEventLogs({ abi: poolAbi, logs: receipt.logs, eventName: 'LiquidationCall' });
    const [executed] = parseEventLogs({ abi: readExecutorArtifact().abi, logs: receipt.logs, eventName: 'Executed' });
    const { account, collateral, debt, repaid, seized } = args;
    return {
      hash: transaction.hash, block: number, account, collateral, debt, repaid: `${repaid}`, seized: `${seized}`,
      profits: [{ token: executed.args.profitToken, amount: `${executed.args.profit}` }],
      gas_used: Number(receipt.gasUsed), gas_wei: `${BigInt(receipt.gasUsed) * BigInt(receipt.effectiveGasPrice)}`,
    };
  });
  const gas = liquidations.reduce((total, { gas_wei: wei }) => total + BigInt(wei), 0n);
  return { reverted: 0, gas_wei: `${gas}`, liquidations };
}

test('after a crash there is something left, and a liquidator that idles is found out', async () => {
  const { left, block, tried, accounts } = await bruteForce(rpc, manifest, { minimum });
  assert.equal(accounts, 80);
  assert.ok(tried > 2 * accounts);
  assert.ok(left.length >= 10, `${left.length} left`);
  const { settled, greedy, ratio } = await compareTotals(rpc, manifest, { from, to: block, minimum, state });
  assert.equal(settled.count, 0);
  assert.equal(ratio, 0);
  assert.ok(greedy.count >= left.length);
});

test('a liquidator that takes the best of each account leaves nothing and earns what the independent one earns', async () => {
  let head;
  for (let round = 0; round < 12; round += 1) {
    const { left } = await bruteForce(rpc, manifest, { minimum });
    if (left.length === 0) break;
    const separate = new Map(left.map((candidate) => [`${candidate.collateral}${candidate.debt}`, candidate]).reverse());
    head = await liquidate([...separate.values()]);
  }
  assert.deepEqual((await bruteForce(rpc, manifest, { minimum })).left, []);
  const { settled, ratio } = await compareTotals(rpc, manifest, { from, to: head.number, minimum, state });
  assert.equal(settled.reverted, 0);
  assert.ok(Math.abs(ratio - 1) < 0.02, `ratio ${ratio}`);
});

test('a true report passes', async () => {
  const report = await trueReport();
  assert.ok(report.liquidations.length >= 10);
  assert.deepEqual((await checkReport(rpc, manifest, report)).failures, []);
});

const increase = (text) => `${BigInt(text) + 1n}`;
const lies = {
  'repaid one more': [(one) => { one.repaid = increase(one.repaid); }, /repaid reported/],
  'seized one more': [(one) => { one.seized = increase(one.seized); }, /seized reported/],
  'another account': [(one) => { one.account = one.debt; }, /account reported/],
  'another collateral': [(one) => { one.collateral = one.account; }, /collateral reported/],
  'one wei more profit': [(one) => { one.profits[0].amount = increase(one.profits[0].amount); }, /receiver's .* grew by/],
  'profit in an unknown token': [(one) => { one.profits.push({ token: one.account, amount: '1' }); }, /not in the manifest/],
  'one wei less gas': [(one, report) => {
    one.gas_wei = `${BigInt(one.gas_wei) - 1n}`;
    report.gas_wei = `${BigInt(report.gas_wei) - 1n}`;
  }, /sender's Ether fell by/],
  'a total that does not add up': [(one, report) => { report.gas_wei = increase(report.gas_wei); }, /add up to/],
  'an unknown hash': [(one) => { one.hash = `0x${'00'.repeat(32)}`; }, /no receipt/],
  'another block': [(one) => { one.block -= 1; }, /block reported/],
  'one left out': [(one, report) => { report.liquidations.splice(1, 1); }, /not reported/],
  'nothing at all': [(one, report) => { Object.assign(report, { gas_wei: '0', liquidations: [] }); }, /at least 1 wanted/],
  'one twice': [(one, report) => { report.liquidations.push(one); }, /reported twice/],
};
for (const [name, [tell, pattern]] of Object.entries(lies)) {
  test(`a false report is caught: ${name}`, async () => {
    const report = await trueReport();
    tell(report.liquidations[0], report);
    const { failures } = await checkReport(rpc, manifest, report);
    assert.ok(failures.some((failure) => pattern.test(failure)), failures.join('\n'));
  });
}

test('a reverted transaction and a token left in the Executor are caught', async () => {
  const report = await trueReport();
  operator.add({ to: manifest.executor, data: '0x79585d29', gas: 100_000, label: 'reverts' });
  const { number } = await mine(rpc, await operator.flush(), { mayRevert: true });
  const { failures } = await checkReport(rpc, manifest, report, { from, to: number });
  assert.ok(failures.some((failure) => /: reverted$/.test(failure)), failures.join('\n'));
  const { failures: held } = await checkReport(rpc, { ...manifest, executor: manifest.accounts.rival }, report);
  assert.ok(held.some((failure) => /the Executor held/.test(failure)));
});
