// SPDX-License-Identifier: Apache-2.0
// The Executor against the real Aave V3 and Uniswap V3 of the devnet, through both of Uniswap's routers.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Sender, mine, playGap, startDevnet } from '../../devnet/devnet.mjs';
import { readAccounts, readMarket } from '../verify/market.mjs';
import { connect, viem } from './chain.mjs';
import { WHOLE, ZERO, encodedPlan, executorAbi, expectRevert, makePlan, pathOf } from './plan.mjs';

const tokenAbi = viem.parseAbi(['function balanceOf(address) view returns (uint256)', 'function allowance(address, address) view returns (uint256)']);
const poolAbi = viem.parseAbi([
  'function liquidationCall(address, address, address, uint256, bool)',
  'function flashLoanSimple(address, address, uint256, bytes, uint16)',
  'event LiquidationCall(address indexed collateral, address indexed debt, address indexed user, uint256 repaid, uint256 seized, address liquidator, bool receiveAToken)',
]);
const poolErrors = viem.parseAbi(['error HealthFactorNotBelowThreshold()']);
const wethAbi = viem.parseAbi(['function deposit() payable', 'function transfer(address, uint256) returns (bool)']);
const quoterAbi = viem.parseAbi([
  'function quoteExactOutputSingle((address tokenIn, address tokenOut, uint256 amount, uint24 fee, uint160 sqrtPriceLimitX96)) returns (uint256, uint160, uint32, uint256)',
]);

let devnet;
let node;
let operator;
let manifest;
before(async () => {
  devnet = await startDevnet({ borrowers: 300 });
  manifest = devnet.manifest;
  node = connect(devnet.node.http);
  operator = await Sender.open(devnet.rpc, 'operator');
  await playGap(devnet.rpc, manifest);
});
after(() => devnet?.stop());

const symbolOf = (asset) => Object.keys(manifest.tokens).find((symbol) => viem.isAddressEqual(manifest.tokens[symbol].address, asset));
const balance = (token, holder) => node.reader.readContract({ address: token, abi: tokenAbi, functionName: 'balanceOf', args: [holder] });

/** Positions of all borrowers at the head: [{account, health, collateral, debt, owed, fees}], one for each pair. */
async function positions() {
  const market = await readMarket(devnet.rpc, manifest);
  const holders = await readAccounts(devnet.rpc, manifest, market, manifest.borrowers);
  const pairs = holders.flatMap(({ account, health, collaterals, debts }) =>
    collaterals.flatMap((collateral) => debts.map((debt) => ({
      account, health, collateral: collateral.asset, debt: debt.asset, owed: debt.balance, legs: collaterals.length + debts.length,
      fees: market.tiersOf(collateral.asset, debt.asset),
    }))));
  return pairs;
}

function liquidationPlan({ account, health, collateral, debt, owed, fees }, fields = {}) {
  // All of a debt is that and the interest until the block: what the pool does not take stays with the loan.
  const flashAmount = health > 95n * 10n ** 16n ? owed / 2n : owed + owed / 10_000n;
  const args = [collateral, debt, account, flashAmount, false];
  const data = viem.encodeFunctionData({ abi: poolAbi, functionName: 'liquidationCall', args });
  const path = fees.length === 0 ? null : pathOf(collateral, fees[0], debt);
  return makePlan({
    flashLender: manifest.aave.pool,
    flashToken: debt,
    flashAmount,
    calls: [{ target: manifest.aave.pool, approveToken: debt, approveAmount: flashAmount, data }],
    swaps: path === null ? [] : [{ kind: 0, router: manifest.uniswap.router, tokenIn: collateral, amountIn: WHOLE, path }],
    ...fields,
  });
}

/** The pool's refusal to liquidate the healthy comes back as it is. */
function expectHealthy(plan) {
  const refusal = manifest.aave.version === '3.0.2' ? ['Error', ['45']] : ['HealthFactorNotBelowThreshold', []];
  return expectRevert(node, operator.address, manifest.executor, executeData(plan), ...refusal, poolErrors);
}

const executeData = (plan) => viem.encodeFunctionData({ abi: executorAbi, functionName: 'execute', args: [plan] });

