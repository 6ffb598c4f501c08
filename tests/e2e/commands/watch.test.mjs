// SPDX-License-Identifier: Apache-2.0
// `positions --watch`: each block's rows as the contracts say, through price moves, a block that is taken back and a lost connection; a signal ends it with 0.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, beforeEach, test } from 'node:test';
import { playGap, playRatio, readTruth, startDevnet } from '../../devnet/devnet.mjs';
import { keeperConfig } from '../keeper/config.mjs';
import { Process, program } from '../keeper/process.mjs';
import { startProxy } from '../rpc/proxy.mjs';
import { variants } from '../variants.mjs';

const folder = mkdtempSync(join(tmpdir(), 'plimsoll-watch-'));
let devnet;
let proxy;
let file;
before(async () => {
  devnet = await startDevnet({ aave: variants.at(-1), borrowers: 20, blockTime: 0 }); // blocks come when a test wants them
  proxy = await startProxy(devnet.node.port);
  file = join(folder, 'plimsoll.toml');
  const ws = `ws://127.0.0.1:${proxy.port}`;
  writeFileSync(file, keeperConfig(devnet.manifest, { dataDir: join(folder, 'data'), signer: 'none', mode: 'dry-run', ws, overrides: [[`ws = "${ws}"`, `ws = "${ws}"\nstartup_timeout = "30s"`]] }));
});
const running = [];
beforeEach(() => proxy.refuse(false));
after(async () => {
  for (const one of running) if (one.child.exitCode === null) await one.stop('SIGKILL');
  await proxy?.stop();
  await devnet?.stop();
  rmSync(folder, { recursive: true, force: true });
});

function watch(...args) {
  const process = new Process('positions', program, ['positions', '--watch', '--config', file, ...args]);
  running.push(process);
  return process;
}

const wad = (text, decimals) => {
  const [whole, fraction = ''] = text.split('.');
  return BigInt(whole + fraction.padEnd(decimals, '0'));
};

/** Every indebted account of that block, the nearest to its line first, by the pool's own word. */
async function rowsAt(block, below = 2n ** 256n) {
  const { accounts } = await readTruth(devnet.rpc, devnet.manifest, { block });
  return accounts.filter(({ totalDebtBase, healthFactor }) => totalDebtBase > 0n && healthFactor < below)
    .map(({ account, healthFactor, totalCollateralBase, totalDebtBase }) => `${account.toLowerCase()} ${healthFactor} ${totalCollateralBase} ${totalDebtBase}`).sort();
}
const told = ({ positions }) => positions
  .map((one) => `${one.account.toLowerCase()} ${wad(one.health_factor, 18)} ${wad(one.collateral_usd, 8)} ${wad(one.debt_usd, 8)}`).sort();

/** The document of the chain's newest block, once it is told. */
async function newest(process) {
  const { hash } = await devnet.rpc('eth_getBlockByNumber', 'latest', false);
  return JSON.parse(await process.line(new RegExp(`"block_hash":"${hash}"`), 20));
}

test('--json: one object a line and block, with the rows that the contracts have there', async () => {
  const { rpc, manifest } = devnet;
  const process = watch('--json');
  const documents = [await newest(process)];
  await playGap(rpc, manifest, { change: -0.1 });
  documents.push(await newest(process));
  await playRatio(rpc, manifest, { change: -0.04 }); // no log tells of it
  documents.push(await newest(process));
  await playGap(rpc, manifest, { change: 0.05 });
  documents.push(await newest(process));
  for (const document of documents) assert.deepEqual(told(document), await rowsAt(document.block_hash));
  const factors = documents.map(({ positions }) => positions.map((one) => one.health_factor).join());
  assert.equal(new Set(factors).size, documents.length, 'the rows change as the prices move');

  const before = await rpc('evm_snapshot');
  await playGap(rpc, manifest, { change: -0.05 });
  await newest(process);
  await rpc('evm_revert', before);
  await rpc('evm_mine');
  const after = await newest(process);
  assert.deepEqual(told(after), await rowsAt(after.block_hash), 'after blocks that were taken back');

  proxy.refuse(true);
  proxy.cut();
  await process.line(/^warning: .*asking again/, 20);
  await playGap(rpc, manifest, { change: -0.05 });
  proxy.refuse(false);
  const again = await newest(process);
  assert.deepEqual(told(again), await rowsAt(again.block_hash), 'after a lost connection');

  assert.deepEqual(await process.stop('SIGINT', 5), { code: 0, signal: null });
  const lines = process.lines.filter((line) => !/^warning: /.test(line)).map((line) => JSON.parse(line));
  assert.ok(lines.every(({ schema, venue }) => schema === 'plimsoll.positions.v1' && venue === 'aave-v3-devnet'));
  assert.equal(new Set(lines.map((line) => line.block_hash)).size, lines.length, 'each block once');
});

test('--hf-below: those below it only, and a table for people; SIGTERM ends it', async () => {
  const { rpc, manifest } = devnet;
  const table = watch('--hf-below', '1.2');
  const process = watch('--hf-below', '1.2', '--json');
  const limit = 12n * 10n ** 17n;
  const sizes = [];
  for (const change of [0, -0.2]) {
    if (change !== 0) await playGap(rpc, manifest, { change });
    const document = await newest(process);
    assert.deepEqual(told(document), await rowsAt(document.block_hash, limit));
    sizes.push(document.positions.length);
    await table.line(new RegExp(`^aave-v3-devnet, block ${document.block}: ${document.positions.length} accounts$`), 20);
  }
  assert.ok(sizes[0] < sizes[1] && sizes[1] < (await rowsAt('latest')).length, `${sizes}`);
  const rows = table.lines.slice(table.lines.findLastIndex((line) => line.startsWith('aave-v3-devnet, block')) + 1);
  assert.equal(rows.length, sizes[1]);
  assert.deepEqual(await process.stop('SIGTERM', 5), { code: 0, signal: null });
  assert.deepEqual(await table.stop('SIGTERM', 5), { code: 0, signal: null });
});

test('a node that does not come back: 69 when the startup_timeout is over', async () => {
  const process = watch('--endpoint.0.startup-timeout', '1s', '--json');
  await newest(process);
  proxy.refuse(true);
  proxy.cut();
  const { code } = await process.ended;
  assert.equal(code, 69, process.lines.at(-1));
  assert.match(process.lines.at(-1), /endpoint "devnet" did not answer within startup_timeout = 1s/);
});
