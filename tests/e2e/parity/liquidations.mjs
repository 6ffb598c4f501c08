// SPDX-License-Identifier: Apache-2.0
// Liquidations as the real pool would do them, against the venue's arithmetic.
import assert from 'node:assert/strict';
import { fileURLToPath } from 'node:url';
import { compileFile, requireFromDevnet } from '../../../chain/contracts/compile.mjs';
import { readContracts } from '../../devnet/devnet.mjs';

const { decodeFunctionResult, encodeFunctionData, parseAbi } = requireFromDevnet()('viem');
const source = fileURLToPath(new URL('contracts/LiquidationHarness.sol', import.meta.url));
const poolAbi = parseAbi(['function getReserveNormalizedIncome(address asset) view returns (uint256)']);
const tokenAbi = parseAbi(['function scaledBalanceOf(address user) view returns (uint256)']);
const ray = 10n ** 27n;
const chunk = 40;

// What a transferred or burnt amount is in scaled units.
const toScaled = { '3.0.2': (amount, index) => (amount * ray + index / 2n) / index, '3.6': (amount, index) => (amount * ray + index - 1n) / index };
const least = (a, b) => (a < b ? a : b);

async function simulate({ devnet, head, harness }, items) {
  const { aave, accounts } = devnet.manifest;
  const data = encodeFunctionData({ abi: harness.abi, functionName: 'run', args: [aave.pool, items] });
  const overrides = { [accounts.rival]: { code: harness.deployedBytecode } };
  const call = { to: accounts.rival, data, gas: '0x80000000' };
  const answer = await devnet.rpc('eth_call', call, { blockHash: head.hash }, overrides);
  return decodeFunctionResult({ abi: harness.abi, functionName: 'run', data: answer });
}

async function incomes({ devnet, head }) {
  const out = new Map();
  for (const { address } of Object.values(devnet.manifest.tokens)) {
    const data = encodeFunctionData({ abi: poolAbi, functionName: 'getReserveNormalizedIncome', args: [address] });
    out.set(address.toLowerCase(), BigInt(await devnet.rpc('eth_call', { to: devnet.manifest.aave.pool, data }, { blockHash: head.hash })));
  }
  return out;
}

const holding = ({ aToken, user }) => `${aToken} ${user}`.toLowerCase();

// Map(aToken and user → scaled balance) of everybody in `items`.
async function balances({ devnet, head }, items) {
  const each = [...new Map(items.map((item) => [holding(item), item])).values()];
  const reads = each.map(({ aToken, user }) => ({ to: aToken, abi: tokenAbi, functionName: 'scaledBalanceOf', args: [user] }));
  const values = await readContracts(devnet.rpc, reads, { block: head.hash });
  return new Map(each.map((item, i) => [holding(item), values[i]]));
}

// The venue's own best quotes of every candidate, and random amounts for the same pairs.
async function drawItems({ probe, devnet, head, random, wanted }) {
  const timestamp = Number(head.timestamp);
  const { accounts } = await probe.ask({ op: 'liquidatable', timestamp });
  const aTokens = new Map(Object.values(devnet.manifest.tokens).map(({ address, aToken }) => [address.toLowerCase(), aToken]));
  const quotes = [];
  for (const account of accounts) quotes.push(...(await probe.ask({ op: 'quotes', account, timestamp })).quotes);
  assert.ok(quotes.length > 0, 'nobody can be liquidated');
  const items = [];
  const add = (quote, cover) => items.push({
    collateral: quote.collateralAsset, aToken: aTokens.get(quote.collateralAsset.toLowerCase()), debt: quote.debtAsset, user: quote.account, cover,
  });
  for (const quote of quotes) {
    add(quote, BigInt(quote.repaid));
    add(quote, 2n ** 256n - 1n);
    add(quote, BigInt(random.integer(1, 3)));
  }
  while (items.length < wanted * 1.3) {
    const quote = random.pick(quotes);
    const share = BigInt(random.integer(1, 1_500_000));
    add(quote, (BigInt(quote.repaid) * share) / 1_000_000n + BigInt(random.integer(0, 1)));
  }
  return { items, quotes };
}

/// Compares at least `wanted` liquidations; answers how many were equal, refused by both sides, with a protocol fee, and cut.
export async function simulateLiquidations({ probe, devnet, head, random, wanted }) {
  const { contracts } = compileFile(source, { optimizer: { enabled: true, runs: 200 }, viaIR: false });
  const context = { devnet, head, harness: contracts.LiquidationHarness };
  const index = await incomes(context);
  const { items, quotes } = await drawItems({ probe, devnet, head, random, wanted });
  const scaled = await balances(context, items);
  const divide = toScaled[devnet.manifest.aave.version];
  const result = { equal: 0, refused: 0, fees: 0, halves: 0, quotes: quotes.length };
  for (let first = 0; first < items.length; first += chunk) {
    const part = items.slice(first, first + chunk);
    const outcomes = await simulate(context, part);
    for (const [i, outcome] of outcomes.entries()) await compare({ probe, head, index, result, quotes, scaled, divide }, part[i], outcome, first + i);
  }
  return result;
}

async function compare({ probe, head, index, result, quotes, scaled, divide }, item, outcome, place) {
  const { liquidation } = await probe.ask({
    op: 'quote', account: item.user, collateral: item.collateral, debt: item.debt, cover: item.cover.toString(), timestamp: Number(head.timestamp),
  });
  const where = `${item.user} ${item.collateral}/${item.debt} cover ${item.cover}`;
  if (!outcome.done) {
    assert.equal(liquidation, null, `the pool refuses, the venue does not: ${where}`);
    result.refused += 1;
    return;
  }
  assert.ok(liquidation, `the venue refuses, the pool does not: ${where}`);
  const same = item.collateral === item.debt;
  const [repaid, seized, fee] = [liquidation.repaid, liquidation.seized, liquidation.fee].map(BigInt);
  // The same asset on both sides shows only the difference.
  assert.equal(same ? BigInt.asIntN(256, outcome.seized) : outcome.seized, same ? repaid - seized : seized, `seized: ${where}`);
  if (!same) assert.equal(outcome.repaid, repaid, `repaid: ${where}`);
  // The pool takes no more than the burn has left.
  const income = index.get(item.collateral.toLowerCase());
  assert.equal(outcome.scaledFee, least(divide(fee, income), scaled.get(holding(item)) - divide(seized, income)), `fee: ${where}`);
  // The first of every three items is the venue's own quote, asked for by its own amount: it must come out as quoted.
  const quote = place % 3 === 0 ? quotes[place / 3] : undefined;
  if (quote && place < quotes.length * 3) {
    assert.deepEqual([quote.repaid, quote.seized, quote.fee].map(BigInt), [repaid, seized, fee], `quote: ${where}`);
  }
  result.equal += 1;
  if (fee > 0n) result.fees += 1;
  if (repaid < item.cover) result.halves += 1;
}