function call(plan) {
  return node.reader.readContract({ account: operator.address, address: manifest.executor, abi: executorAbi, functionName: 'execute', args: [plan] });
}

/** The first of `pairs` that a plan can liquidate with a profit of at least a dollar. */
async function firstProfitable(pairs, fields = () => ({})) {
  for (const pair of pairs) {
    const plan = liquidationPlan(pair, fields(pair));
    const profit = await call(plan).catch(() => 0n);
    const { decimals } = manifest.tokens[symbolOf(plan.profitToken)];
    if (profit > 10n ** BigInt(decimals) || (decimals === 18 && profit > 10n ** 15n)) return { pair, plan, profit };
  }
  throw new Error(`none of ${pairs.length} pairs can be liquidated with a profit`);
}

async function execute(plan) {
  operator.add({ to: manifest.executor, data: executeData(plan), gas: 3_000_000, label: 'execute' });
  const [sent] = await operator.flush();
  const block = await mine(devnet.rpc, [sent]);
  return block.receipts.find(({ transactionHash }) => transactionHash === sent.hash);
}

/**
 * Executes the plan and asserts that the receiver gets all and the Executor keeps nothing, not even an allowance. `unsold` is a token of which the
 * plan leaves some. Answers what the Executor's event says, the receipt, and the receiver's gain of `unsold`.
 */
async function executeAndCheck(t, { pair, plan }, unsold) {
  const tokens = Object.values(manifest.tokens).map(({ address }) => address);
  const { receiver } = manifest.accounts;
  const receiverBefore = await Promise.all(tokens.map((token) => balance(token, receiver)));
  const receipt = await execute(plan);
  const gains = await Promise.all(tokens.map(async (token, i) => (await balance(token, receiver)) - receiverBefore[i]));
  const [event] = viem.parseEventLogs({ abi: executorAbi, logs: receipt.logs, eventName: 'Executed' });
  tokens.forEach((token, i) => {
    if (token === unsold) assert.ok(gains[i] > 0n, symbolOf(token));
    else assert.equal(gains[i], viem.isAddressEqual(token, plan.profitToken) ? event.args.profit : 0n, symbolOf(token));
  });
  assert.ok(event.args.profit > 0n);
  for (const token of tokens) {
    assert.equal(await balance(token, manifest.executor), 0n);
    for (const spender of [manifest.aave.pool, manifest.uniswap.router, manifest.uniswap.router02]) {
      assert.equal(await node.reader.readContract({ address: token, abi: tokenAbi, functionName: 'allowance', args: [manifest.executor, spender] }), 0n);
    }
  }
  const [liquidation] = viem.parseEventLogs({ abi: poolAbi, logs: receipt.logs, eventName: 'LiquidationCall' });
  assert.equal(liquidation.args.user, pair.account);
  t.diagnostic(`${symbolOf(pair.collateral)} for ${symbolOf(pair.debt)}: ${Number(receipt.gasUsed)} gas`);
  return { ...event.args, receipt, left: gains[tokens.indexOf(unsold)] };
}

const swapAbi = viem.parseAbi([
  'event Swap(address indexed sender, address indexed recipient, int256 amount0, int256 amount1, uint160 sqrtPriceX96, uint128 liquidity, int24 tick)',
]);

/** Who called the pools, one for each swap of the receipt. */
const sellers = (receipt) => viem.parseEventLogs({ abi: swapAbi, logs: receipt.logs, eventName: 'Swap' }).map(({ args }) => args.sender);

/** The same plan with its swaps made by SwapRouter02. */
const through02 = (plan) => ({ ...plan, swaps: plan.swaps.map((swap) => ({ ...swap, kind: 1, router: manifest.uniswap.router02 })) });

const below = ({ health }) => health < 10n ** 18n;

test('a liquidation with one swap', async (t) => {
  const { WETH, USDC } = manifest.tokens;
  const pairs = (await positions()).filter((pair) => below(pair) && pair.collateral === WETH.address && pair.debt === USDC.address);
  const chosen = await firstProfitable(pairs);
  await executeAndCheck(t, { ...chosen, plan: { ...chosen.plan, minProfit: chosen.profit / 2n } });
});

