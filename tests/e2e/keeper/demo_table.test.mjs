// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { amountText, table } from '../../../bot/demo_table.mjs';

test('amounts are cut, never rounded, and grouped', () => {
  assert.equal(amountText('1234567890000', 6), '1,234,567.89');
  assert.equal(amountText('1', 18), '0');
  assert.equal(amountText('999999999999999999', 18), '0.999999');
  assert.equal(amountText('0', 8), '0');
  assert.equal(amountText('1000', 0), '1,000');
});

test('the table holds what the report says', () => {
  const manifest = { tokens: { USDC: { address: '0xAb', decimals: 6 } } };
  const report = {
    found: 50, won: 2, reverted: 0, skipped: { below_min_profit: 48 }, profit: [{ token: '0xaB', symbol: 'USDC', amount: '1500000' }],
    gas_wei: '2000000000000000', liquidations: [{ microseconds: 90 }, { microseconds: 70 }, { microseconds: 80 }],
  };
  const rows = table(report, manifest).split('\n').map((line) => line.trim().split(/\s{2,}/));
  assert.deepEqual(rows.find(([name]) => name === 'skipped').slice(1), ['48', 'below_min_profit']);
  assert.deepEqual(rows.find(([name]) => name === 'profit').slice(1), ['1.5', 'USDC']);
  assert.deepEqual(rows.find(([name]) => name === 'gas').slice(1), ['0.002', 'ETH']);
  assert.equal(rows.find(([name]) => name === 'speed')[1], '80');
});
