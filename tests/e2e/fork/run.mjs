// SPDX-License-Identifier: Apache-2.0
// Keepers on one origin, each behind a wire that counts, and what they said.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { anvilBinary } from '../../devnet/lib/anvil.mjs';
import { keeperConfig } from '../keeper/config.mjs';
import { Process, program } from '../keeper/process.mjs';
import { startWire } from '../keeper/wire.mjs';

const sleep = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));
export const fieldsOf = (line) => Object.fromEntries([...line.matchAll(/(\w+)=("[^"]*"|\S+)/g)].map(([, name, value]) => [name, value]));

/** {start(name, args, options), stop()}; `start` answers a keeper with its wire, linesOf(event), report() and untilQuiet(). */
export function openRuns(manifest) {
  const folder = mkdtempSync(join(tmpdir(), 'plimsoll-fork-'));
  const running = [];

  async function start(name, args, { anvil = anvilBinary(), ready = true, ...options } = {}) {
    const home = join(folder, name);
    mkdirSync(home);
    const wire = await startWire(manifest.ws);
    const dataDir = join(home, 'data');
    const file = join(home, 'plimsoll.toml');
    const text = keeperConfig(manifest, { dataDir, ws: wire.url, blockTime: '12s', summaryEvery: '1s', format: 'logfmt', maxPending: 64, ...options });
    writeFileSync(file, `${text}\n[fork]\nanvil = "${anvil}"\n`);
    const keeper = new Process(name, program, [...args, '--config', file]);
    const linesOf = (event) => keeper.lines.filter((line) => new RegExp(`event=${event}( |$)`).test(line)).map(fieldsOf);
    const run = {
      wire, keeper, linesOf,
      report: (path = 'report.json') => JSON.parse(readFileSync(join(dataDir, path), 'utf8')),
      /** Until, for `seconds`, none of these events was told. */
      async untilQuiet(events, seconds = 4) {
        const count = () => events.reduce((sum, event) => sum + linesOf(event).length, 0);
        let seen = -1;
        for (let since = Date.now(); Date.now() - since < seconds * 1000; await sleep(100)) {
          if (count() === seen) continue;
          seen = count();
          since = Date.now();
        }
      },
    };
    running.push(run);
    if (ready) await keeper.line(/event=ready .*watching/, 120);
    return run;
  }

  async function stop() {
    for (const { keeper, wire } of running) {
      if (keeper.child.exitCode === null && keeper.child.signalCode === null) await keeper.stop('SIGKILL');
      await wire.stop();
    }
    rmSync(folder, { recursive: true, force: true });
  }

  return { start, stop, folder };
}
