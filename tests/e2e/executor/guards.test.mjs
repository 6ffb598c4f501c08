// SPDX-License-Identifier: Apache-2.0
// Who may execute, until when, and whose callbacks are accepted.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { viem } from './chain.mjs';
import { ZERO, encodedPlan, executorAbi, expectRevert } from './plan.mjs';
import { manners, operator, owner, receiver, startWorld, stranger } from './world.mjs';

let world;
before(async () => {
  world = await startWorld();
});
after(() => world?.stop());

const executeData = (plan) => viem.encodeFunctionData({ abi: executorAbi, functionName: 'execute', args: [plan] });

test('an honest plan pays the receiver and leaves nothing behind', async () => {
  const before = await world.balance(world.debt, receiver);
  const receipt = await world.execute(world.plan({ minProfit: 99n }));
  assert.equal((await world.balance(world.debt, receiver)) - before, 99n);
  assert.equal(await world.balance(world.debt), 0n);
  assert.equal(await world.balance(world.collateral), 0n);
  for (const spender of [world.venue, world.router, world.lender]) {
    assert.equal(await world.read(world.debt, 'allowance', [world.executor.address, spender.address]), 0n);
  }
  const [event] = viem.parseEventLogs({ abi: executorAbi, logs: receipt.logs, eventName: 'Executed' });
  assert.deepEqual(event.args, { profitToken: world.debt.address, profit: 99n, builderPaid: 0n });
});

test('two plans can share one transaction of an operator contract, and none can nest', async () => {
  const caller = await world.make('Caller');
  await world.send(world.executor, 'setOperator', [caller.address], 1);
  const inner = executeData(world.plan());
  const nested = world.plan({
    calls: [world.call(caller, 'forward', [world.executor.address, inner]), ...world.plan().calls],
  });
  await expectRevert(world.node, stranger, caller.address, world.call(caller, 'forward', [world.executor.address, executeData(nested)]).data, 'Reentered');
  const before = await world.balance(world.debt, receiver);
  await world.send(caller, 'forwardTwice', [world.executor.address, inner]);
  assert.equal((await world.balance(world.debt, receiver)) - before, 198n);
  await world.send(world.executor, 'setOperator', [operator], 1);
});

test('only the operator executes', async () => {
  for (const from of [stranger, owner, receiver]) {
    await world.refused(world.plan(), 'NotOperator', [], { from });
  }
});

test('the last block is the last one in which a plan runs', async () => {
  const head = await world.node.reader.getBlockNumber();
  await world.refused(world.plan({ lastBlock: head - 1n }), 'DeadlinePassed', [head, head - 1n]);
  await world.execute(world.plan({ lastBlock: head + 1n }));
  const next = head + 1n;
  await world.refused(world.plan({ lastBlock: head }), 'DeadlinePassed', [next, head]);
});

test('profit below the minimum undoes everything', async () => {
  await world.refused(world.plan({ minProfit: 100n }), 'ProfitBelowMinimum', [99n, 100n]);
  const loss = world.plan({ calls: [world.trade(world.debt, 1000n, world.collateral, 1000n)] });
  await world.refused(loss, 'NotEnough', [], { abi: world.debt.abi });
});

test('a builder share above the whole is refused', async () => {
  await world.refused(world.plan({ builderShareBps: 10_001 }), 'BuilderShareTooHigh', [10_001n]);
});

test('unknown kinds of flash source and of swap are refused', async () => {
  for (const kind of [4, 5, 255]) {
    await world.refused(world.plan({ flashSource: kind }), 'UnknownFlashSource', [BigInt(kind)]);
  }
  for (const kind of [2, 3, 255]) {
    const swaps = [{ ...world.swap(world.collateral, world.debt), kind }];
    await world.refused(world.plan({ swaps }), 'UnknownSwapKind', [BigInt(kind)]);
  }
});