test('whoever comes second gets the refusal of the pool', async (t) => {
  // Between 0.90 and 0.95 the whole debt can be repaid, and the collateral is enough for all of it.
  const [low, high] = [90n * 10n ** 16n, 95n * 10n ** 16n];
  const whole = (await positions()).filter(({ health, legs }) => health > low && health < high && legs === 2);
  const chosen = await firstProfitable(whole);
  await executeAndCheck(t, chosen);
  await expectHealthy(chosen.plan);
});

test('a minimum profit above what the market gives undoes everything', async () => {
  const pairs = await positions();
  const { plan, profit } = await firstProfitable(pairs.filter(below));
  const wanted = 2n * profit;
  await expectRevert(node, operator.address, manifest.executor, executeData({ ...plan, minProfit: wanted }), 'ProfitBelowMinimum', [profit, wanted]);
});

test('a debt in a token that returns nothing', async (t) => {
  const pairs = await positions();
  await executeAndCheck(t, await firstProfitable(pairs.filter((pair) => below(pair) && pair.debt === manifest.tokens.USDT.address)));
});

test('two hops out of the collateral', async (t) => {
  const pairs = await positions();
  const { WETH, USDC } = manifest.tokens;
  const twoHops = ({ collateral, debt }) => {
    const path = pathOf(collateral, 500, WETH.address, 500, debt);
    return { swaps: [{ kind: 0, router: manifest.uniswap.router, tokenIn: collateral, amountIn: WHOLE, path }] };
  };
  const chosen = pairs.filter((pair) => below(pair) && pair.collateral === manifest.tokens.wstETH.address && pair.debt === USDC.address);
  await executeAndCheck(t, await firstProfitable(chosen, twoHops));
});

test('through SwapRouter02, one hop: exactly what the classic router would bring', async (t) => {
  const { WETH, USDC } = manifest.tokens;
  const pairs = (await positions()).filter((pair) => below(pair) && pair.collateral === WETH.address && pair.debt === USDC.address);
  const { pair, plan, profit } = await firstProfitable(pairs);
  const same = through02(plan);
  assert.equal(await call(same), profit);
  const [classic, newer] = await Promise.all([plan, same].map((one) => node.reader.estimateGas({ account: operator.address, to: manifest.executor, data: executeData(one) })));
  t.diagnostic(`SwapRouter02 takes ${newer - classic} gas more than the classic router's ${classic}`);
  assert.ok(newer < classic + classic / 20n, 'what is expected of one router holds for the other');
  await expectRevert(node, operator.address, manifest.executor, executeData({ ...same, minProfit: profit + 1n }), 'ProfitBelowMinimum', [profit, profit + 1n]);
  for (const wrong of [{ ...plan.swaps[0], kind: 1 }, { ...same.swaps[0], kind: 0 }]) await assert.rejects(call({ ...plan, swaps: [wrong] }), /revert/);
  const { receipt } = await executeAndCheck(t, { pair, plan: { ...same, minProfit: profit / 2n } });
  assert.deepEqual(sellers(receipt), [manifest.uniswap.router02]);
});

test('through SwapRouter02, two hops', async (t) => {
  const { WETH, WBTC, USDC, USDT, DAI } = manifest.tokens;
  const debts = [USDC, USDT, DAI].map(({ address }) => address);
  const chosen = (await positions()).filter((pair) => below(pair) && pair.collateral === WBTC.address && debts.includes(pair.debt));
  const twoHops = ({ collateral, debt }) => {
    const path = pathOf(collateral, 500, WETH.address, 500, debt);
    return through02({ swaps: [{ tokenIn: collateral, amountIn: WHOLE, path }] });
  };
  const { receipt } = await executeAndCheck(t, await firstProfitable(chosen, twoHops));
  assert.deepEqual(sellers(receipt), [manifest.uniswap.router02, manifest.uniswap.router02]);
});

