// SPDX-License-Identifier: Apache-2.0
// Compiles the Solidity next door, once per content: the result is kept in .cache under the hash of sources and settings.
import { readFileSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { kept } from './kept.mjs';

const require = createRequire(import.meta.url);
const root = fileURLToPath(new URL('..', import.meta.url));
const settings = {
  optimizer: { enabled: true, runs: 1000 },
  evmVersion: 'shanghai',
  outputSelection: { '*': { '*': ['abi', 'evm.bytecode.object', 'evm.deployedBytecode.object'] } },
};

function readSources() {
  const folder = join(root, 'contracts');
  const names = readdirSync(folder).filter((name) => name.endsWith('.sol')).sort();
  return Object.fromEntries(names.map((name) => [name, { content: readFileSync(join(folder, name), 'utf8') }]));
}

function compileNow(sources) {
  const solc = require('solc');
  const output = JSON.parse(solc.compile(JSON.stringify({ language: 'Solidity', sources, settings })));
  const problems = output.errors ?? [];
  if (problems.length > 0) throw new Error(problems.map((problem) => problem.formattedMessage).join('\n'));
  const contracts = {};
  for (const file of Object.values(output.contracts)) {
    for (const [name, contract] of Object.entries(file)) {
      contracts[name] = {
        abi: contract.abi,
        bytecode: `0x${contract.evm.bytecode.object}`,
        deployedBytecode: `0x${contract.evm.deployedBytecode.object}`,
      };
    }
  }
  return contracts;
}

let known;

/// Returns {name: {abi, bytecode, deployedBytecode}} of every contract in contracts/. Throws with solc's message; warnings count.
export function compileContracts() {
  known ??= readOrCompile();
  return known;
}

function readOrCompile() {
  const sources = readSources();
  const { version } = require('solc/package.json');
  return kept('contracts', { sources, settings, version }, () => compileNow(sources));
}
