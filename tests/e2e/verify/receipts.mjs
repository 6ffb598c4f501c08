#!/usr/bin/env node
// SPDX-License-Identifier: Apache-2.0
// Does the chain confirm what the keeper reported? See README.md.
import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { requireFromDevnet } from '../../../chain/contracts/compile.mjs';
import { createRpc, toHex } from '../../devnet/lib/rpc.mjs';
import { readContracts } from '../../devnet/lib/multicall.mjs';
import { operatorTransactions, readBlocks } from './settled.mjs';

const { isAddressEqual, parseAbi, parseEventLogs } = requireFromDevnet()('viem');
const tokenAbi = parseAbi(['function balanceOf(address) view returns (uint256)']);
const poolAbi = parseAbi([
  'event LiquidationCall(address indexed collateralAsset, address indexed debtAsset, address indexed user, uint256 debtToCover, uint256 liquidatedCollateralAmount, address liquidator, bool receiveAToken)',
]);
const usage = 'usage: receipts.mjs --manifest FILE --report FILE [--at-least N] [--from-block NUMBER] [--to-block NUMBER]';

/** Balances of `holder` in every token of the manifest, and in Ether, at a block: Map(lower-case address, or 'ether' → bigint). */
async function balances(rpc, manifest, holder, block) {
  const tokens = Object.values(manifest.tokens).map(({ address }) => address.toLowerCase());
  const reads = tokens.map((to) => ({ to, abi: tokenAbi, functionName: 'balanceOf', args: [holder] }));
  const amounts = await readContracts(rpc, reads, { block });
  const ether = BigInt(await rpc('eth_getBalance', holder, toHex(block)));
  return new Map([...tokens.map((token, i) => [token, amounts[i]]), ['ether', ether]]);
}

/** Adds up {token, amount} records into Map(lower-case address → bigint). */
function sum(profits) {
  const totals = new Map();
  for (const { token, amount } of profits) totals.set(token.toLowerCase(), (totals.get(token.toLowerCase()) ?? 0n) + BigInt(amount));
  return totals;
}

/** The differences between one reported liquidation and its receipt, as sentences. */
function checkReceipt(manifest, reported, receipt) {
  if (!receipt) return ['the chain has no receipt'];
  const wrong = [];
  const same = (what, said, found) => {
    if (String(said).toLowerCase() !== String(found).toLowerCase()) wrong.push(`${what} reported ${said}, on chain ${found}`);
  };
  if (receipt.status !== '0x1') wrong.push('the transaction reverted');
  same('sender', manifest.accounts.operator, receipt.from);
  same('target', manifest.executor, receipt.to);
  same('block', reported.block, Number(receipt.blockNumber));
  same('gas used', reported.gas_used, Number(receipt.gasUsed));
  same('gas cost', reported.gas_wei, BigInt(receipt.gasUsed) * BigInt(receipt.effectiveGasPrice));
  const logs = receipt.logs.filter(({ address }) => isAddressEqual(address, manifest.aave.pool));
  const events = parseEventLogs({ abi: poolAbi, logs, eventName: 'LiquidationCall' });
  if (events.length !== 1) return [...wrong, `${events.length} LiquidationCall events instead of one`];
  const { args } = events[0];
  same('account', reported.account, args.user);
  same('collateral', reported.collateral, args.collateralAsset);
  same('debt', reported.debt, args.debtAsset);
  same('repaid', reported.repaid, args.debtToCover);
  same('seized', reported.seized, args.liquidatedCollateralAmount);
  same('liquidator', manifest.executor, args.liquidator);
  return wrong;
}

/** Differences between what one block's liquidations reported and how balances moved in that block. */
async function checkBlock(rpc, manifest, block, liquidations) {
  const { receiver, operator } = manifest.accounts;
  const read = (holder, at) => balances(rpc, manifest, holder, at);
  const [paid, spent, held] = await Promise.all([receiver, operator, manifest.executor].map(
    (holder) => Promise.all([read(holder, block - 1), read(holder, block)])));
  const profits = sum(liquidations.flatMap(({ profits: list }) => list));
  const wrong = [];
  for (const [token, before] of paid[0]) {
    const gained = paid[1].get(token) - before;
    const reported = profits.get(token) ?? 0n;
    if (gained !== reported) wrong.push(`receiver's ${token} grew by ${gained}, reported ${reported}`);
    profits.delete(token);
    for (const [when, amounts] of [['before', held[0]], ['after', held[1]]]) {
      if (amounts.get(token) !== 0n) wrong.push(`the Executor held ${amounts.get(token)} of ${token} ${when} the block`);
    }
  }
  for (const [token, amount] of profits) wrong.push(`${amount} of ${token} reported, a token that is not in the manifest`);
  const gas = liquidations.reduce((total, { gas_wei: wei }) => total + BigInt(wei), 0n);
  const fell = spent[0].get('ether') - spent[1].get('ether');
  if (fell !== gas) wrong.push(`sender's Ether fell by ${fell} wei, reported gas ${gas}`);
  return wrong;
}

