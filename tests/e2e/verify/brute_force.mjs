#!/usr/bin/env node
// SPDX-License-Identifier: Apache-2.0
// What was left to earn, and what could have been earned, found without the keeper: see README.md.
import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { createRpc } from '../../devnet/lib/rpc.mjs';
import { findBorrowers } from './accounts.mjs';
import { betterAmounts } from './amounts.mjs';
import { candidatesOf } from './candidates.mjs';
import { addNet, bestByAccount, callAll } from './evaluate.mjs';
import { greedyTotal } from './greedy.mjs';
import { readAccounts, readMarket } from './market.mjs';
import { settledTotal } from './settled.mjs';

const gwei = 10n ** 9n;
const usage = `usage: brute_force.mjs --manifest FILE --min-profit-usd X [--block NUMBER] [--from-block NUMBER|scenario] [--tip-gwei X] [--tolerance 0.02] [--json]`;

/**
 * Calls the Executor with every account x pair x {max, half, and less where that is better} x (each direct pool, best two pools) at a block (default: the head).
 * Amounts of money are USD with 8 decimals; tip is wei a gas; `permitted({account, collateral, debt})` leaves some out. Answers {block, accounts, tried, passed, left}, where left holds the best
 * candidate of each account whose net value is positive and at least `minimum`.
 */
export async function bruteForce(rpc, manifest, { block = 'latest', minimum = 0n, tip = gwei, permitted = () => true } = {}) {
  const market = await readMarket(rpc, manifest, block);
  const accounts = await findBorrowers(rpc, manifest, market.number);
  const holders = await readAccounts(rpc, manifest, market, accounts);
  const candidates = (await candidatesOf(rpc, manifest, market, holders)).filter(permitted);
  const { passed } = await callAll(rpc, manifest, market, candidates);
  const amounts = await betterAmounts(rpc, manifest, market, passed);
  const valued = await addNet(rpc, manifest, market, amounts, { tip, minimum });
  const left = bestByAccount(valued).filter(({ net }) => net > 0n && net >= minimum);
  return { block: market.number, accounts: accounts.length, tried: candidates.length, passed: passed.length, left };
}

/**
 * What the operator earned in the blocks after `from` up to `to`, beside what the greedy liquidator earns there from the same start.
 * `state` (anvil_dumpState after block `from`) spares reading that start from the node bit by bit.
 * Answers {settled, greedy, ratio}; ratio = settled net / greedy net (undefined if there was nothing to earn).
 */
export async function compareTotals(rpc, manifest, { from, to, minimum = 0n, tip, state, say }) {
  const settled = await settledTotal(rpc, manifest, from + 1, to);
  const accounts = await findBorrowers(rpc, manifest, to);
  const greedy = await greedyTotal(rpc, manifest, { from, to, accounts, minimum, state, say, tip: tip ?? settled.tip ?? gwei });
  return { settled, greedy, ratio: greedy.net === 0n ? undefined : Number(settled.net) / Number(greedy.net) };
}

export const usd = (value) => `${(Number(value) / 1e8).toFixed(2)} USD`;

function symbolOf(manifest, asset) {
  return Object.keys(manifest.tokens).find((symbol) => manifest.tokens[symbol].address.toLowerCase() === asset.toLowerCase()) ?? asset;
}

function printLeft(manifest, found) {
  console.log(`block ${found.block}: ${found.accounts} accounts, ${found.tried} plans tried, ${found.passed} go through, ${found.left.length} worth it`);
  for (const { account, collateral, debt, size, fee, gross, cost, net } of found.left) {
    const pair = `${symbolOf(manifest, collateral)} for ${symbolOf(manifest, debt)}`;
    console.log(`  left: ${account} ${pair}, ${size}, pool ${fee}: gross ${usd(gross)}, gas ${usd(cost)}, net ${usd(net)}`);
  }
}

function printTotals({ settled, greedy, ratio }, tolerance) {
  for (const [name, { count, gross, cost, net }] of [['operator   ', settled], ['independent', greedy]]) {
    console.log(`${name}: ${count} liquidations, gross ${usd(gross)}, gas ${usd(cost)}, net ${usd(net)}`);
  }
  if (ratio !== undefined) console.log(`ratio ${ratio.toFixed(4)}, allowed ${(1 - tolerance).toFixed(4)} to ${(1 + tolerance).toFixed(4)}`);
}

/** The last block before the price gap that was played last. */
function beforeScenario({ scenario }) {
  const first = scenario?.poolBlocks?.[0] ?? scenario?.oracleBlock?.number;
  if (first === undefined) throw new Error('the manifest holds no price gap: give --from-block a number');
  return first - 1;
}

function readOptions(args) {
  const names = ['manifest', 'min-profit-usd', 'block', 'from-block', 'tip-gwei', 'tolerance'];
  const options = { json: { type: 'boolean' }, ...Object.fromEntries(names.map((name) => [name, { type: 'string' }])) };
  const { values } = parseArgs({ args, options });
  const number = (name) => {
    if (values[name] === undefined) return undefined;
    if (!/^\d+(\.\d+)?$/.test(values[name])) throw new Error(`--${name} wants a number, not ${values[name]}`);
    return Number(values[name]);
  };
  if (!values.manifest || number('min-profit-usd') === undefined) throw new Error(usage);
  const tip = number('tip-gwei');
  const manifest = JSON.parse(readFileSync(values.manifest, 'utf8'));
  return {
    manifest,
    minimum: BigInt(Math.round(number('min-profit-usd') * 1e8)),
    block: number('block') ?? 'latest',
    from: values['from-block'] === 'scenario' ? beforeScenario(manifest) : number('from-block'),
    tip: tip === undefined ? undefined : BigInt(Math.round(tip * 1e9)),
    tolerance: number('tolerance') ?? 0.02,
    json: values.json,
  };
}

const plain = (value) => JSON.stringify(value, (key, item) => (typeof item === 'bigint' ? item.toString() : key === 'data' || key === 'way' ? undefined : item));

async function main(args) {
  const { manifest, minimum, block, from, tip, tolerance, json } = readOptions(args);
  const rpc = createRpc(manifest.http);
  const found = await bruteForce(rpc, manifest, { block, minimum, tip });
  if (!json) printLeft(manifest, found);
  let totals;
  if (from !== undefined) {
    totals = await compareTotals(rpc, manifest, { from, to: found.block, minimum, tip, say: json ? undefined : console.log });
    if (!json) printTotals(totals, tolerance);
  }
  if (json) console.log(plain({ ...found, ...totals }));
  const close = totals === undefined || totals.ratio === undefined ? (totals?.settled.net ?? 0n) === 0n : Math.abs(totals.ratio - 1) <= tolerance;
  if (found.left.length === 0 && close) return 0;
  if (!json) console.log(`FAILED: ${[found.left.length > 0 && `${found.left.length} left`, !close && 'totals differ'].filter(Boolean).join(', ')}`);
  return 1;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  main(process.argv.slice(2)).then((code) => {
    process.exitCode = code;
  }, (error) => {
    console.error(error.message);
    process.exitCode = 2;
  });
}
