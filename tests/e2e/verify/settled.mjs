// SPDX-License-Identifier: Apache-2.0
// What the operator's landed transactions really earned, from receipts and the oracle alone.
import { requireFromDevnet } from '../../../chain/contracts/compile.mjs';
import { readExecutorArtifact } from '../../../chain/contracts/deploy.mjs';
import { toHex } from '../../devnet/lib/rpc.mjs';
import { assetValue, etherValue } from './evaluate.mjs';
import { readMarket } from './market.mjs';

const { isAddressEqual, parseEventLogs } = requireFromDevnet()('viem');
const { abi } = readExecutorArtifact();

/** Every block from `from` to `to` with full transactions. */
export async function readBlocks(rpc, from, to) {
  const numbers = Array.from({ length: Math.max(0, to - from + 1) }, (_, i) => from + i);
  const blocks = [];
  for (let i = 0; i < numbers.length; i += 50) {
    blocks.push(...(await rpc.batch(numbers.slice(i, i + 50).map((number) => ['eth_getBlockByNumber', toHex(number), true]))));
  }
  return blocks;
}

/** The operator's transactions in these blocks, with their receipts and the block's base fee. */
export async function operatorTransactions(rpc, manifest, blocks) {
  const { operator } = manifest.accounts;
  const own = blocks.flatMap((block) => block.transactions
    .filter(({ from }) => isAddressEqual(from, operator))
    .map((transaction) => ({ transaction, number: Number(block.number), baseFee: BigInt(block.baseFeePerGas) })));
  const receipts = await rpc.batch(own.map(({ transaction }) => ['eth_getTransactionReceipt', transaction.hash]));
  return own.map((entry, i) => ({ ...entry, receipt: receipts[i] }));
}

const median = (values) => [...values].sort((a, b) => (a < b ? -1 : 1))[values.length >> 1];

/**
 * Count, gross, cost and net (USD with 8 decimals) of the operator's executions in blocks `from`..`to`, each at its own block's
 * prices, and the median tip that they paid (wei a gas; undefined without any).
 */
export async function settledTotal(rpc, manifest, from, to) {
  const own = await operatorTransactions(rpc, manifest, await readBlocks(rpc, from, to));
  const markets = new Map();
  const total = { count: 0, reverted: 0, gross: 0n, cost: 0n, net: 0n };
  const tips = [];
  let market;
  for (const { number, baseFee, receipt } of own) {
    if (!markets.has(number)) markets.set(number, await readMarket(rpc, manifest, number, market));
    market = markets.get(number);
    const price = BigInt(receipt.effectiveGasPrice);
    tips.push(price - baseFee);
    total.cost += etherValue(market, BigInt(receipt.gasUsed) * price);
    if (receipt.status !== '0x1') total.reverted += 1;
    for (const { args } of parseEventLogs({ abi, logs: receipt.logs, eventName: 'Executed' })) {
      total.count += 1;
      total.gross += assetValue(market, args.profitToken, args.profit);
    }
  }
  total.net = total.gross - total.cost;
  return { ...total, tip: median(tips) };
}
