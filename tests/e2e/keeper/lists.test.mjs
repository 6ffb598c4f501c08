// SPDX-License-Identifier: Apache-2.0
// Allow and deny lists: what the keeper must not touch stays as it is and is skipped by that reason; everything else is taken.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { requireFromDevnet } from '../../../chain/contracts/compile.mjs';
import { playGap, readPositions, readTruth } from '../../devnet/devnet.mjs';
import { variants } from '../variants.mjs';
import { bruteForce } from '../verify/brute_force.mjs';
import { openStage } from './stage.mjs';

const { decodeEventLog, parseAbi } = requireFromDevnet()('viem');
const poolAbi = parseAbi(['event LiquidationCall(address indexed collateral, address indexed debt, address indexed account, uint256 repaid, uint256 seized, address liquidator, bool receiveAToken)']);
const liquidationTopic = '0xe413a321e8681d831f4dbccbca790d2952b56f977908e45be37335533e005286';
const minimum = 5n * 10n ** 8n;
const lower = (text) => text.toLowerCase();
const hex = (number) => `0x${number.toString(16)}`;

let stage;
let runs = 0;
before(async () => {
  stage = await openStage({ aave: variants.at(-1), borrowers: 60, seed: 3, blockTime: 0.4 });
});
after(() => stage?.stop());

/** A live keeper with these lines of [risk], until nothing happens: {taken: [{account, collateral, debt}] from the chain, reasons: Map(account → last reason)}. */
async function keep(risk, meanwhile = async () => {}) {
  const { rpc, manifest } = stage.devnet;
  const from = Number(await rpc('eth_blockNumber'));
  const keeper = await stage.start(['run', '--live'], { dataDir: join(stage.folder, `lists-${runs++}`), overrides: [['[log]\n', `[risk]\n${risk}\n\n[log]\n`]] });
  await meanwhile();
  await keeper.line(/event=won/, 60);
  await stage.untilQuiet(keeper, 2);
  assert.deepEqual(await keeper.stop('SIGTERM'), { code: 0, signal: null });
  const logs = await rpc('eth_getLogs', { address: manifest.aave.pool, topics: [liquidationTopic], fromBlock: hex(from + 1), toBlock: 'latest' });
  const taken = logs.map((log) => {
    const { args } = decodeEventLog({ abi: poolAbi, ...log });
    return { account: lower(args.account), collateral: lower(args.collateral), debt: lower(args.debt) };
  });
  const skips = keeper.lines.map((line) => /event=skip .*account=(\S+) reason=(\w+)/.exec(line)).filter(Boolean);
  return { taken, reasons: new Map(skips.map(([, account, reason]) => [lower(account), reason])) };
}

async function unhealthy() {
  const { accounts } = await readTruth(stage.devnet.rpc, stage.devnet.manifest);
  return accounts.filter(({ healthFactor }) => healthFactor < 10n ** 18n).map(({ account }) => lower(account));
}

/** Candidates worth taking of which `permitted`. */
async function worthIt(permitted) {
  const { left } = await bruteForce(stage.devnet.rpc, stage.devnet.manifest, {
    minimum, permitted: (one) => permitted({ account: lower(one.account), collateral: lower(one.collateral), debt: lower(one.debt) }),
  });
  return left.map(({ account, collateral, debt }) => ({ account: lower(account), collateral: lower(collateral), debt: lower(debt) }));
}

const quoted = (addresses) => `[${addresses.map((address) => `"${address}"`).join(', ')}]`;
const only = (reasons, reason) => [...reasons].filter(([, one]) => one === reason).map(([account]) => account);

test('deny_accounts: they stay, by that reason; everybody else worth it is taken', async () => {
  const { rpc, manifest } = stage.devnet;
  const denied = manifest.borrowers.filter((_, i) => i % 3 !== 0).map(lower);
  const { taken, reasons } = await keep(`deny_accounts = ${quoted(denied)}`, () => playGap(rpc, manifest, { change: -0.3 }));
  assert.ok(taken.length >= 3, `${taken.length} taken`);
  assert.deepEqual(taken.filter(({ account }) => denied.includes(account)), []);
  assert.deepEqual(await worthIt(({ account }) => !denied.includes(account)), []);
  const held = (await unhealthy()).filter((account) => denied.includes(account));
  assert.ok(held.length >= 10, `${held.length} denied accounts are below their line`);
  assert.deepEqual(only(reasons, 'denied_account').sort(), held.sort());
});

test('deny_assets: no pair with it is taken, every other that is worth it is, and who has nothing else is skipped by that reason', async () => {
  const { rpc, manifest } = stage.devnet;
  const before = await worthIt(() => true);
  const count = (asset) => before.filter(({ collateral }) => collateral === asset).length;
  const asset = before.map(({ collateral }) => collateral).sort((a, b) => count(a) - count(b))[0];
  assert.ok(before.some(({ collateral, debt }) => collateral !== asset && debt !== asset), 'something else is worth it');
  const { taken, reasons } = await keep(`deny_assets = ${quoted([asset])}`);
  assert.ok(taken.length > 0);
  assert.deepEqual(taken.filter(({ collateral, debt }) => collateral === asset || debt === asset), []);
  assert.deepEqual(await worthIt(({ collateral, debt }) => collateral !== asset && debt !== asset), []);
  const skipped = only(reasons, 'denied_asset');
  assert.ok(skipped.length > 0);
  const symbol = Object.keys(manifest.tokens).find((name) => lower(manifest.tokens[name].address) === asset);
  for (const position of await readPositions(rpc, manifest, skipped.map((account) => ({ account })))) {
    const [collaterals, debts] = [Object.keys(position.collaterals), Object.keys(position.debts)];
    assert.ok(collaterals.every((name) => name === symbol) || debts.every((name) => name === symbol), `${position.account} holds ${collaterals} against ${debts}`);
  }
});

test('allow_accounts and allow_assets: those only', async () => {
  await playGap(stage.devnet.rpc, stage.devnet.manifest, { change: -0.15 });
  const left = await worthIt(() => true);
  assert.ok(left.length >= 3, `${left.length} left`);
  const allowed = left.slice(0, 2).map(({ account }) => account);
  const assets = [...new Set(left.slice(0, 1).flatMap(({ collateral, debt }) => [collateral, debt]))];
  const { taken, reasons } = await keep(`allow_accounts = ${quoted(allowed)}\nallow_assets = ${quoted(assets)}`);
  assert.ok(taken.length > 0);
  const permitted = ({ account, collateral, debt }) => allowed.includes(account) && assets.includes(collateral) && assets.includes(debt);
  assert.deepEqual(taken.filter((one) => !permitted(one)), []);
  assert.deepEqual(await worthIt(permitted), []);
  assert.deepEqual(only(reasons, 'denied_account').filter((account) => allowed.includes(account)), []);
  for (const { account } of left.slice(2)) assert.equal(reasons.get(account), 'denied_account', account);
});