test('through SwapRouter02: what is not sold goes to the receiver, and a swap of nothing does not touch what the router holds', async (t) => {
  const { WETH, USDC } = manifest.tokens;
  const { router02 } = manifest.uniswap;
  const stray = 10n ** 15n;
  operator.add({ to: WETH.address, data: viem.encodeFunctionData({ abi: wethAbi, functionName: 'deposit' }), value: stray, gas: 100_000, label: 'deposit' });
  operator.add({ to: WETH.address, data: viem.encodeFunctionData({ abi: wethAbi, functionName: 'transfer', args: [router02, stray] }), gas: 100_000, label: 'transfer' });
  await mine(devnet.rpc, await operator.flush());
  assert.equal(await balance(WETH.address, router02), stray);

  // Half of the debt may always be repaid, and all of that half is.
  const chosen = (await positions()).filter((pair) => below(pair) && pair.legs === 2 && pair.collateral === WETH.address && pair.debt === USDC.address);
  const { pair, plan } = await firstProfitable(chosen.map((one) => ({ ...one, health: 10n ** 18n })));
  const [swap] = through02(plan).swaps;
  // Sell what brings a little more than the loan and its premium.
  const params = { tokenIn: pair.collateral, tokenOut: pair.debt, amount: (plan.flashAmount * 1002n) / 1000n, fee: pair.fees[0], sqrtPriceLimitX96: 0n };
  const quoted = await node.reader.simulateContract({ address: manifest.uniswap.quoter, abi: quoterAbi, functionName: 'quoteExactOutputSingle', args: [params] });
  const amountIn = quoted.result[0];
  const swaps = [{ ...swap, amountIn }, { ...swap, amountIn: 0n }];
  const { receipt, left } = await executeAndCheck(t, { pair, plan: { ...plan, swaps } }, WETH.address);
  assert.deepEqual(sellers(receipt), [router02]);
  const [liquidation] = viem.parseEventLogs({ abi: poolAbi, logs: receipt.logs, eventName: 'LiquidationCall' });
  assert.equal(left, liquidation.args.seized - amountIn);
  assert.equal(await balance(WETH.address, router02), stray);
});

test('a profit in wrapped Ether, a quarter of it for the builder', async (t) => {
  const pairs = await positions();
  const { WETH } = manifest.tokens;
  const inEther = (pair) => {
    const swaps = [
      ...liquidationPlan(pair).swaps,
      { kind: 0, router: manifest.uniswap.router, tokenIn: pair.debt, amountIn: WHOLE, path: pathOf(pair.debt, 500, WETH.address) },
    ];
    return { swaps, profitToken: WETH.address, builderShareBps: 2500 };
  };
  const chosen = pairs.filter((pair) => below(pair) && pair.collateral === WETH.address && pair.debt !== WETH.address);
  const { profit, builderPaid } = await executeAndCheck(t, await firstProfitable(chosen, inEther));
  assert.equal(builderPaid, (profit + builderPaid) / 4n);
});

test("a healthy account: the pool's own refusal comes back", async () => {
  const pairs = await positions();
  const healthy = pairs.find((pair) => pair.health > 11n * 10n ** 17n && pair.fees.length > 0);
  await expectHealthy(liquidationPlan(healthy));
});

test('a loan of the real pool that somebody else takes for the Executor starts nothing', async () => {
  const pairs = await positions();
  const { plan } = await firstProfitable(pairs.filter(below));
  const args = [manifest.executor, plan.flashToken, plan.flashAmount, encodedPlan(plan), 0];
  const data = viem.encodeFunctionData({ abi: poolAbi, functionName: 'flashLoanSimple', args });
  for (const from of [manifest.accounts.rival, manifest.accounts.operator]) {
    await expectRevert(node, from, manifest.aave.pool, data, 'NotExecuting', []);
  }
});

test('a callback straight from a stranger starts nothing', async () => {
  const pairs = await positions();
  const { plan } = await firstProfitable(pairs.filter(below));
  const args = [plan.flashToken, plan.flashAmount, 0n, manifest.executor, encodedPlan(plan)];
  const data = viem.encodeFunctionData({ abi: executorAbi, functionName: 'executeOperation', args });
  await expectRevert(node, manifest.accounts.rival, manifest.executor, data, 'NotExecuting', []);
});

test('collateral equal to debt needs no swap', async (t) => {
  const { timestamp } = await node.reader.getBlock();
  await mine(devnet.rpc, [], { timestamp: timestamp + 3n * 365n * 86_400n });
  const pairs = await positions();
  const loops = pairs.filter((pair) => below(pair) && pair.collateral === pair.debt);
  await executeAndCheck(t, await firstProfitable(loops));
});
