// SPDX-License-Identifier: Apache-2.0
// Compiles a contract of this folder together with the Aave sources it imports, once per content.
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, posix } from 'node:path';
import { fileURLToPath } from 'node:url';

const devnet = new URL('../../devnet/', import.meta.url);
const require = createRequire(new URL('package.json', devnet));
const cache = fileURLToPath(new URL('.cache', devnet));
const here = fileURLToPath(new URL('contracts', import.meta.url));
const compiler = 'solc-0.8.27';

/// Where the logic libraries of the pool are put: their code is called from there.
export const libraryAt = (i) => `0x${(0xe0000 + i).toString(16).padStart(40, '0')}`;

function roots() {
  const utilities = createRequire(require.resolve('@bgd-labs/solidity-utils/package.json'));
  const folder = (name, from = require) => dirname(from.resolve(`${name}/package.json`));
  return [
    ['aave-v3-origin/', join(folder('@aave-dao/aave-v3-origin'), 'src', 'contracts')],
    ['@aave/core-v3/', folder('@aave/core-v3')],
    ['solidity-utils/', join(folder('@bgd-labs/solidity-utils'), 'src')],
    ['openzeppelin-contracts/contracts/', folder('@openzeppelin/contracts', utilities)],
    ['own/', here],
  ];
}

function collectSources(first) {
  const folders = roots();
  const sources = {};
  const open = [first];
  while (open.length > 0) {
    const unit = open.pop();
    if (sources[unit]) continue;
    const [prefix, folder] = folders.find(([start]) => unit.startsWith(start)) ?? [];
    if (!folder) throw new Error(`no folder is known for the import ${unit}`);
    const content = readFileSync(join(folder, unit.slice(prefix.length)), 'utf8');
    sources[unit] = { content };
    for (const [, path] of content.matchAll(/^import\s(?:[^'";]*\sfrom\s)?\s*['"]([^'"]+)['"]\s*;/gm)) {
      open.push(posix.normalize(path.startsWith('.') ? posix.join(posix.dirname(unit), path) : path));
    }
  }
  return Object.fromEntries(Object.entries(sources).sort(([a], [b]) => (a < b ? -1 : 1)));
}

function compileNow(sources) {
  const solc = require(compiler);
  const logic = Object.keys(sources).filter((unit) => unit.includes('/libraries/logic/'));
  const name = (unit) => posix.basename(unit, '.sol');
  const libraries = Object.fromEntries(logic.map((unit, i) => [unit, { [name(unit)]: libraryAt(i) }]));
  const settings = {
    optimizer: { enabled: true, runs: 200 }, evmVersion: 'shanghai', libraries, outputSelection: { '*': { '*': ['abi', 'evm.deployedBytecode.object'] } },
  };
  const output = JSON.parse(solc.compile(JSON.stringify({ language: 'Solidity', sources, settings })));
  const problems = (output.errors ?? []).filter(({ severity }) => severity === 'error');
  if (problems.length > 0) throw new Error(problems.map(({ formattedMessage }) => formattedMessage).join('\n'));
  const code = (unit, contract) => `0x${output.contracts[unit][contract].evm.deployedBytecode.object}`;
  const own = Object.keys(sources).filter((unit) => unit.startsWith('own/'));
  return {
    contracts: Object.fromEntries(own.flatMap((unit) => Object.keys(output.contracts[unit] ?? {}).map((contract) => {
      return [contract, { abi: output.contracts[unit][contract].abi, code: code(unit, contract) }];
    }))),
    libraries: Object.fromEntries(logic.map((unit, i) => [libraryAt(i), code(unit, name(unit))])),
  };
}

/// Returns {contracts: {name: {abi, code}}, libraries: {address: code}}: runtime code for state overrides.
export function compileWithAave(file) {
  const sources = collectSources(`own/${file}`);
  const hash = createHash('sha256').update(JSON.stringify({ sources, compiler, libraryAt: `${libraryAt}` })).digest('hex').slice(0, 32);
  const kept = join(cache, `differential-${hash}.json`);
  try {
    return JSON.parse(readFileSync(kept, 'utf8'));
  } catch {
    const result = compileNow(sources);
    mkdirSync(cache, { recursive: true });
    const draft = `${kept}.${process.pid}`;
    writeFileSync(draft, JSON.stringify(result));
    renameSync(draft, kept);
    return result;
  }
}
