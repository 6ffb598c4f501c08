// SPDX-License-Identifier: Apache-2.0
// Lets the independent scripts judge what the keeper did.
import { openDevnet } from '../tests/devnet/devnet.mjs';
import { bruteForce, compareTotals, usd } from '../tests/e2e/verify/brute_force.mjs';
import { checkReport } from '../tests/e2e/verify/receipts.mjs';

const allowedDifference = 0.02;

/** True if everything the keeper reported is on chain and nothing worth taking was left at block `last`. */
export async function verify({ manifestFile, report, before, last, minProfitUsd, say }) {
  const { manifest, rpc } = openDevnet(manifestFile);
  const minimum = BigInt(minProfitUsd) * 10n ** 8n;

  const { failures, liquidations, blocks } = await checkReport(rpc, manifest, report, { from: before, to: last });
  for (const failure of failures) say(`differs: ${failure}`);
  say(`receipts: ${liquidations} liquidations in ${blocks} blocks, ${failures.length} differences`);

  const { left, accounts, tried } = await bruteForce(rpc, manifest, { block: last, minimum });
  for (const { account, net } of left) say(`left: ${account}, ${usd(net)}`);
  say(`brute force at block ${last}: ${accounts} accounts, ${tried} plans tried, ${left.length} worth ${minProfitUsd} USD left`);

  const { settled, greedy, ratio } = await compareTotals(rpc, manifest, { from: before, to: last, minimum });
  say(`totals: keeper ${usd(settled.net)} net of gas, an independent liquidator in the same blocks ${usd(greedy.net)}`);
  const close = ratio !== undefined && Math.abs(ratio - 1) <= allowedDifference;
  if (!close) say(`the totals differ by more than ${allowedDifference * 100} %`);
  report.netUsd = usd(settled.net);
  return failures.length === 0 && left.length === 0 && close;
}
