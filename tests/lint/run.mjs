#!/usr/bin/env node
// SPDX-License-Identifier: Apache-2.0
// Runs every check over the whole tree. Prints one line a check and, last, "# pass N" and "# fail N".
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { checkIncludes } from './arrows.mjs';
import { checkHeaders, checkLength, checkLicence, checkLockFiles, checkReadmes, checkWords } from './files.mjs';
import { Sources } from './sources.mjs';
import { checkCoroutines, checkFormat } from './tools.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const sources = new Sources(root);
const build = process.argv[2] ?? join(root, 'build', 'asan');

const checks = [
  ['includes follow the arrows', () => checkIncludes(sources)],
  ['every source names its licence', () => checkLicence(sources)],
  ['no file is too long', () => checkLength(sources)],
  ['every folder says what it is for', () => checkReadmes(sources)],
  ['no forbidden words', () => checkWords(sources)],
  ['lock files hold hashes and no addresses', () => checkLockFiles(sources)],
  ['headers are guarded and import no namespace', () => checkHeaders(sources)],
  ['clang-format has nothing to change', () => checkFormat(sources)],
  ['no coroutine that GCC 12 miscompiles', () => checkCoroutines(sources, build)],
];

let failed = 0;
for (const [name, check] of checks) {
  const wrong = await check();
  console.log(`${wrong.length === 0 ? 'ok' : 'not ok'} - ${name}`);
  for (const line of wrong.slice(0, 50)) console.log(`    ${line}`);
  if (wrong.length > 50) console.log(`    and ${wrong.length - 50} more`);
  if (wrong.length > 0) ++failed;
}
console.log(`# pass ${checks.length - failed}\n# fail ${failed}`);
process.exitCode = failed === 0 ? 0 : 1;
