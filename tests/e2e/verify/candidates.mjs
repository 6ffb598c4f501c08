// SPDX-License-Identifier: Apache-2.0
// Every way to liquidate one account through the Executor: each pair it holds, in full and by half, through each direct pool.
import { requireFromDevnet } from '../../../chain/contracts/compile.mjs';
import { readExecutorArtifact } from '../../../chain/contracts/deploy.mjs';

const { encodeFunctionData, encodePacked, parseAbi } = requireFromDevnet()('viem');
const venueAbi = parseAbi(['function liquidationCall(address, address, address, uint256, bool)']);
const { abi: executorAbi } = readExecutorArtifact();
const everything = 2n ** 256n - 1n;
const forever = 2n ** 64n - 1n;

/** The debt that a liquidation repays at most: the close factor's share, or what the whole collateral pays for. */
function mostRepaid({ health }, debt, collateral, bonus) {
  const allowed = health > 95n * 10n ** 16n ? debt.balance / 2n : debt.balance;
  const value = (collateral.balance * collateral.price * debt.unit) / (collateral.unit * debt.price);
  const paidFor = (value * 10_000n) / bonus;
  return paidFor < allowed ? paidFor : allowed;
}

/** Execute's calldata; the loan is a millionth larger than the repayment, for rounding and a few seconds of interest. */
function encodePlan(manifest, { account, collateral, debt, repay, cover, fee }) {
  const loan = repay + repay / 1_000_000n + 2n;
  const data = encodeFunctionData({ abi: venueAbi, functionName: 'liquidationCall', args: [collateral, debt, account, cover, false] });
  const swaps = fee === 0 ? [] : [{
    kind: 0,
    router: manifest.uniswap.router,
    tokenIn: collateral,
    amountIn: everything,
    path: encodePacked(['address', 'uint24', 'address'], [collateral, fee, debt]),
  }];
  const plan = {
    flashSource: 0, flashLender: manifest.aave.pool, flashToken: debt, flashAmount: loan,
    calls: [{ target: manifest.aave.pool, approveToken: debt, approveAmount: loan, data }],
    swaps, profitToken: debt, minProfit: 0n, lastBlock: forever, builderShareBps: 0,
  };
  return encodeFunctionData({ abi: executorAbi, functionName: 'execute', args: [plan] });
}

/**
 * All candidates of one account from readAccounts: {account, collateral, debt, size: 'max' | 'half', fee, data}.
 * fee 0 means that collateral and debt are one asset; pairs without a direct pool have no candidate.
 */
export function candidatesOf(manifest, market, holder) {
  const reserveOf = new Map(market.reserves.map((reserve) => [reserve.asset, reserve]));
  const candidates = [];
  for (const held of holder.collaterals) {
    const collateral = { ...held, ...reserveOf.get(held.asset) };
    if (collateral.bonus === 0n) continue;
    const inCategory = holder.category !== 0n && collateral.category === holder.category;
    const bonus = inCategory ? market.categoryBonus.get(holder.category) : collateral.bonus;
    for (const owed of holder.debts) {
      const debt = { ...owed, ...reserveOf.get(owed.asset) };
      const fees = collateral.asset === debt.asset ? [0] : market.tiersOf(collateral.asset, debt.asset);
      const most = mostRepaid(holder, debt, collateral, bonus);
      for (const fee of fees) {
        const common = { account: holder.account, collateral: collateral.asset, debt: debt.asset, fee };
        for (const [size, repay, cover] of [['max', most, everything], ['half', most / 2n, most / 2n]]) {
          if (repay === 0n) continue;
          candidates.push({ ...common, size, data: encodePlan(manifest, { ...common, repay, cover }) });
        }
      }
    }
  }
  return candidates;
}
