#!/usr/bin/env node
// SPDX-License-Identifier: Apache-2.0
import { parseArgs } from 'node:util';
import {
  estimate, openDevnet, playActivity, playAggregatorSwap, playBleed, playCappedRatio, playDepeg, playGap, playGlitch, playInterest, playRatio, readTruth,
  saveManifest, startDevnet, versions,
} from './devnet.mjs';

const usage = `usage: cli.mjs COMMAND [options]
  up        --manifest FILE [--aave 3.0.2|3.6] [--port P] [--borrowers N] [--seed S] [--block-time T] [--history BLOCKS] [--depth-scale X] [--no-traffic] [--quiet]
            starts everything, writes FILE, prints "ready" and stays until it is told to stop
  gap       --manifest FILE [--asset ETH] [--change -25%] [--alone] [--pool-blocks 3] [--base-fee GWEI]
  bleed     --manifest FILE [--change -15%] [--steps 20] [--seconds 3600]
  depeg     --manifest FILE [--asset USDC] [--change -10%] [--recover]
  ratio     --manifest FILE [--change -6%]
  capped    --manifest FILE [--blocks 4] [--seconds 3600]
  aggregator --manifest FILE [--feed ETH/USD] [--change -8%]
  glitch    --manifest FILE [--feed ETH/USD] [--change -40%] [--kind same-block|one-block|reorged] [--by anvil_reorg|evm_revert]
  interest  --manifest FILE [--seconds N]
  activity  --manifest FILE [--blocks N] [--seed S]
  truth     --manifest FILE [--block NUMBER|HASH|latest] [--lines]
  estimate  --manifest FILE [--gwei 10]`;

const options = Object.fromEntries([
  ...['manifest', 'aave', 'port', 'borrowers', 'seed', 'block-time', 'history', 'depth-scale', 'asset', 'change', 'pool-blocks', 'base-fee', 'seconds',
    'blocks', 'block', 'gwei', 'steps', 'feed', 'kind', 'by'].map((name) => [name, { type: 'string' }]),
  ...['quiet', 'no-traffic', 'alone', 'recover', 'lines', 'help'].map((name) => [name, { type: 'boolean' }]),
]);

class UsageError extends Error {}

function number(values, name, fallback) {
  if (values[name] === undefined) return fallback;
  const value = Number(values[name]);
  if (!Number.isFinite(value) || value < 0) throw new UsageError(`--${name} wants a number, not ${values[name]}`);
  return value;
}

// Undefined when nothing was given: each scenario has its own.
function change(text) {
  if (text === undefined) return undefined;
  const match = /^([+-]?\d+(\.\d+)?)(%?)$/.exec(text);
  const value = match ? Number(match[1]) / (match[3] ? 100 : 1) : NaN;
  if (!(value > -1 && value < 10)) throw new UsageError(`--change wants something like -25% or -0.25, not ${text}`);
  return value;
}

const json = (value, indent) => JSON.stringify(value, (key, item) => (typeof item === 'bigint' ? item.toString() : item), indent);
const print = (value) => process.stdout.write(`${json(value, 2)}\n`);

async function up(values) {
  if (values.aave !== undefined && !Object.hasOwn(versions, values.aave)) throw new UsageError(`--aave wants ${Object.keys(versions).join(' or ')}, not ${values.aave}`);
  const say = values.quiet ? () => {} : (step, milliseconds) => console.log(`${step}: ${(milliseconds / 1000).toFixed(1)} s`);
  const devnet = await startDevnet({
    aave: values.aave, port: number(values, 'port', 0), borrowers: number(values, 'borrowers', 200), seed: values.seed ?? '1',
    blockTime: number(values, 'block-time', 0), history: number(values, 'history', 640), depthScale: number(values, 'depth-scale', undefined),
    traffic: values['no-traffic'] ? false : undefined, say,
  });
  let stopping = false;
  const stop = async () => {
    stopping = true;
    await devnet.stop();
    process.exit(0);
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, stop);
  devnet.node.ended.then((code) => {
    if (stopping) return;
    console.error(`anvil ended with code ${code}`);
    process.exit(1);
  });
  if (values.manifest) saveManifest(values.manifest, devnet.manifest);
  if (!values.quiet) console.log(`listening on ${devnet.manifest.http}`);
  console.log('ready');
}

