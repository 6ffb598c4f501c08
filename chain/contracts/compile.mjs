// SPDX-License-Identifier: Apache-2.0
// Compiles one of our contracts with the solc that the devnet's lockfile pins.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const contractsDir = dirname(fileURLToPath(import.meta.url));
const devnetDir = join(contractsDir, '..', '..', 'tests', 'devnet');

/** Import paths of the npm modules resolve from here; `bot/setup` installs them. */
export function requireFromDevnet() {
  if (!existsSync(join(devnetDir, 'node_modules'))) {
    throw new Error(`no node_modules in ${devnetDir}: run bot/setup (or npm ci there) first`);
  }
  return createRequire(join(devnetDir, 'package.json'));
}

// Cancun: the execution context lives in transient storage (EIP-1153).
const productSettings = {
  optimizer: { enabled: true, runs: 1_000_000 },
  evmVersion: 'cancun',
  viaIR: true,
  metadata: { bytecodeHash: 'none', appendCBOR: false },
};

function compileNow(require, input) {
  const solc = require('solc');
  const output = JSON.parse(solc.compile(JSON.stringify(input)));
  const complaints = (output.errors ?? []).map((error) => error.formattedMessage);
  if (complaints.length > 0) throw new Error(complaints.join('\n'));
  const [file] = Object.values(output.contracts);
  const contracts = {};
  for (const [contract, { abi, evm }] of Object.entries(file)) {
    contracts[contract] = {
      abi,
      bytecode: `0x${evm.bytecode.object}`,
      deployedBytecode: `0x${evm.deployedBytecode.object}`,
    };
  }
  return { contracts, compiler: solc.version() };
}

const sha256 = (text) => createHash('sha256').update(text).digest('hex');

// Loading the compiler takes longer than using it, so each result is kept under the hash of all that went into it.
function compileOnce(require, input) {
  const folder = join(devnetDir, '.cache');
  const file = join(folder, `solc-${sha256(JSON.stringify([input, require('solc/package.json').version]))}.json`);
  if (existsSync(file)) return JSON.parse(readFileSync(file, 'utf8'));
  const result = compileNow(require, input);
  mkdirSync(folder, { recursive: true });
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, JSON.stringify(result));
  renameSync(draft, file);
  return result;
}

/**
 * Compiles a source file and returns {contractName: {abi, bytecode, deployedBytecode}} of all contracts in it, the
 * compiler's version, the settings and the SHA-256 of the source. `overrides` replaces settings (tests compile faster
 * without the optimizer). Throws with the compiler's text on any warning.
 */
export function compileFile(path, overrides = {}) {
  const settings = { ...productSettings, ...overrides };
  const content = readFileSync(path, 'utf8');
  const outputSelection = { '*': { '*': ['abi', 'evm.bytecode.object', 'evm.deployedBytecode.object'] } };
  const input = { language: 'Solidity', sources: { [basename(path)]: { content } }, settings: { ...settings, outputSelection } };
  return { ...compileOnce(requireFromDevnet(), input), settings, sourceHash: `0x${sha256(content)}` };
}
