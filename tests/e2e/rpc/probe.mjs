// SPDX-License-Identifier: Apache-2.0
// Runs plimsoll_feed_probe and follows its JSON lines; keeps the chain they tell, and checks the stream's promises.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

function program() {
  const build = process.env.PLIMSOLL_BUILD ?? fileURLToPath(new URL('../../../build/release', import.meta.url));
  const path = `${build}/tests/e2e/rpc/plimsoll_feed_probe`;
  if (!existsSync(path)) throw new Error(`${path} is not built (PLIMSOLL_BUILD names the build directory)`);
  return path;
}

export class Probe {
  constructor(args, env = {}) {
    this.lines = [];
    this.chain = []; // sealed blocks as {hash, parent, number, logs, ...}
    this.undone = 0;
    this.readiness = [];
    this.open_ = null;
    this.waiters_ = [];
    this.child_ = spawn(program(), args.map(String), { env: { ...process.env, ...env }, stdio: ['pipe', 'pipe', 'inherit'] });
    this.ended = new Promise((resolve) => this.child_.on('exit', resolve));
    createInterface({ input: this.child_.stdout }).on('line', (text) => this.take_(JSON.parse(text)));
  }

  take_(line) {
    this.lines.push(line);
    this.events_(line);
    this.waiters_ = this.waiters_.filter((waiter) => !waiter());
  }

  events_(line) {
    if (line.event === 'started') {
      assert.equal(this.open_, null, 'one open block at a time');
      const tip = this.chain.at(-1);
      if (tip) assert.equal(line.parent, tip.hash, 'a block links to the sealed tip');
      this.open_ = { ...line, logs: [] };
    } else if (line.event === 'log') {
      assert.equal(line.block, this.open_?.hash, 'a log belongs to the open block');
      const last = this.open_.logs.at(-1);
      if (last) assert.ok(Number(last.index) < Number(line.index), 'logs come in index order, once');
      this.open_.logs.push(line);
    } else if (line.event === 'sealed') {
      assert.equal(line.hash, this.open_?.hash, 'the open block is sealed');
      assert.equal(Number(line.count), this.open_.logs.length, 'the count is the count');
      this.chain.push(this.open_);
      this.open_ = null;
    } else if (line.event === 'undone') {
      this.undone += 1;
      const gone = this.open_ ?? this.chain.pop();
      this.open_ = null;
      assert.equal(line.hash, gone?.hash, 'undone tip first');
    } else if (line.event === 'readiness') {
      this.readiness.push(Number(line.bits));
    }
  }

  /** Waits until `condition(this)` holds. */
  until(condition, what, milliseconds = 20_000) {
    if (condition(this)) return Promise.resolve();
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`no ${what} within ${milliseconds} ms: ${JSON.stringify(this.lines.slice(-3))}`)), milliseconds);
      this.waiters_.push(() => {
        if (!condition(this)) return false;
        clearTimeout(timer);
        resolve();
        return true;
      });
    });
  }

  sealed(hash) {
    return this.until(() => this.chain.some((block) => block.hash === hash), `seal of ${hash}`);
  }

  field(name) {
    return this.lines.find((line) => line.field === name || line.error === name);
  }

  async ask(text, name) {
    const known = this.lines.filter((line) => line.field === name).length;
    this.write(text);
    await this.until(() => this.lines.filter((line) => line.field === name || line.error === name).length > known, `answer to ${text}`);
    return this.lines.filter((line) => line.field === name || line.error === name).at(-1);
  }

  write(text) {
    this.child_.stdin.write(`${text}\n`);
  }

  /** Ends it by closing its input; answers its exit code. */
  async stop() {
    this.child_.stdin.end();
    const timer = setTimeout(() => this.child_.kill('SIGKILL'), 10_000);
    const code = await this.ended;
    clearTimeout(timer);
    return code;
  }

  get counters() {
    return this.lines.find((line) => line.event === 'counters');
  }
}
