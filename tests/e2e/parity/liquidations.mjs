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

// The venue's own best quotes of every candidate.
async function candidateQuotes({ probe, head }) {
  const timestamp = Number(head.timestamp);
  const { accounts } = await probe.ask({ op: 'liquidatable', timestamp });
  const quotes = [];
  for (const account of accounts) quotes.push(...(await probe.ask({ op: 'quotes', account, timestamp })).quotes);
  assert.ok(quotes.length > 0, 'nobody can be liquidated');
  return quotes;
}

// What the harness is asked: item(quote, cover).
function itemMaker({ manifest: { tokens } }) {
  const aTokens = new Map(Object.values(tokens).map(({ address, aToken }) => [address.toLowerCase(), aToken]));
  return ({ collateralAsset, debtAsset, account }, cover) => {
    return { collateral: collateralAsset, aToken: aTokens.get(collateralAsset.toLowerCase()), debt: debtAsset, user: account, cover };
  };
}

// Three amounts for each quote, its own first; then random ones for the same pairs, without end: from 3.3 on the pool refuses what would leave
// little, which is most of the random amounts where positions are small.
function* drawItems(item, quotes, random) {
  for (const quote of quotes) {
    yield item(quote, BigInt(quote.repaid));
    yield item(quote, 2n ** 256n - 1n);
    yield item(quote, BigInt(random.integer(1, 3)));
  }
  for (;;) {
    const quote = random.pick(quotes);
    const share = BigInt(random.integer(1, 1_500_000));
    yield item(quote, (BigInt(quote.repaid) * share) / 1_000_000n + BigInt(random.integer(0, 1)));
  }
}

function take(count, items) {
  return Array.from({ length: count }, () => items.next().value);
}

/// Compares until `wanted` liquidations went through and each quote was tried, or eight times as many were drawn; answers how many were equal,
/// refused by both sides, with a protocol fee, and cut.
export async function simulateLiquidations({ probe, devnet, head, random, wanted }) {
  const { contracts } = compileFile(source, { optimizer: { enabled: true, runs: 200 }, viaIR: false });
  const context = { devnet, head, harness: contracts.LiquidationHarness };
  const index = await incomes(context);
  const quotes = await candidateQuotes({ probe, head });
  const item = itemMaker(devnet);
  const items = drawItems(item, quotes, random);
  const scaled = await balances(context, quotes.map((quote) => item(quote, 0n)));
  const divide = toScaled[devnet.manifest.aave.version];
  const result = { equal: 0, refused: 0, fees: 0, halves: 0, quotes: quotes.length };
  const enough = (drawn) => (result.equal >= wanted && drawn >= quotes.length * 3) || drawn >= wanted * 8;
  for (let first = 0; !enough(first); first += chunk) {
    const part = take(chunk, items);
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
