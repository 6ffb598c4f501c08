// SPDX-License-Identifier: Apache-2.0
// Asks one of the probe programs: all requests at once, one JSON value a line each way.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import path from 'node:path';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../../..');

/// The folder of the build to test: $PLIMSOLL_BUILD, else build/release.
export const buildFolder = process.env.PLIMSOLL_BUILD ?? path.join(root, 'build', 'release');

export function ask(program, requests) {
  const input = requests.map((request) => JSON.stringify(request)).join('\n') + '\n';
  const run = spawnSync(path.join(buildFolder, 'tests/e2e/differential', program), { input, maxBuffer: 1 << 30, encoding: 'utf8' });
  if (run.error) throw run.error;
  if (run.status !== 0) throw new Error(`${program} ended with ${run.status ?? run.signal}: ${run.stderr}`);
  const answers = run.stdout.split('\n').slice(0, -1);
  if (answers.length !== requests.length) throw new Error(`${program} answered ${answers.length} of ${requests.length}`);
  return answers.map((line) => JSON.parse(line));
}
