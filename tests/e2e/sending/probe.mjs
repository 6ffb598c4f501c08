// SPDX-License-Identifier: Apache-2.0
// Runs plimsoll_sending_probe and follows its JSON lines.
import { execFileSync, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

function program() {
  const build = process.env.PLIMSOLL_BUILD ?? fileURLToPath(new URL('../../../build/release', import.meta.url));
  const path = `${build}/tests/e2e/sending/plimsoll_sending_probe`;
  if (!existsSync(path)) throw new Error(`${path} is not built (PLIMSOLL_BUILD names the build directory)`);
  return path;
}

/** What the journal of a probe that has ended says: lines of the events `attempt` and `end`. */
export const readJournal = (folder) => execFileSync(program(), ['journal', folder], { encoding: 'utf8', maxBuffer: 1 << 26 })
  .split('\n').filter((line) => line !== '').map((line) => JSON.parse(line));

export class SendingProbe {
  /** `perHour` wei may be spent in an hour; nothing given: no limit. */
  constructor(url, folder, { perHour } = {}) {
    this.lines = [];
    this.waiters_ = [];
    this.child_ = spawn(program(), [url, folder, ...(perHour === undefined ? [] : [String(perHour)])], { stdio: ['pipe', 'pipe', 'inherit'] });
    this.child_.stdin.on('error', () => {}); // it may be gone
    this.ended = new Promise((resolve) => this.child_.on('exit', resolve));
    createInterface({ input: this.child_.stdout }).on('line', (text) => {
      this.lines.push(JSON.parse(text));
      this.waiters_ = this.waiters_.filter((waiter) => !waiter());
    });
  }

  command(...words) {
    this.child_.stdin.write(`${words.join(' ')}\n`);
  }

  all(event, wanted = {}) {
    return this.lines.filter((line) => line.event === event && Object.entries(wanted).every(([key, value]) => line[key] === value));
  }

  /** The first line of this event with these fields, once there is one. */
  until(event, wanted = {}, count = 1) {
    return new Promise((resolve, reject) => {
      const look = () => {
        const found = this.all(event, wanted);
        if (found.length < count) return false;
        clearTimeout(limit);
        resolve(found[count - 1]);
        return true;
      };
      const limit = setTimeout(() => reject(new Error(
        `no ${event} ${JSON.stringify(wanted)} number ${count} in:\n${this.lines.map((line) => JSON.stringify(line)).slice(-40).join('\n')}`)), 60_000);
      if (!look()) this.waiters_.push(look);
    });
  }

  /** The head has reached the probe. */
  async sees(number) {
    await this.until('head', { number });
  }

  async kill() {
    this.child_.kill('SIGKILL');
    await this.ended;
  }
}
