// SPDX-License-Identifier: Apache-2.0
// One round: a fresh chain, both sides on it, one gap of prices, and what came of it.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { deployExecutor } from '../../../chain/contracts/deploy.mjs';
import { playGap, roleAccount, startDevnet } from '../../devnet/devnet.mjs';
import { keeperConfig } from '../../e2e/keeper/config.mjs';
import { Process, program } from '../../e2e/keeper/process.mjs';
import { outcome } from './outcome.mjs';
import { startStopwatch } from './stopwatch.mjs';

const tip = 1_000_000_000; // wei a gas, of both
const minProfit = 5; // USD, of both
const quietBlocks = 4;
const botFile = fileURLToPath(new URL('bot/bot.mjs', import.meta.url));
const sleep = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

async function startKeeper({ manifest }, watch, folder, armed) {
  const file = join(folder, 'plimsoll.toml');
  const dataDir = join(folder, 'data');
  const keys = armed > 0 ? { execution: { armed }, strategy: { speculate: true } } : {};
  writeFileSync(file, keeperConfig(manifest, { dataDir, ws: watch.url, minProfit: `${minProfit} usd`, summaryEvery: '2s', format: 'logfmt', maxPending: 64, keys }));
  const keeper = new Process('plimsoll', program, ['run', '--live', '--config', file]);
  await keeper.line(/event=ready .*watching/, 120);
  if (armed > 0) await keeper.line(/event=summary .* armed=[1-9]/, 60);
  const stop = async () => {
    const end = await keeper.stop('SIGTERM');
    if (end.code !== 0) throw new Error(`plimsoll ended with ${end.signal ?? end.code}\n${keeper.lines.slice(-10).join('\n')}`);
    return JSON.parse(readFileSync(join(dataDir, 'report.json'), 'utf8'));
  };
  return { stop, kill: () => keeper.stop('SIGKILL') };
}

async function startBot({ manifest }, watch, executor) {
  const settings = {
    ws: watch.url, privateKey: roleAccount('rival').privateKey, chainId: manifest.chainId, executor, tip, minProfit, deployBlock: Number(manifest.deployBlock),
    aave: { pool: manifest.aave.pool, dataProvider: manifest.aave.dataProvider, oracle: manifest.aave.oracle },
    uniswap: manifest.uniswap, weth: manifest.tokens.WETH.address,
  };
  const bot = new Process('bot', process.execPath, [botFile, JSON.stringify(settings)]);
  await bot.line(/"event":"ready"/, 120);
  const stop = async () => {
    const end = await bot.stop('SIGTERM');
    if (end.code !== 0) throw new Error(`the bot ended with ${end.signal ?? end.code}\n${bot.lines.slice(-10).join('\n')}`);
    return JSON.parse(bot.lines.findLast((line) => line.startsWith('{"event":"stop"')));
  };
  return { stop, kill: () => bot.stop('SIGKILL') };
}

/** Until, for some blocks, neither side has had a transaction in one. */
async function untilQuiet(rpc, senders) {
  const ours = new Set(senders.map((address) => address.toLowerCase()));
  let last = Number(await rpc('eth_blockNumber'));
  for (let quiet = 0, limit = Date.now() + 120_000; quiet < quietBlocks;) {
    if (Date.now() > limit) throw new Error('the race did not come to an end');
    await sleep(200);
    const block = await rpc('eth_getBlockByNumber', 'latest', true);
    if (Number(block.number) === last) continue;
    last = Number(block.number);
    quiet = block.transactions.some(({ from }) => ours.has(from)) ? 0 : quiet + 1;
  }
  return last;
}

/** Milliseconds from the first frame that named the block to each transaction of one side within the following second. */
function wireLatencies(watch, hash) {
  const begin = watch.firstFrameOf(hash);
  return watch.sends.filter((at) => at >= begin && at < begin + 1000).map((at) => at - begin);
}

/**
 * Plays one round; `first` ('plimsoll' or 'bot') is started first, so the node tells it first. With `armed`, Plimsoll keeps the transactions of so many
 * accounts signed and acts on prices of blocks that are not complete, as the bot does.
 */
export async function playRound({ seed, borrowers = 60, change = -0.15, armed = 0, first }) {
  const devnet = await startDevnet({ aave: '3.0.2', borrowers, seed, blockTime: 1 });
  const folder = mkdtempSync(join(tmpdir(), 'plimsoll-race-'));
  const watches = {};
  const sides = {};
  try {
    const { rpc, manifest } = devnet;
    const { owner, rival, treasury, operator } = manifest.accounts;
    const { address: executor } = await deployExecutor({ http: manifest.http, privateKey: roleAccount('admin').privateKey, owner, operator: rival, receiver: treasury });
    const starters = {
      plimsoll: async () => startKeeper(devnet, watches.plimsoll, folder, armed),
      bot: async () => startBot(devnet, watches.bot, executor),
    };
    for (const side of first === 'bot' ? ['bot', 'plimsoll'] : ['plimsoll', 'bot']) {
      watches[side] = await startStopwatch(manifest.ws);
      sides[side] = await starters[side]();
    }
    const from = Number(await rpc('eth_blockNumber')) + 1;
    const gap = await playGap(rpc, manifest, { change });
    const to = await untilQuiet(rpc, [operator, rival]);
    const [report, said] = [await sides.plimsoll.stop(), await sides.bot.stop()];
    await rpc('evm_setIntervalMining', 0);
    const wire = Object.fromEntries(Object.entries(watches).map(([side, watch]) => [side, wireLatencies(watch, gap.oracleBlock.hash)]));
    const program_ = { plimsoll: report.liquidations.filter(({ queued }) => !queued).map(({ microseconds }) => microseconds), bot: said.latencies };
    return { seed, first, report, said, wire, program: program_, ...(await outcome(rpc, manifest, { executor, from, to })) };
  } finally {
    for (const side of Object.values(sides)) await side.kill();
    for (const watch of Object.values(watches)) await watch.stop();
    await devnet.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}
