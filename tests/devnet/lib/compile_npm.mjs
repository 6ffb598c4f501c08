// SPDX-License-Identifier: Apache-2.0
// Compiles a contract from an npm package's published sources, once per content.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { kept } from './kept.mjs';
import { compileSources, versionOf } from './npm_sources.mjs';

// The packages' own folder names are their import paths.
const read = (unit) => readFileSync(fileURLToPath(new URL(`../node_modules/${unit}`, import.meta.url)), 'utf8');

function compileNow({ compiler, entry, settings, edit }) {
  const find = (unit) => {
    try {
      return { contents: edit(read(unit)) };
    } catch (error) {
      return { error: error.message };
    }
  };
  return compileSources(compiler, { [entry]: { content: edit(read(entry)) } }, settings, find);
}

/**
 * {abi, bytecode} of `contracts`, a list of [source unit, name]. `entry` imports all of them; `edit` changes each source's text before it is
 * compiled. The result is kept under the hash of the package's version and the settings.
 */
export function compileNpm({ name, compiler, entry, settings, contracts, edit = (text) => text }) {
  const versions = [name, compiler].map(versionOf);
  const all = { ...settings, outputSelection: { '*': { '*': ['abi', 'evm.bytecode.object'] } } };
  return kept('npm', { entry, versions, all, contracts, edit: edit(read(entry)) }, () => {
    const output = compileNow({ compiler, entry, settings: all, edit });
    return Object.fromEntries(contracts.map(([unit, contract]) => {
      const { abi, evm } = output[unit][contract];
      return [contract, { abi, bytecode: `0x${evm.bytecode.object}` }];
    }));
  });
}
