// SPDX-License-Identifier: Apache-2.0
// Approvals, leftovers, awkward tokens and the builder's share.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { waitForReceipt } from '../../../chain/contracts/deploy.mjs';
import { deploy, requireArtifact, viem } from './chain.mjs';
import { WHOLE, ZERO, executorAbi } from './plan.mjs';
import { receiver, startWorld, stranger } from './world.mjs';

let world;
let weth;
before(async () => {
  world = await startWorld();
  weth = await deploy(world.node, world.node.wallet(0), requireArtifact('@aave/core-v3/artifacts/contracts/dependencies/weth/WETH9.sol/WETH9.json'));
  const { request } = await world.node.reader.simulateContract({ ...weth, functionName: 'deposit', value: 10n ** 20n, account: world.node.wallet(0).account });
  await waitForReceipt(world.node.reader, await world.node.wallet(0).writeContract(request));
  await world.send(weth, 'transfer', [world.router.address, 10n ** 20n]);
});
after(() => world?.stop());

const allowance = (token, spender) => world.read(token, 'allowance', [world.executor.address, spender.address]);

async function gained(token, plan) {
  const before = await world.balance(token, receiver);
  await world.execute(plan);
  return (await world.balance(token, receiver)) - before;
}

/** Every approval of `token` that the Executor gave in this transaction, as [spender, value]. */
function approvals(token, receipt) {
  const logs = receipt.logs.filter((log) => viem.isAddressEqual(log.address, token.address));
  const events = viem.parseEventLogs({ abi: token.abi, logs, eventName: 'Approval' });
  return events.map(({ args }) => [args.spender, args.value]);
}

for (const kind of [0, 1]) test(`approvals are exact, and what is left of them is taken back: router of kind ${kind}`, async () => {
  await world.send(world.router, 'setUnused', [3n]);
  const calls = [world.trade(world.debt, 900n, world.collateral, 1100n, 1000n)];
  const plan = world.plan({ calls, swaps: [world.swap(world.collateral, world.debt, WHOLE, kind)] });
  const receipt = await world.execute(plan);
  const [venue, router, lender] = [world.venue.address, world.router.address, world.lender.address];
  assert.deepEqual(approvals(world.debt, receipt), [[venue, 1000n], [venue, 0n], [lender, 1001n]]);
  assert.deepEqual(approvals(world.collateral, receipt), [[router, 1100n], [router, 0n]]);
  await world.send(world.router, 'setUnused', [0n]);
  assert.equal(await world.balance(world.collateral), 0n);
});

test('a whole approval is the balance held, not more', async () => {
  const plan = world.plan({ calls: [world.trade(world.debt, 900n, world.collateral, 1100n, WHOLE)] });
  const receipt = await world.execute(plan);
  assert.deepEqual(approvals(world.debt, receipt)[0], [world.venue.address, 1000n]);
});

test('what the plan did not swap goes to the receiver', async () => {
  const swaps = [world.swap(world.collateral, world.debt, 1020n)];
  const collateralBefore = await world.balance(world.collateral, receiver);
  assert.equal(await gained(world.debt, world.plan({ swaps })), 19n);
  assert.equal((await world.balance(world.collateral, receiver)) - collateralBefore, 80n);
  assert.equal(await world.balance(world.collateral), 0n);
});

test('a swap of nothing only returns the token it names', async () => {
  const bonus = await world.token('plain');
  const calls = [...world.plan().calls, { ...world.trade(world.debt, 0n, bonus, 7n), approveToken: ZERO }];
  const keep = { ...world.swap(bonus, bonus, 0n), path: bonus.address };
  assert.equal(await gained(bonus, world.plan({ calls, swaps: [world.swap(world.collateral, world.debt), keep] })), 7n);
  assert.equal(await world.balance(bonus), 0n);
});

test('an approved token that is not the flash token is returned too', async () => {
  const other = await world.token('plain');
  await world.send(other, 'mint', [world.executor.address, 9n]);
  const calls = [...world.plan().calls, world.trade(other, 4n, world.debt, 0n)];
  assert.equal(await gained(other, world.plan({ calls })), 5n);
});

test('a last swap of the flash token sells just what is above the repayment', async () => {
  const profitToken = await world.token('plain');
  const swaps = [world.swap(world.collateral, world.debt), world.swap(world.debt, profitToken)];
  assert.equal(await gained(profitToken, world.plan({ swaps, profitToken: profitToken.address, minProfit: 99n })), 99n);
  await world.refused(world.plan({ swaps, profitToken: profitToken.address, minProfit: 100n }), 'ProfitBelowMinimum', [99n, 100n]);
});

test('flash tokens that are left when the profit is another token are returned', async () => {
  const profitToken = await world.token('plain');
  const swaps = [world.swap(world.collateral, world.debt), world.swap(world.debt, profitToken, 50n)];
  assert.equal(await gained(world.debt, world.plan({ swaps, profitToken: profitToken.address, minProfit: 50n })), 49n);
  assert.equal(await world.balance(profitToken, receiver), 50n);
  assert.equal(await world.balance(world.debt), 0n);
});

test('what a swap brings in a third token is returned', async () => {
  const third = await world.token('plain');
  const swaps = [world.swap(world.collateral, third, 40n), world.swap(world.collateral, world.debt)];
  assert.equal(await gained(third, world.plan({ swaps, minProfit: 59n })), 40n);
  assert.equal(await world.balance(third), 0n);
});

