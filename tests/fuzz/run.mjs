#!/usr/bin/env node
// SPDX-License-Identifier: Apache-2.0
// Runs the fuzzers over their corpora and then over so many inputs of their own, always the same ones: the seed is fixed.
//   run.mjs BUILD [--runs N] [--seconds N] [--only NAME]     prints "ok - name" or the failure; last "# pass N" and "# fail N"
//   run.mjs BUILD --coverage                                   BUILD is of the preset coverage: lines each corpus reaches
//   run.mjs BUILD --merge FOLDER                               keeps of corpora and FOLDER/<name> what reaches something new
// Exit 1 if a fuzzer failed, died, or took more memory than it may.
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { coverageOf } from './coverage.mjs';
import { readCorpus, writeCorpus } from './seeds.mjs';

const here = fileURLToPath(new URL('.', import.meta.url));
const kMegabytes = 1024;
const kLongestInput = 4096;
const kSlowestInput = 20; // seconds

export const names = () => readdirSync(join(here, 'corpus')).map((file) => basename(file, '.txt')).sort();
const corpusFile = (name) => join(here, 'corpus', `${name}.txt`);

/** Writes a corpus as libFuzzer wants it, a file an input. Returns the folder. */
function unpack(name, folder) {
  mkdirSync(folder, { recursive: true });
  readCorpus(corpusFile(name)).forEach((bytes, i) => writeFileSync(join(folder, String(i).padStart(5, '0')), bytes));
  return folder;
}

function runProgram(program, args, environment = {}) {
  return new Promise((done) => {
    const child = spawn(program, args, { env: { ...process.env, ...environment }, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    const hear = (chunk) => { output = (output + chunk).slice(-100_000); };
    child.stdout.on('data', hear);
    child.stderr.on('data', hear);
    child.on('error', (error) => done({ code: 127, output: String(error) }));
    child.on('close', (code, signal) => done({ code: code ?? signal, output }));
  });
}

const limits = [`-rss_limit_mb=${kMegabytes}`, `-max_len=${kLongestInput}`, `-timeout=${kSlowestInput}`, '-verbosity=0', '-print_final_stats=1'];

/** {name, good, text}: the corpus first, then `runs` inputs in all, or `seconds` of them. */
async function fuzz(build, name, { runs, seconds }, work) {
  const seeds = unpack(name, join(work, name));
  const found = join(work, `${name}-found-`);
  const amount = seconds ? [`-max_total_time=${seconds}`] : [`-runs=${runs}`];
  // What is found new goes nowhere: a run must not depend on the one before.
  const args = ['-seed=1', ...amount, ...limits, `-artifact_prefix=${found}`, seeds];
  const { code, output } = await runProgram(join(build, 'fuzz', name), args, { UBSAN_OPTIONS: 'print_stacktrace=1' });
  const done = Number(/stat::number_of_executed_units:\s*(\d+)/.exec(output)?.[1] ?? 0);
  const memory = Number(/stat::peak_rss_mb:\s*(\d+)/.exec(output)?.[1] ?? 0);
  const enough = seconds !== undefined || done >= runs;
  if (code === 0 && enough) return { name, good: true, text: `${done} inputs, ${memory} MB` };
  const artifacts = readdirSync(work).filter((file) => file.startsWith(`${name}-found-`));
  const inputs = artifacts.map((file) => `input in hex: ${readFileSync(join(work, file)).toString('hex')}`);
  return { name, good: false, text: [`ended with ${code} after ${done} inputs`, output.slice(-4000), ...inputs].join('\n') };
}

/** Calls `job` on every item, as many at a time as there are cores. */
async function each(items, job) {
  const waiting = [...items];
  const worker = async () => {
    while (waiting.length > 0) await job(waiting.shift());
  };
  await Promise.all(Array.from({ length: Math.max(1, cpus().length) }, worker));
}

function report(results) {
  let failed = 0;
  for (const { name, good, text } of results) {
    console.log(`${good ? 'ok' : 'not ok'} - ${name}: ${text}`);
    if (!good) ++failed;
  }
  console.log(`# pass ${results.length - failed}\n# fail ${failed}`);
  process.exitCode = failed === 0 && results.length > 0 ? 0 : 1;
}

async function merge(build, folder, work) {
  for (const name of names()) {
    const kept = join(work, `${name}-kept`);
    mkdirSync(kept);
    const more = join(folder, name);
    const from = [unpack(name, join(work, name)), ...(existsSync(more) ? [more] : [])];
    const { code, output } = await runProgram(join(build, 'fuzz', name), ['-merge=1', ...limits, kept, ...from]);
    if (code !== 0) throw new Error(`${name}: ${output.slice(-2000)}`);
    const inputs = readdirSync(kept).sort().map((file) => readFileSync(join(kept, file)));
    writeCorpus(corpusFile(name), inputs);
    console.log(`${name}: ${inputs.length} inputs, ${inputs.reduce((sum, bytes) => sum + bytes.length, 0)} bytes`);
  }
}

const args = process.argv.slice(2);
const option = (name) => (args.includes(name) ? args[args.indexOf(name) + 1] : undefined);
const build = resolve(args[0] ?? 'build/fuzz');
const chosen = option('--only') ? [option('--only')] : names();
const work = mkdtempSync(join(tmpdir(), 'plimsoll-fuzz-'));
try {
  if (args.includes('--merge')) {
    await merge(build, option('--merge'), work);
  } else if (args.includes('--coverage')) {
    const results = [];
    await each(chosen, async (name) => results.push(...(await coverageOf(build, name, unpack(name, join(work, name)), work, runProgram))));
    report(results.sort((a, b) => (a.name < b.name ? -1 : 1)));
  } else {
    const amount = { runs: Number(option('--runs') ?? 20_000), seconds: option('--seconds') };
    const results = [];
    await each(chosen, async (name) => results.push(await fuzz(build, name, amount, work)));
    report(results.sort((a, b) => (a.name < b.name ? -1 : 1)));
  }
} finally {
  rmSync(work, { recursive: true, force: true });
}
