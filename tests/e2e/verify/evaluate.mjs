// SPDX-License-Identifier: Apache-2.0
// What candidates would earn, by calling the Executor with each of them at one block.
import { toHex } from '../../devnet/lib/rpc.mjs';

const callGas = toHex(20_000_000);

/** Runs `work` on slices of `items`, `width` slices at a time; answers in order. */
async function inSlices(items, size, width, work) {
  const slices = [];
  for (let i = 0; i < items.length; i += size) slices.push(items.slice(i, i + size));
  const answers = [];
  for (let i = 0; i < slices.length; i += width) answers.push(...(await Promise.all(slices.slice(i, i + width).map(work))));
  return answers.flat();
}

function settleAll(rpc, requests) {
  return inSlices(requests, 32, 2, (slice) => rpc.settle(slice));
}

/** USD with 8 decimals of `amount` wei of Ether. */
export const etherValue = (market, amount) => (amount * market.etherPrice) / 10n ** 18n;

/** USD with 8 decimals of an amount of an asset, at the oracle's price. */
export function assetValue(market, asset, amount) {
  const { price, unit } = market.reserves.find((reserve) => reserve.asset === asset);
  return (amount * price) / unit;
}

function callOf(manifest, { data }) {
  return { from: manifest.accounts.operator, to: manifest.executor, data };
}

/**
 * Calls execute for each candidate at the market's block. Answers those that went through, with
 * profit (token units) and gross (USD, 8 decimals), and how many were refused, by their revert data.
 */
export async function callAll(rpc, manifest, market, candidates) {
  const block = toHex(market.number);
  const requests = candidates.map((candidate) => ['eth_call', { ...callOf(manifest, candidate), gas: callGas, gasPrice: '0x0' }, block]);
  const answers = await settleAll(rpc, requests);
  const passed = [];
  const refused = new Map();
  candidates.forEach((candidate, i) => {
    const { result, error } = answers[i];
    if (error) {
      if (typeof error.data !== 'string') throw error;
      refused.set(error.data, (refused.get(error.data) ?? 0) + 1);
      return;
    }
    const profit = BigInt(result);
    passed.push({ ...candidate, profit, gross: assetValue(market, candidate.debt, profit) });
  });
  return { passed, refused };
}

// Two ways to liquidate one account never differ by more gas than this.
const gasSpread = 500_000n;

/** Those that may be the best of their account after gas: worth `minimum` before gas, and near enough to the account's best. */
function contenders(market, passed, price, minimum) {
  const spread = etherValue(market, gasSpread * price);
  const most = new Map();
  for (const { account, gross } of passed) if (gross > (most.get(account) ?? 0n)) most.set(account, gross);
  return passed.filter(({ account, gross }) => gross > 0n && gross >= minimum && gross + spread >= most.get(account));
}

/**
 * Answers the candidates from callAll that can be the best of their account and worth `minimum`, with gas, cost and net (USD with
 * 8 decimals) at the block's base fee plus `tip` wei a gas. Gas is what the node simulates the transaction to use, refunds included.
 */
export async function addNet(rpc, manifest, market, passed, { tip, minimum }) {
  const price = market.baseFee + tip;
  const chosen = contenders(market, passed, price, minimum);
  const requests = chosen.map((candidate) => {
    const calls = [{ ...callOf(manifest, candidate), gas: callGas }];
    return ['eth_simulateV1', { blockStateCalls: [{ calls }], validation: false }, toHex(market.number)];
  });
  const answers = await settleAll(rpc, requests);
  return chosen.map((candidate, i) => {
    const { result, error } = answers[i];
    if (error) throw error;
    const gas = BigInt(result[0].calls[0].gasUsed);
    const cost = etherValue(market, gas * price);
    return { ...candidate, gas, cost, net: candidate.gross - cost };
  });
}

/** The best candidate of each account by net value, best account first. */
export function bestByAccount(valued) {
  const best = new Map();
  for (const candidate of valued) {
    const known = best.get(candidate.account);
    if (!known || candidate.net > known.net) best.set(candidate.account, candidate);
  }
  return [...best.values()].sort((a, b) => (a.net < b.net ? 1 : -1));
}
