// SPDX-License-Identifier: Apache-2.0
// A child process whose lines can be waited for, and which never outlives its parent.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const running = new Set();
process.on('exit', () => running.forEach((child) => child.kill('SIGKILL')));

/** The keeper's program: PLIMSOLL_BUILD names the build folder, else the release preset's. */
export const program = `${process.env.PLIMSOLL_BUILD ?? `${root}build/release`}/plimsoll`;
export const devnetCli = `${root}tests/devnet/cli.mjs`;

/** What the keeper inherits: to it each PLIMSOLL_ variable is a setting, to the tests some are their own. */
const inherited = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('PLIMSOLL_')));

export class Process {
  /**
   * Starts at once. `onLine(line)` sees every line of both streams. The keeper gets no PLIMSOLL_ variables but those of `env`, and unless `env` names
   * one a runtime folder of its own: the lock of a key lies there, and every local chain of these tests has the same key and chain id.
   */
  constructor(name, command, args, { onLine = () => {}, cwd, env = {} } = {}) {
    this.name = name;
    this.lines = [];
    this.waiting = [];
    const own = command === program && !env.XDG_RUNTIME_DIR ? mkdtempSync(join(tmpdir(), 'plimsoll-runtime-')) : undefined;
    const runtime = own ? { XDG_RUNTIME_DIR: own } : {};
    this.child = spawn(command, args, { cwd, env: { ...(command === program ? inherited : process.env), ...runtime, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
    running.add(this.child);
    for (const stream of [this.child.stdout, this.child.stderr]) {
      createInterface({ input: stream }).on('line', (line) => {
        this.lines.push(line);
        onLine(line);
        this.waiting = this.waiting.filter((one) => !one(line));
      });
    }
    /** Resolves to {code, signal} when it has ended and its streams are closed. */
    this.ended = new Promise((resolve) => {
      this.child.on('error', (error) => resolve({ code: 127, signal: null, error }));
      this.child.on('close', (code, signal) => {
        running.delete(this.child);
        if (own) rmSync(own, { recursive: true, force: true });
        resolve({ code, signal });
      });
    });
  }

  /** The first line, past or future, that matches; rejects if the process ends or `seconds` pass before. */
  line(pattern, seconds = 120) {
    const past = this.lines.find((line) => pattern.test(line));
    if (past !== undefined) return Promise.resolve(past);
    return new Promise((resolve, reject) => {
      const tail = () => this.lines.slice(-15).join('\n');
      const timer = setTimeout(() => reject(new Error(`${this.name}: no line like ${pattern} within ${seconds} s\n${tail()}`)), seconds * 1000);
      this.waiting.push((line) => {
        if (!pattern.test(line)) return false;
        clearTimeout(timer);
        resolve(line);
        return true;
      });
      this.ended.then(({ code, signal }) => {
        clearTimeout(timer);
        reject(new Error(`${this.name} ended (${signal ?? code}) before a line like ${pattern}\n${tail()}`));
      });
    });
  }

  /** Sends a signal and waits for the end; SIGKILL after `seconds`. */
  async stop(signal = 'SIGTERM', seconds = 20) {
    this.child.kill(signal);
    const timer = setTimeout(() => this.child.kill('SIGKILL'), seconds * 1000);
    const end = await this.ended;
    clearTimeout(timer);
    return end;
  }
}

/** Runs to the end: {code, output}. */
export async function runToEnd(command, args, options) {
  const child = new Process(command, command, args, options);
  const { code, signal } = await child.ended;
  return { code: code ?? 128, signal, output: child.lines.join('\n') };
}
