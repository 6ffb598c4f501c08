// SPDX-License-Identifier: Apache-2.0
// Every flash source with the real contract that lends, and what each callback refuses.
import assert from 'node:assert/strict';
import { dirname, join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { compileFile } from '../../../chain/contracts/compile.mjs';
import { balancerArtifacts } from '../../devnet/deploy/balancer.mjs';
import { morphoArtifact } from '../../devnet/deploy/morpho.mjs';
import { loadArtifact } from '../../devnet/lib/artifacts.mjs';
import { deploy, send, viem } from './chain.mjs';
import { encodedPlan, executorAbi, expectRevert } from './plan.mjs';
import { operator, receiver, startWorld, stranger } from './world.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const plain = { optimizer: { enabled: false }, viaIR: false };
const kinds = { aave: 0, uniswap: 1, balancer: 2, morpho: 3 };
const supply = 10n ** 24n;
const feeShare = 5n * 10n ** 14n; // of the vault's loans, 18 decimals: 0.05 %

let world;
let hostile;
const lenders = {};
before(async () => {
  world = await startWorld();
  hostile = await deployTest('Lenders.sol', 'HostileLender');
  lenders.morpho = await deploy(world.node, world.node.wallet(0), morphoArtifact(), [operator]);
  lenders.balancer = await deployBalancer();
  lenders.uniswap = await deployPool();
  for (const lender of [lenders.morpho, lenders.balancer]) await world.send(world.debt, 'mint', [lender.address, supply]);
});
after(() => world?.stop());

function deployTest(file, name, folder = join(here, 'contracts')) {
  const { contracts } = compileFile(join(folder, file), plain);
  return deploy(world.node, world.node.wallet(0), contracts[name]);
}

const call = (contract, functionName, args = []) => send(world.node, world.node.wallet(0), contract, functionName, args);

async function deployBalancer() {
  const { Vault, ProtocolFeesCollector } = balancerArtifacts();
  const authorizer = await deployTest('Lenders.sol', 'OpenAuthorizer');
  const vault = await deploy(world.node, world.node.wallet(0), Vault, [authorizer.address, world.debt.address, 0, 0]);
  const collector = await world.read(vault, 'getProtocolFeesCollector');
  lenders.collector = { address: collector, abi: ProtocolFeesCollector.abi };
  return vault;
}

/** A pool of the debt token and the collateral, with liquidity of both. */
async function deployPool() {
  const factory = await deploy(world.node, world.node.wallet(0), loadArtifact('core', 'UniswapV3Factory'));
  const actor = await deployTest('PoolActor.sol', 'PoolActor', join(here, '..', 'differential', 'contracts'));
  await call(factory, 'createPool', [world.debt.address, world.collateral.address, 3000]);
  const address = await world.read(factory, 'getPool', [world.debt.address, world.collateral.address, 3000]);
  const pool = { address, abi: loadArtifact('core', 'UniswapV3Pool').abi };
  await call(pool, 'initialize', [2n ** 96n]);
  await call(actor, 'mint', [address, -6000, 6000, 10n ** 22n]);
  return pool;
}

function planFrom(source, fields = {}) {
  return world.plan({ flashSource: kinds[source], flashLender: lenders[source].address, ...fields });
}

/** Runs the plan and checks that the lender has its loan and `fee` back, the receiver `profit`, and the Executor nothing. */
async function settles(plan, profit, fee, feeTaker = plan.flashLender) {
  const token = { ...world.debt, address: plan.flashToken };
  const holders = [plan.flashLender, feeTaker, receiver];
  const before = await Promise.all(holders.map((holder) => world.balance(token, holder)));
  await world.execute({ ...plan, minProfit: profit });
  const gained = await Promise.all(holders.map(async (holder, i) => (await world.balance(token, holder)) - before[i]));
  assert.deepEqual(gained, [feeTaker === plan.flashLender ? fee : 0n, fee, profit]);
  for (const one of [world.debt, world.collateral]) assert.equal(await world.balance(one), 0n);
  assert.equal(await world.read(token, 'allowance', [world.executor.address, plan.flashLender]), 0n);
  await world.refused({ ...plan, minProfit: profit + 1n }, 'ProfitBelowMinimum', [profit, profit + 1n]);
}

test('Morpho lends for nothing', async () => {
  await settles(planFrom('morpho'), 100n, 0n);
});

test('the Balancer V2 vault lends for nothing, or for its fee, rounded up', async () => {
  await settles(planFrom('balancer'), 100n, 0n);
  await call(lenders.collector, 'setFlashLoanFeePercentage', [feeShare]);
  await settles(planFrom('balancer'), 99n, 1n, lenders.collector.address);
  await call(lenders.collector, 'setFlashLoanFeePercentage', [0n]);
});

test('a Uniswap V3 pool lends either of its tokens for its tier, rounded up', async () => {
  await settles(planFrom('uniswap'), 97n, 3n);
  const { debt, collateral } = world;
  const calls = [world.trade(collateral, 1000n, debt, 1100n)];
  await settles(planFrom('uniswap', { flashToken: collateral.address, profitToken: collateral.address, calls, swaps: [world.swap(debt, collateral)] }), 97n, 3n);
});

test('a pool that is locked by its own loan cannot be swapped through', async () => {
  const router = await deploy(world.node, world.node.wallet(0), loadArtifact('periphery', 'SwapRouter'), [await world.read(lenders.uniswap, 'factory'), world.debt.address]);
  const path = viem.encodePacked(['address', 'uint24', 'address'], [world.collateral.address, 3000, world.debt.address]);
  const swaps = [{ ...world.swap(world.collateral, world.debt), router: router.address, path }];
  await world.refused(planFrom('uniswap', { swaps }), 'Error', ['LOK']);
  await world.execute(planFrom('morpho', { swaps }));
});

test('a loan that cannot be paid back undoes everything', async () => {
  const calls = [world.trade(world.debt, 1000n, world.collateral, 500n)];
  for (const source of ['morpho', 'balancer', 'uniswap']) {
    const plan = planFrom(source, { calls });
    await assert.rejects(world.execute(plan), source);
  }
});

const callbacks = {
  uniswap: (plan) => ['uniswapV3FlashCallback', [0n, 0n, encodedPlan(plan)]],
  balancer: (plan) => ['receiveFlashLoan', [[plan.flashToken], [plan.flashAmount], [0n], encodedPlan(plan)]],
  morpho: (plan) => ['onMorphoFlashLoan', [plan.flashAmount, encodedPlan(plan)]],
};
for (const [source, callback] of Object.entries(callbacks)) {
  test(`the callback of ${source} is refused outside of execute, whoever calls`, async () => {
    const plan = planFrom(source);
    const [functionName, args] = callback(plan);
    const data = viem.encodeFunctionData({ abi: executorAbi, functionName, args });
    for (const from of [stranger, operator, plan.flashLender]) {
      await expectRevert(world.node, from, world.executor.address, data, 'NotExecuting');
    }
  });
}

test('a vault that lends to us on behalf of a stranger cannot start a plan', async () => {
  const { debt, executor } = world;
  const args = [executor.address, [debt.address], [1000n], encodedPlan(planFrom('balancer'))];
  const data = viem.encodeFunctionData({ abi: lenders.balancer.abi, functionName: 'flashLoan', args });
  await expectRevert(world.node, stranger, lenders.balancer.address, data, 'NotExecuting');
});

/** A plan that the hostile lender answers as told. */
async function answered(source, { kind = kinds[source], times = 1, altered = false, throughRelay = false, token = world.debt.address, amount = 1000n } = {}) {
  await call(hostile, 'set', [kind, times, altered, throughRelay, token, amount]);
  return world.plan({ flashSource: kinds[source], flashLender: hostile.address });
}

for (const source of Object.keys(kinds)) {
  test(`a lender of the kind ${source} is refused whatever it does wrong`, async () => {
    await world.send(world.debt, 'mint', [world.executor.address, 1000n]); // as if it had lent
    await world.refused(await answered(source, { times: 0 }), 'CallbackMissing', []);
    await world.refused(await answered(source, { times: 2 }), 'PlanMismatch', []);
    await world.refused(await answered(source, { altered: true }), 'PlanMismatch', []);
    await world.refused(await answered(source, { throughRelay: true }), 'NotLender', [await world.read(hostile, 'relay')]);
    for (const kind of Object.values(kinds).filter((one) => one !== kinds[source])) {
      await world.refused(await answered(source, { kind }), 'WrongCallback', [BigInt(kind)]);
    }
    if (source !== 'uniswap') await world.refused(await answered(source, { amount: 999n }), 'LoanMismatch', []);
    if (source === 'aave' || source === 'balancer') {
      await world.refused(await answered(source, { token: world.collateral.address }), 'LoanMismatch', []);
    }
    await world.send(world.executor, 'sweep', [world.debt.address, receiver], 1);
  });
}
