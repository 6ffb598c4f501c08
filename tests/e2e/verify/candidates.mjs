// SPDX-License-Identifier: Apache-2.0
// Every way to liquidate one account through the Executor: each pair it holds, in several amounts, through each direct pool and through
// the two pools that bring most.
import { requireFromDevnet } from '../../../chain/contracts/compile.mjs';
import { readExecutorArtifact } from '../../../chain/contracts/deploy.mjs';
import { bestTwoHops } from './two_hops.mjs';

const { encodeFunctionData, encodePacked, parseAbi } = requireFromDevnet()('viem');
const venueAbi = parseAbi(['function liquidationCall(address, address, address, uint256, bool)']);
const { abi: executorAbi } = readExecutorArtifact();
const everything = 2n ** 256n - 1n;
const forever = 2n ** 64n - 1n;

const dollars2000 = 2000n * 10n ** 8n;
const totalCloseFactor = 7n; // POOL_REVISION since which half of ALL debts may be repaid, and small pairs in full (3.3)
const valueOf = ({ balance, price, unit }) => (balance * price) / unit;

/** What the pool allows to repay. */
function allowedRepay(revision, { health }, debt, collateral, debts) {
  if (health <= 95n * 10n ** 16n) return debt.balance;
  if (revision < totalCloseFactor) return debt.balance / 2n;
  if (valueOf(debt) < dollars2000 || valueOf(collateral) < dollars2000) return debt.balance;
  const half = (debts.reduce((sum, one) => sum + valueOf(one), 0n) * debt.unit) / debt.price / 2n;
  return half < debt.balance ? half : debt.balance;
}

/** The debt that a liquidation repays at most: what is allowed, or what the whole collateral pays for. */
function mostRepaid(allowed, debt, collateral, bonus) {
  const value = (collateral.balance * collateral.price * debt.unit) / (collateral.unit * debt.price);
  const paidFor = (value * 10_000n) / bonus;
  return paidFor < allowed ? paidFor : allowed;
}

/** Execute's calldata; whoever lends for nothing is asked before a pool that is not on the way, and that before the market. The loan is a millionth larger than the repayment, for rounding and a few seconds of interest. */
function encodePlan(manifest, market, { account, collateral, debt, repay, cover, hops }) {
  const loan = repay + repay / 1_000_000n + 2n;
  const data = encodeFunctionData({ abi: venueAbi, functionName: 'liquidationCall', args: [collateral, debt, account, cover, false] });
  const swaps = hops.length === 0 ? [] : [{
    kind: 0,
    router: manifest.uniswap.router,
    tokenIn: collateral,
    amountIn: everything,
    path: encodePacked(hops.map((hop) => (typeof hop === 'number' ? 'uint24' : 'address')), hops),
  }];
  const onTheWay = (between) => between?.every((token) => hops.includes(token)) ?? false;
  const lender = market.lent.get(debt).find(({ held, between }) => held >= loan && !onTheWay(between));
  const { source: flashSource, lender: flashLender } = lender ?? { source: 0, lender: manifest.aave.pool };
  const plan = {
    flashSource, flashLender, flashToken: debt, flashAmount: loan,
    calls: [{ target: manifest.aave.pool, approveToken: debt, approveAmount: loan, data }],
    swaps, profitToken: debt, minProfit: 0n, lastBlock: forever, builderShareBps: 0,
  };
  return encodeFunctionData({ abi: executorAbi, functionName: 'execute', args: [plan] });
}

/** The pairs of one account: [{account, unsafe, collateral, debt, most, seized}]; seized is what may be sold for all of `most`. */
function pairsOf(market, holder) {
  const reserveOf = new Map(market.reserves.map((reserve) => [reserve.asset, reserve]));
  const pairs = [];
  const debts = holder.debts.map((owed) => ({ ...owed, ...reserveOf.get(owed.asset) }));
  const category = market.categories.get(holder.category);
  for (const held of holder.collaterals) {
    const collateral = { ...held, ...reserveOf.get(held.asset) };
    const bonus = category?.members.has(held.asset) ? category.bonus : collateral.bonus;
    if (bonus === 0n) continue;
    for (const debt of debts) {
      const most = mostRepaid(allowedRepay(market.revision, holder, debt, collateral, debts), debt, collateral, bonus);
      if (most === 0n) continue;
      const seized = (most * debt.price * collateral.unit * bonus) / (debt.unit * collateral.price * 10_000n);
      pairs.push({ account: holder.account, unsafe: holder.health < 10n ** 18n, collateral: collateral.asset, debt: debt.asset, most, seized });
    }
  }
  return pairs;
}

/** All of what may be repaid, as parts are counted. */
export const whole = 256;
const named = new Map([[whole, 'max'], [whole / 2, 'half']]);

/** The same way with another part of what may be repaid, 1 to `whole`; nothing where that is nothing. */
export function resize(manifest, market, { way }, part) {
  const { pair: { account, collateral, debt, most }, fee, hops } = way;
  const repay = (most * BigInt(part)) / BigInt(whole);
  if (repay === 0n) return [];
  const data = encodePlan(manifest, market, { account, collateral, debt, repay, cover: part === whole ? everything : repay, hops });
  return [{ account, collateral, debt, part, size: named.get(part) ?? `${part}/${whole}`, fee, data, way }];
}

/**
 * All candidates of accounts from readAccounts: {account, collateral, debt, part, size, fee, data, way}. part is 1 to `whole` of what may be repaid,
 * size is its name. fee names the pools: 0 if collateral and debt are one asset, the tier of a direct pool, or both tiers and the asset
 * between. Two pools, and an eighth beside all and a half, are looked at for unsafe accounts only.
 */
export async function candidatesOf(rpc, manifest, market, holders) {
  const pairs = holders.flatMap((holder) => pairsOf(market, holder));
  const twoHops = await bestTwoHops(rpc, manifest, market, pairs);
  return pairs.flatMap((pair, i) => {
    const { collateral, debt, unsafe } = pair;
    const routes = collateral === debt
      ? [{ fee: 0, hops: [] }]
      : market.tiersOf(collateral, debt).map((fee) => ({ fee, hops: [collateral, fee, debt] }));
    if (twoHops[i]) routes.push(twoHops[i]);
    const parts = unsafe ? [whole, whole / 2, whole / 8] : [whole, whole / 2];
    return routes.flatMap(({ fee, hops }) => {
      const way = { pair, fee, hops };
      return parts.flatMap((part) => resize(manifest, market, { way }, part));
    });
  });
}
