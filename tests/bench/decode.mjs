#!/usr/bin/env node
// SPDX-License-Identifier: Apache-2.0
// Log bytes to applied state beside parsing alone and beside viem, on the same answer in the same run, and a start from a
// snapshot: measured, goal, whether it holds. Exit 1 only if something could not be measured.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
const build = process.env.PLIMSOLL_BUILD ?? join(root, 'build', 'release');
const viem = createRequire(join(root, 'tests/devnet/package.json'))('viem');
const kWarmRounds = 1;
const kRounds = 3;

const abi = viem.parseAbi([
  'event ReserveDataUpdated(address indexed reserve, uint256 liquidityRate, uint256 stableBorrowRate, uint256 variableBorrowRate, uint256 liquidityIndex, uint256 variableBorrowIndex)',
  'event Mint(address indexed caller, address indexed onBehalfOf, uint256 value, uint256 balanceIncrease, uint256 index)',
  'event Burn(address indexed from, address indexed target, uint256 value, uint256 balanceIncrease, uint256 index)',
  'event Supply(address indexed reserve, address user, address indexed onBehalfOf, uint256 amount, uint16 indexed referralCode)',
  'event Withdraw(address indexed reserve, address indexed user, address indexed to, uint256 amount)',
  'event Borrow(address indexed reserve, address user, address indexed onBehalfOf, uint256 amount, uint8 interestRateMode, uint256 borrowRate, uint16 indexed referralCode)',
  'event Repay(address indexed reserve, address indexed user, address indexed repayer, uint256 amount, bool useATokens)',
]);
const ray = 10n ** 27n;

/** What a keeper written with viem does with the same bytes: parse, format, decode, and keep balances and indices in maps. */
function applyWithViem(text) {
  const balances = new Map();
  const indices = new Map();
  const add = (token, who, amount) => balances.set(`${token}${who}`, (balances.get(`${token}${who}`) ?? 0n) + amount);
  const logs = JSON.parse(text).result.map((log) => viem.formatLog(log));
  const decoded = viem.parseEventLogs({ abi, logs });
  for (const { address, eventName, args } of decoded) {
    if (eventName === 'Mint') add(address, args.onBehalfOf, ((args.value - args.balanceIncrease) * ray) / args.index);
    else if (eventName === 'Burn') add(address, args.from, -((args.value + args.balanceIncrease) * ray) / args.index);
    else if (eventName === 'ReserveDataUpdated') indices.set(args.reserve, [args.liquidityIndex, args.variableBorrowIndex]);
  }
  return decoded.length;
}

function viemLogsPerSecond(text, expected) {
  const times = [];
  for (let round = 0; round < kWarmRounds + kRounds; ++round) {
    const start = process.hrtime.bigint();
    const count = applyWithViem(text);
    const seconds = Number(process.hrtime.bigint() - start) / 1e9;
    if (count !== expected) throw new Error(`viem decoded ${count} of ${expected} logs`);
    if (round >= kWarmRounds) times.push(seconds);
  }
  return expected / times.sort((a, b) => a - b)[kRounds >> 1];
}

const row = (name, measured, goal, holds) => console.log(`decode: ${name.padEnd(46)} ${measured.padStart(16)}  goal ${goal.padEnd(12)} ${holds ? 'holds' : 'does not hold'}`);

const folder = mkdtempSync(join(tmpdir(), 'plimsoll-decode-'));
try {
  const file = join(folder, 'answer.json');
  const run = spawnSync(join(build, 'bench', 'plimsoll_decode_bench'), [file], { encoding: 'utf8' });
  if (run.status !== 0) throw new Error(`plimsoll_decode_bench: ${run.error ?? run.stderr}`);
  const told = Object.fromEntries(run.stdout.trim().split('\n').map((line) => line.split(' ')).map(([name, value]) => [name, Number(value)]));
  const theirs = viemLogsPerSecond(readFileSync(file, 'utf8'), told.logs);
  const ours = told.applied_logs_per_second;
  const perSecond = (value) => `${Math.round(value).toLocaleString('en-US')}/s`;
  console.log(`decode: ${told.logs} logs in ${told.bytes} bytes: parse only ${perSecond(told.parse_only_logs_per_second)}, applied ${perSecond(ours)}, viem ${perSecond(theirs)}`);
  row('log bytes to applied state, of parsing alone', `${((100 * ours) / told.parse_only_logs_per_second).toFixed(0)} %`, '>= 60 %', ours >= 0.6 * told.parse_only_logs_per_second);
  row('log bytes to applied state, beside viem, warm', `${(ours / theirs).toFixed(0)} x`, '>= 60 x', ours >= 60 * theirs);
  row(`snapshot of ${told.snapshot_accounts} accounts to ready`, `${told.snapshot_to_ready_ms.toFixed(0)} ms`, '< 2000 ms', told.snapshot_to_ready_ms < 2000);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
