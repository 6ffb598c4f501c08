// SPDX-License-Identifier: Apache-2.0
// Compiles a contract from an npm package's published sources, once per content.
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const require = createRequire(import.meta.url);
const cache = fileURLToPath(new URL('../.cache', import.meta.url));

// The packages' own folder names are their import paths.
const read = (unit) => readFileSync(fileURLToPath(new URL(`../node_modules/${unit}`, import.meta.url)), 'utf8');

function compileNow({ compiler, entry, settings, edit }) {
  const solc = require(compiler);
  const input = { language: 'Solidity', sources: { [entry]: { content: edit(read(entry)) } }, settings };
  const find = (unit) => {
    try {
      return { contents: edit(read(unit)) };
    } catch (error) {
      return { error: error.message };
    }
  };
  const output = JSON.parse(solc.compile(JSON.stringify(input), { import: find }));
  const errors = (output.errors ?? []).filter(({ severity }) => severity === 'error');
  if (errors.length > 0) throw new Error(errors.map(({ formattedMessage }) => formattedMessage).join('\n'));
  return output.contracts;
}

/**
 * {abi, bytecode} of `contracts`, a list of [source unit, name]. `entry` imports all of them; `edit` changes each source's text before it is
 * compiled. The result is kept under the hash of the package's version and the settings.
 */
export function compileNpm({ name, compiler, entry, settings, contracts, edit = (text) => text }) {
  const versions = [name, compiler].map((one) => require(`${one}/package.json`).version);
  const all = { ...settings, outputSelection: { '*': { '*': ['abi', 'evm.bytecode.object'] } } };
  const key = createHash('sha256').update(JSON.stringify({ entry, versions, all, contracts, edit: edit(read(entry)) })).digest('hex').slice(0, 32);
  const file = join(cache, `npm-${key}.json`);
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    const output = compileNow({ compiler, entry, settings: all, edit });
    const found = Object.fromEntries(contracts.map(([unit, contract]) => {
      const { abi, evm } = output[unit][contract];
      return [contract, { abi, bytecode: `0x${evm.bytecode.object}` }];
    }));
    mkdirSync(cache, { recursive: true });
    const draft = `${file}.${process.pid}`;
    writeFileSync(draft, JSON.stringify(found));
    renameSync(draft, file);
    return found;
  }
}
