// SPDX-License-Identifier: Apache-2.0
// The play itself: a local chain, the keeper, a price drop, and an independent look at what came of it. Called by bot/demo.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { openDevnet } from '../tests/devnet/devnet.mjs';
import { keeperConfig } from '../tests/e2e/keeper/config.mjs';
import { devnetCli, Process, program, runToEnd } from '../tests/e2e/keeper/process.mjs';
import { verify } from './demo_verify.mjs';
import { table } from './demo_table.mjs';

const { values } = parseArgs({
  options: {
    stay: { type: 'boolean' }, quiet: { type: 'boolean' }, borrowers: { type: 'string', default: '200' }, seed: { type: 'string', default: '1' },
    aave: { type: 'string', default: '3.0.2' },
  },
});
const minProfitUsd = 5;
const settledAfter = 6; // seconds
const say = values.quiet ? () => {} : (text) => console.log(text);
const seconds = (since) => `${((Date.now() - since) / 1000).toFixed(1)} s`;
const sleep = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

const folder = mkdtempSync(join(tmpdir(), 'plimsoll-demo-'));
const manifestFile = join(folder, 'manifest.json');
let interrupted = false;
let interrupt;
const asked = new Promise((resolve) => {
  interrupt = resolve;
});
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.on(signal, () => {
    if (interrupted) process.exit(130);
    interrupted = true;
    interrupt();
  });
}

/** Fails as soon as Ctrl-C is pressed. */
const unlessInterrupted = (promise) => Promise.race([promise, asked.then(() => Promise.reject(new Error('interrupted')))]);

async function startChain() {
  const begun = Date.now();
  const args = [devnetCli, 'up', '--manifest', manifestFile, '--borrowers', values.borrowers, '--seed', values.seed, '--aave', values.aave, '--block-time', '1'];
  const chain = new Process('devnet', process.execPath, args, { onLine: (line) => line !== 'ready' && say(`      ${line}`) });
  await unlessInterrupted(chain.line(/^ready$/, 300));
  say(`demo: [3/5] local chain with ${values.borrowers} borrowers, ${seconds(begun)}`);
  return chain;
}

async function startKeeper(manifest) {
  const begun = Date.now();
  const file = join(folder, 'plimsoll.toml');
  const dataDir = join(folder, 'data');
  mkdirSync(dataDir);
  writeFileSync(file, keeperConfig(manifest, { dataDir, minProfit: `${minProfitUsd} usd`, summaryEvery: '5s', format: 'pretty', maxPending: 64 }));
  let busy = Date.now();
  const keeper = new Process('plimsoll', program, ['run', '--config', file, '--live'], {
    onLine: (line) => {
      if (/ (found|sent|won|lost|replace|reverted|expired) /.test(line)) busy = Date.now();
      say(line);
    },
  });
  keeper.dataDir = dataDir;
  keeper.idleSeconds = () => (Date.now() - busy) / 1000;
  keeper.touch = () => {
    busy = Date.now();
  };
  await unlessInterrupted(keeper.line(/ ready +watching /, 120));
  say(`demo: [4/5] the keeper knows the market, ${seconds(begun)}; now the price of Ether falls by a quarter`);
  return keeper;
}

async function dropPrice(keeper) {
  const { code, output } = await unlessInterrupted(runToEnd(process.execPath, [devnetCli, 'gap', '--manifest', manifestFile, '--asset', 'ETH', '--change=-25%']));
  if (code !== 0) throw new Error(`the price could not be moved:\n${output}`);
  keeper.touch();
}

/** Until the keeper has had nothing to do for some blocks of one second and nothing of it is pending. */
async function untilSettled(keeper) {
  const limit = Date.now() + 180_000;
  const quiet = () => {
    const summary = keeper.lines.filter((line) => / summary /.test(line)).at(-1) ?? '';
    return keeper.idleSeconds() > settledAfter && / pending=0 /.test(summary);
  };
  while (!quiet()) {
    if (Date.now() > limit) throw new Error('the keeper did not come to rest within 3 minutes');
    await unlessInterrupted(Promise.race([sleep(250), keeper.ended.then(({ code }) => Promise.reject(new Error(`the keeper ended with code ${code}`)))]));
  }
}

async function stopKeeper(keeper) {
  const { code, signal } = await keeper.stop('SIGTERM', 30);
  if (code !== 0) throw new Error(`the keeper ended with ${signal ?? code} instead of 0`);
  return JSON.parse(readFileSync(join(keeper.dataDir, 'report.json'), 'utf8'));
}

async function main() {
  const chain = await startChain();
  const { manifest, rpc } = openDevnet(manifestFile);
  const before = Number(await rpc('eth_blockNumber'));
  const keeper = await startKeeper(manifest);
  await dropPrice(keeper);
  if (values.stay) {
    say(`demo: staying; the configuration is ${join(folder, 'plimsoll.toml')}. Ctrl-C ends it`);
    await Promise.race([asked, keeper.ended, chain.ended]);
  } else await untilSettled(keeper);
  const last = Number(await rpc('eth_blockNumber'));
  const report = await stopKeeper(keeper);
  await rpc('evm_setIntervalMining', 0); // the chain stands still while it is looked at
  let confirmed = true;
  if (!values.stay) {
    say('demo: [5/5] the independent check');
    const reportFile = join(keeper.dataDir, 'report.json');
    confirmed = await verify({ manifestFile, reportFile, report, before, last, minProfitUsd, say: (text) => say(`      ${text}`) });
  }
  console.log(table(report, manifest));
  if (!values.stay) console.log(confirmed ? 'Every amount was confirmed by the chain, and nothing worth taking was left.' : 'The independent check FAILED.');
  await chain.stop();
  return confirmed && (values.stay || report.won > 0) ? 0 : 1;
}

main().then((code) => {
  rmSync(folder, { recursive: true, force: true });
  process.exit(code);
}, (error) => {
  console.error(`demo: ${error.message}`);
  if (interrupted) rmSync(folder, { recursive: true, force: true });
  else console.error(`demo: configuration, journal and report are in ${folder}`);
  process.exit(interrupted ? 130 : 1);
});
