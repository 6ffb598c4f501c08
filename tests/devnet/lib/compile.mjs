// SPDX-License-Identifier: Apache-2.0
// Compiles the Solidity next door, once per content: the result is kept in .cache under the hash of sources and settings.
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, readdirSync, renameSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

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
  const hash = createHash('sha256').update(JSON.stringify({ sources, settings, version })).digest('hex').slice(0, 32);
  const folder = join(root, '.cache');
  const file = join(folder, `contracts-${hash}.json`);
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    const contracts = compileNow(sources);
    mkdirSync(folder, { recursive: true });
    const draft = `${file}.${process.pid}`;
    writeFileSync(draft, JSON.stringify(contracts));
    renameSync(draft, file);
    return contracts;
  }
}