test('collateral equal to debt needs no swap', async () => {
  const calls = [world.trade(world.debt, 1000n, world.debt, 1100n)];
  assert.equal(await gained(world.debt, world.plan({ calls, swaps: [] })), 99n);
});

test('USDT-like tokens as debt and as collateral', async () => {
  const usdt = await world.token('usdt');
  const debtPlan = world.plan({
    flashToken: usdt.address,
    profitToken: usdt.address,
    calls: [world.trade(usdt, 900n, world.collateral, 1100n, 1000n)],
    swaps: [world.swap(world.collateral, usdt)],
  });
  assert.equal(await gained(usdt, debtPlan), 199n);
  const collateralPlan = world.plan({ calls: [world.trade(world.debt, 1000n, usdt, 1100n)], swaps: [world.swap(usdt, world.debt)] });
  assert.equal(await gained(world.debt, collateralPlan), 99n);
  for (const spender of [world.venue, world.router, world.lender]) assert.equal(await allowance(usdt, spender), 0n);
});

test('an allowance left by an earlier operator is cleared first', async () => {
  const usdt = await world.token('usdt');
  await world.send(usdt, 'setAllowance', [world.executor.address, world.router.address, 1n]);
  const plan = world.plan({ calls: [world.trade(world.debt, 1000n, usdt, 1100n)], swaps: [world.swap(usdt, world.debt)] });
  assert.equal(await gained(world.debt, plan), 99n);
  assert.equal(await allowance(usdt, world.router), 0n);
});

test('a token that answers false is refused', async () => {
  const liar = await world.token('answersFalse');
  const calls = [world.trade(world.debt, 1000n, liar, 1100n)];
  await world.refused(world.plan({ calls, swaps: [world.swap(liar, world.debt)] }), 'TokenCallFailed', [liar.address]);
  const keep = { ...world.swap(liar, liar, 0n), path: liar.address };
  const calls2 = [world.trade(world.debt, 900n, liar, 1n)];
  await world.refused(world.plan({ calls: calls2, swaps: [keep] }), 'NotEnough', [], { abi: liar.abi });
});

test('a token without code is refused', async () => {
  const calls = [{ ...world.call(world.venue, 'trade', [ZERO, 0n, ZERO, 0n]), approveToken: stranger, approveAmount: 1n }];
  await world.refused(world.plan({ calls }), 'TokenCallFailed', [stranger]);
});

test('a token that takes a fee on transfer undoes everything', async () => {
  const taxed = await world.token('charges');
  const calls = [world.trade(taxed, 900n, taxed, 1100n, 1000n)];
  const plan = world.plan({ flashToken: taxed.address, profitToken: taxed.address, flashAmount: 1000n, swaps: [] });
  await world.refused({ ...plan, calls: [world.trade(taxed, 1000n, taxed, 1100n)] }, 'NotEnough', [], { abi: taxed.abi });
  assert.equal(await gained(taxed, { ...plan, calls }), 177n);
});

test('the builder gets its share of what is above the minimum, in Ether', async () => {
  const coinbase = '0x00000000000000000000000000000000000cafe3';
  await world.node.test.setCoinbase({ address: coinbase });
  const swaps = [world.swap(world.collateral, world.debt), world.swap(world.debt, weth)];
  const plan = world.plan({ swaps, profitToken: weth.address, minProfit: 19n, builderShareBps: 2500 });
  const [paidBefore, keptBefore] = [await world.node.reader.getBalance({ address: coinbase }), await world.balance(weth, receiver)];
  const receipt = await world.execute(plan);
  const tip = receipt.gasUsed * (receipt.effectiveGasPrice - (await world.node.reader.getBlock({ blockNumber: receipt.blockNumber })).baseFeePerGas);
  assert.equal((await world.node.reader.getBalance({ address: coinbase })) - paidBefore - tip, 20n);
  assert.equal((await world.balance(weth, receiver)) - keptBefore, 79n);
  assert.equal(await world.node.reader.getBalance({ address: world.executor.address }), 0n);
  const [event] = viem.parseEventLogs({ abi: executorAbi, logs: receipt.logs, eventName: 'Executed' });
  assert.deepEqual(event.args, { profitToken: weth.address, profit: 79n, builderPaid: 20n });
});

test('a whole share leaves the receiver its minimum', async () => {
  const swaps = [world.swap(world.collateral, world.debt), world.swap(world.debt, weth)];
  const plan = world.plan({ swaps, profitToken: weth.address, minProfit: 98n, builderShareBps: 10_000 });
  assert.equal(await gained(weth, plan), 98n);
  assert.equal(await gained(weth, { ...plan, minProfit: 99n }), 99n);
});

test('a builder that refuses Ether, or a profit that is not wrapped Ether, undoes everything', async () => {
  const refuser = await world.make('Refuser');
  await world.node.test.setCoinbase({ address: refuser.address });
  await world.node.test.mine({ blocks: 1 });
  const swaps = [world.swap(world.collateral, world.debt), world.swap(world.debt, weth)];
  await world.refused(world.plan({ swaps, profitToken: weth.address, builderShareBps: 5000 }), 'BuilderPaymentFailed', []);
  await world.node.test.setCoinbase({ address: stranger });
  await assert.rejects(world.execute(world.plan({ builderShareBps: 5000 })));
});
