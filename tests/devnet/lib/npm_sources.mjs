// SPDX-License-Identifier: Apache-2.0
// Solidity sources of npm packages with all that they import, and solc on them.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, posix } from 'node:path';

const require = createRequire(import.meta.url);

/// The compiler for Aave: an alias in package.json, the version its own build names.
export const aaveCompiler = 'solc-0.8.27';

/// Folders behind the beginnings of Aave's imports. OpenZeppelin is the one solidity-utils depends on: Uniswap's is another major version.
export function aaveRoots() {
  const utilities = createRequire(require.resolve('@bgd-labs/solidity-utils/package.json'));
  const folder = (name, from = require) => dirname(from.resolve(`${name}/package.json`));
  return [
    ['aave-v3-origin/', join(folder('@aave-dao/aave-v3-origin'), 'src', 'contracts')],
    ['@aave/core-v3/', folder('@aave/core-v3')],
    ['solidity-utils/', join(folder('@bgd-labs/solidity-utils'), 'src')],
    ['openzeppelin-contracts/contracts/', folder('@openzeppelin/contracts', utilities)],
  ];
}

/// The source units `first` and everything they import, by name: {unit: {content}}. `roots` is a list of [beginning of a name, folder].
export function collectSources(first, roots) {
  const sources = {};
  const open = [...first];
  while (open.length > 0) {
    const unit = open.pop();
    if (sources[unit]) continue;
    const [prefix, folder] = roots.find(([start]) => unit.startsWith(start)) ?? [];
    if (!folder) throw new Error(`no folder is known for the import ${unit}`);
    const content = readFileSync(join(folder, unit.slice(prefix.length)), 'utf8');
    sources[unit] = { content };
    for (const [, path] of content.matchAll(/^import\s(?:[^'";]*\sfrom\s)?\s*['"]([^'"]+)['"]\s*;/gm)) {
      open.push(posix.normalize(path.startsWith('.') ? posix.join(posix.dirname(unit), path) : path));
    }
  }
  return Object.fromEntries(Object.entries(sources).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/// solc's contracts by source unit and name. Throws with its messages on any error; `find(unit)` answers imports that are not among the sources.
export function compileSources(compiler, sources, settings, find) {
  const input = JSON.stringify({ language: 'Solidity', sources, settings });
  const solc = require(compiler);
  const output = JSON.parse(find ? solc.compile(input, { import: find }) : solc.compile(input));
  const errors = (output.errors ?? []).filter(({ severity }) => severity === 'error');
  if (errors.length > 0) throw new Error(errors.map(({ formattedMessage }) => formattedMessage).join('\n'));
  return output.contracts;
}

/// The version of an npm package.
export const versionOf = (name) => require(`${name}/package.json`).version;