test('a callback outside execute is refused, whoever calls', async () => {
  const data = world.callback(world.plan());
  for (const from of [stranger, operator, owner, world.lender.address]) {
    await expectRevert(world.node, from, world.executor.address, data, 'NotExecuting');
  }
});

test('a lender that serves somebody else cannot start a plan here', async () => {
  const args = [world.executor.address, world.debt.address, 1000n, encodedPlan(world.plan()), 0];
  const { data } = world.call(world.lender, 'flashLoanSimple', args);
  await expectRevert(world.node, operator, world.lender.address, data, 'NotExecuting');
});

const mannerErrors = [
  ['noCallback', 'CallbackMissing', []],
  ['alteredPlan', 'PlanMismatch', []],
  ['twice', 'PlanMismatch', []],
];
for (const [manner, name, args] of mannerErrors) {
  test(`a lender is refused that is at fault: ${manner}`, async () => {
    await world.send(world.lender, 'setManner', [manners[manner]]);
    await world.refused(world.plan(), name, args);
    await world.send(world.lender, 'setManner', [manners.honest]);
  });
}

test('a callback for another borrower, or through another contract, is refused', async () => {
  await world.send(world.lender, 'setManner', [manners.foreignInitiator]);
  await world.refused(world.plan(), 'NotInitiator', [world.lender.address]);
  await world.send(world.lender, 'setManner', [manners.throughAnother]);
  await world.refused(world.plan(), 'NotLender', [await world.read(world.lender, 'another')]);
  await world.send(world.lender, 'setManner', [manners.honest]);
});

test('what the lender leaves of its approval is taken back', async () => {
  await world.send(world.lender, 'setManner', [manners.pullsLess]);
  await world.execute(world.plan({ minProfit: 100n }));
  assert.equal(await world.read(world.debt, 'allowance', [world.executor.address, world.lender.address]), 0n);
  await world.send(world.lender, 'setManner', [manners.honest]);
});

test("a venue's refusal comes back as the venue said it", async () => {
  const custom = world.plan({ calls: [world.call(world.venue, 'refuse')] });
  await world.refused(custom, 'Healthy', [42n], { abi: world.venue.abi });
  const words = world.plan({ calls: [world.call(world.venue, 'refuseInWords')] });
  await world.refused(words, 'Error', ['45']);
});

test('a call to an address without code is refused', async () => {
  const call = { target: stranger, approveToken: ZERO, approveAmount: 0n, data: '0x1234' };
  await world.refused(world.plan({ calls: [call] }), 'NotAContract', [stranger]);
});

test('a flash loan of nothing is fine, and profits nothing', async () => {
  const plan = world.plan({ flashAmount: 0n, calls: [] });
  await world.execute(plan);
  await world.refused({ ...plan, minProfit: 1n }, 'ProfitBelowMinimum', [0n, 1n]);
});

test('a token that calls out in the middle can neither execute nor call back', async () => {
  const { collateral, executor } = world;
  await world.send(collateral, 'setHook', [executor.address, executeData(world.plan())]);
  await world.refused(world.plan(), 'NotOperator', []);
  await world.send(collateral, 'setHook', [executor.address, world.callback(world.plan())]);
  await world.refused(world.plan(), 'PlanMismatch', []);
  await world.send(collateral, 'setHook', [ZERO, '0x']);
});

test('a flash token that calls back while it is lent out is not the lender', async () => {
  const plan = world.plan();
  await world.send(world.debt, 'setHook', [world.executor.address, world.callback(plan)]);
  await world.refused(plan, 'NotLender', [world.debt.address]);
  const again = [world.executor.address, world.debt.address, 1000n, encodedPlan(plan), 0];
  const { data } = world.call(world.lender, 'flashLoanSimple', again);
  await world.send(world.debt, 'setHook', [world.lender.address, data]);
  await world.refused(plan, 'NotInitiator', [world.debt.address]);
  await world.send(world.debt, 'setHook', [ZERO, '0x']);
});