/** The operator's transactions in the range that the report does not hold, or that reverted. */
async function checkUnreported(rpc, manifest, hashes, from, to) {
  const own = await operatorTransactions(rpc, manifest, await readBlocks(rpc, from, to));
  return own.flatMap(({ transaction: { hash }, receipt }) => [
    ...(hashes.has(hash.toLowerCase()) ? [] : [`${hash}: sent by the operator, not reported`]),
    ...(receipt.status === '0x1' ? [] : [`${hash}: reverted`]),
  ]);
}

function groupByBlock(liquidations) {
  const groups = new Map();
  for (const one of liquidations) groups.set(one.block, [...(groups.get(one.block) ?? []), one]);
  return groups;
}

/**
 * Checks a keeper's report ({reverted, gas_wei, liquidations: [...]}, schema plimsoll.report.v1) against the chain. Blocks `from`..`to`
 * (default: first to last reported block) are searched for unreported and reverted transactions of the operator; fewer than
 * `atLeast` liquidations are a failure.
 * Answers {liquidations, blocks, failures: [sentence]}.
 */
export async function checkReport(rpc, manifest, report, { from, to, atLeast = 1 } = {}) {
  const { liquidations } = report;
  const failures = [];
  if (liquidations.length < atLeast) failures.push(`${liquidations.length} liquidations reported, at least ${atLeast} wanted`);
  const hashes = new Set(liquidations.map(({ hash }) => hash.toLowerCase()));
  if (hashes.size !== liquidations.length) failures.push('a transaction is reported twice');
  if (isAddressEqual(manifest.accounts.receiver, manifest.accounts.operator)) failures.push('receiver and sender are one address');
  if (report.reverted !== 0) failures.push(`${report.reverted} reverted transactions reported`);
  const gas = liquidations.reduce((total, { gas_wei: wei }) => total + BigInt(wei), 0n);
  if (BigInt(report.gas_wei) !== gas) failures.push(`total gas reported ${report.gas_wei}, its liquidations add up to ${gas}`);
  const receipts = await rpc.batch(liquidations.map(({ hash }) => ['eth_getTransactionReceipt', hash]));
  liquidations.forEach((one, i) => failures.push(...checkReceipt(manifest, one, receipts[i]).map((text) => `${one.hash}: ${text}`)));
  const groups = groupByBlock(liquidations);
  for (const [block, group] of groups) {
    failures.push(...(await checkBlock(rpc, manifest, block, group)).map((text) => `block ${block}: ${text}`));
  }
  const numbers = [...groups.keys()];
  const first = from ?? Math.min(...numbers);
  const last = to ?? Math.max(...numbers);
  if (Number.isFinite(first) && Number.isFinite(last)) failures.push(...(await checkUnreported(rpc, manifest, hashes, first, last)));
  return { liquidations: liquidations.length, blocks: groups.size, failures };
}

async function main(args) {
  const names = ['manifest', 'report', 'at-least', 'from-block', 'to-block'];
  const { values } = parseArgs({ args, options: Object.fromEntries(names.map((name) => [name, { type: 'string' }])) });
  if (!values.manifest || !values.report) throw new Error(usage);
  const number = (name) => {
    if (values[name] !== undefined && !/^\d+$/.test(values[name])) throw new Error(`--${name} wants a number, not ${values[name]}`);
    return values[name] === undefined ? undefined : Number(values[name]);
  };
  const manifest = JSON.parse(readFileSync(values.manifest, 'utf8'));
  const report = JSON.parse(readFileSync(values.report, 'utf8'));
  const options = { from: number('from-block'), to: number('to-block'), atLeast: number('at-least') };
  const found = await checkReport(createRpc(manifest.http), manifest, report, options);
  for (const failure of found.failures) console.log(`FAILED: ${failure}`);
  const verdict = found.failures.length === 0 ? 'every amount is what the chain says' : `${found.failures.length} differences`;
  console.log(`${found.liquidations} liquidations in ${found.blocks} blocks: ${verdict}`);
  return found.failures.length === 0 ? 0 : 1;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  main(process.argv.slice(2)).then((code) => {
    process.exitCode = code;
  }, (error) => {
    console.error(error.message);
    process.exitCode = 2;
  });
}
