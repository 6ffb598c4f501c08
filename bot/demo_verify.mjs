// SPDX-License-Identifier: Apache-2.0
// Lets the independent scripts judge what the keeper did: two processes beside each other.
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const script = (name) => fileURLToPath(new URL(`../tests/e2e/verify/${name}.mjs`, import.meta.url));
const usd = (value) => `${(Number(value) / 1e8).toFixed(2)} USD`;

/** {code, stdout, stderr} of one script. */
function look(name, args) {
  return new Promise((resolve) => {
    execFile(process.execPath, [script(name), ...args], { maxBuffer: 1 << 26 }, (error, stdout, stderr) => {
      resolve({ code: error ? (error.code ?? 1) : 0, stdout: stdout.trim(), stderr: stderr.trim() });
    });
  });
}

/**
 * True if everything the keeper reported is on chain between blocks `before` and `last`, nothing worth `minProfitUsd` was left at `last`, and
 * what it earned net of gas is within 2 % of what an independent liquidator earns in the same blocks. Adds report.netUsd.
 */
export async function verify({ manifestFile, reportFile, report, before, last, minProfitUsd, say }) {
  const blocks = [String(before), String(last)];
  const [receipts, market] = await Promise.all([
    look('receipts', ['--manifest', manifestFile, '--report', reportFile, '--from-block', blocks[0], '--to-block', blocks[1]]),
    look('brute_force', ['--manifest', manifestFile, '--min-profit-usd', String(minProfitUsd), '--from-block', blocks[0], '--block', blocks[1], '--json']),
  ]);
  say(`on chain: ${[receipts.stdout, receipts.stderr].filter(Boolean).join('\n')}`);
  if (!market.stdout.startsWith('{')) {
    say(`the market could not be searched: ${market.stderr}`);
    return false;
  }
  const { accounts, tried, left, settled, greedy } = JSON.parse(market.stdout);
  report.netUsd = usd(settled.net);
  say(`left over: of ${accounts} accounts and ${tried} plans at block ${last}, ${left.length} worth ${minProfitUsd} USD or more`);
  for (const { account, net } of left) say(`  ${account}: ${usd(net)}`);
  say(`earned: ${usd(settled.net)} net of gas; an independent liquidator in the same blocks ${usd(greedy.net)} (may differ by 2 %)`);
  return receipts.code === 0 && market.code === 0;
}