// Options are read before anything is opened, so that a wrong one costs nothing.
async function play(values, scenario) {
  const { manifest, rpc } = openDevnet(values.manifest);
  manifest.scenario = await scenario(rpc, manifest);
  saveManifest(values.manifest, manifest);
  print(manifest.scenario);
}

function gap(values) {
  const settings = {
    asset: values.asset, change: change(values.change), alone: values.alone, poolBlocks: number(values, 'pool-blocks', undefined),
    baseFee: number(values, 'base-fee', undefined),
  };
  return play(values, (rpc, manifest) => playGap(rpc, manifest, settings));
}

function interest(values) {
  const settings = { seconds: number(values, 'seconds', undefined) };
  return play(values, (rpc) => playInterest(rpc, settings));
}

function bleed(values) {
  const settings = { change: change(values.change), steps: number(values, 'steps', undefined), seconds: number(values, 'seconds', undefined) };
  return play(values, (rpc, manifest) => playBleed(rpc, manifest, settings));
}

function depeg(values) {
  const settings = { changes: { [values.asset ?? 'USDC']: change(values.change) ?? -0.1 }, recover: values.recover };
  return play(values, (rpc, manifest) => playDepeg(rpc, manifest, settings));
}

function ratio(values) {
  const settings = { change: change(values.change) };
  return play(values, (rpc, manifest) => playRatio(rpc, manifest, settings));
}

function capped(values) {
  const settings = { blocks: number(values, 'blocks', undefined), seconds: number(values, 'seconds', undefined) };
  return play(values, (rpc, manifest) => playCappedRatio(rpc, manifest, settings));
}

function aggregator(values) {
  const settings = { feed: values.feed, change: change(values.change) };
  return play(values, (rpc, manifest) => playAggregatorSwap(rpc, manifest, settings));
}

function glitch(values) {
  const settings = { feed: values.feed, change: change(values.change), kind: values.kind, by: values.by };
  return play(values, (rpc, manifest) => playGlitch(rpc, manifest, settings));
}

function activity(values) {
  const settings = { blocks: number(values, 'blocks', undefined), seed: values.seed };
  return play(values, (rpc, manifest) => playActivity(rpc, manifest, settings));
}

async function truth(values) {
  const { manifest, rpc } = openDevnet(values.manifest);
  const answer = await readTruth(rpc, manifest, { block: values.block ?? 'latest' });
  if (!values.lines) return process.stdout.write(`${json(answer)}\n`);
  return process.stdout.write(answer.accounts.map((account) => `${json({ block: answer.block.number, ...account })}\n`).join(''));
}

async function showEstimate(values) {
  const { manifest, rpc } = openDevnet(values.manifest);
  const { rows, ...totals } = await estimate(rpc, manifest, { gwei: number(values, 'gwei', 10) });
  print({ ...totals, candidates: rows.map(({ position, best }) => ({ ...position, best })) });
}

const commands = { up, gap, bleed, depeg, ratio, capped, aggregator, glitch, interest, activity, truth, estimate: showEstimate };

// A reader that has seen enough (head, less) is no error.
process.stdout.on('error', (error) => process.exit(error.code === 'EPIPE' ? 0 : 1));

async function main() {
  const { values, positionals } = parseArgs({ options, allowPositionals: true });
  if (values.help) return console.log(usage);
  const command = Object.hasOwn(commands, positionals[0] ?? '') ? commands[positionals[0]] : undefined;
  if (!command || positionals.length > 1) throw new UsageError('which command?');
  if (command !== up && !values.manifest) throw new UsageError('--manifest FILE is needed');
  return command(values);
}

main().catch((error) => {
  const usageProblem = error instanceof UsageError || error.code?.startsWith?.('ERR_PARSE_ARGS');
  console.error(usageProblem ? `${error.message}\n${usage}` : error.stack);
  process.exit(usageProblem ? 64 : 1);
});
