// SPDX-License-Identifier: Apache-2.0
// The keeper's report as a table for people.

/** "1,234.5678": at most six significant places behind the point. */
export function amountText(raw, decimals) {
  const digits = BigInt(raw).toString().padStart(decimals + 1, '0');
  const whole = digits.slice(0, digits.length - decimals).replace(/\B(?=(\d{3})+$)/g, ',');
  const fraction = digits.slice(digits.length - decimals).slice(0, 6).replace(/0+$/, '');
  return fraction === '' ? whole : `${whole}.${fraction}`;
}

function decimalsOf(manifest, address) {
  const found = Object.values(manifest.tokens).find((token) => token.address.toLowerCase() === address.toLowerCase());
  return found?.decimals ?? 0;
}

function median(numbers) {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted.length === 0 ? undefined : sorted[Math.floor(sorted.length / 2)];
}

/** Several lines. `report` is plimsoll.report.v1, with netUsd if somebody worked it out. */
export function table(report, manifest) {
  const rows = [['found', String(report.found), 'accounts below their line'], ['won', String(report.won), 'liquidated by us']];
  rows.push(['reverted', String(report.reverted), 'transactions that landed and failed']);
  const skipped = Object.entries(report.skipped);
  if (skipped.length === 0) rows.push(['skipped', '0', '']);
  skipped.forEach(([reason, count]) => rows.push(['skipped', String(count), reason]));
  report.profit.forEach(({ token, symbol, amount }) => rows.push(['profit', amountText(amount, decimalsOf(manifest, token)), symbol]));
  rows.push(['gas', amountText(report.gas_wei, 18), 'ETH']);
  if (report.netUsd) rows.push(['net', report.netUsd.replace(/ USD$/, ''), 'USD, after gas']);
  const microseconds = median(report.liquidations.filter(({ queued }) => !queued).map(({ microseconds: us }) => us));
  if (microseconds !== undefined) rows.push(['speed', String(microseconds), 'microseconds from frame to signed bytes (median)']);
  const width = Math.max(...rows.map(([, value]) => value.length));
  const line = '-'.repeat(14 + width + 50);
  return [line, ...rows.map(([name, value, meaning]) => `  ${name.padEnd(10)}${value.padStart(width)}  ${meaning}`), line].join('\n');
}
