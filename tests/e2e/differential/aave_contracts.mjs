// SPDX-License-Identifier: Apache-2.0
// Compiles a contract of this folder together with the Aave sources it imports, once per content.
import { posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import { kept } from '../../devnet/lib/kept.mjs';
import { aaveCompiler, aaveRoots, collectSources, compileSources } from '../../devnet/lib/npm_sources.mjs';

const here = fileURLToPath(new URL('contracts', import.meta.url));

/// Where the logic libraries of the pool are put: their code is called from there.
export const libraryAt = (i) => `0x${(0xe0000 + i).toString(16).padStart(40, '0')}`;

function compileNow(sources) {
  const logic = Object.keys(sources).filter((unit) => unit.includes('/libraries/logic/'));
  const name = (unit) => posix.basename(unit, '.sol');
  const libraries = Object.fromEntries(logic.map((unit, i) => [unit, { [name(unit)]: libraryAt(i) }]));
  const contracts = compileSources(aaveCompiler, sources, {
    optimizer: { enabled: true, runs: 200 }, evmVersion: 'shanghai', libraries, outputSelection: { '*': { '*': ['abi', 'evm.deployedBytecode.object'] } },
  });
  const code = (unit, contract) => `0x${contracts[unit][contract].evm.deployedBytecode.object}`;
  const own = Object.keys(sources).filter((unit) => unit.startsWith('own/'));
  return {
    contracts: Object.fromEntries(own.flatMap((unit) => Object.keys(contracts[unit] ?? {}).map((contract) => {
      return [contract, { abi: contracts[unit][contract].abi, code: code(unit, contract) }];
    }))),
    libraries: Object.fromEntries(logic.map((unit, i) => [libraryAt(i), code(unit, name(unit))])),
  };
}

/// Returns {contracts: {name: {abi, code}}, libraries: {address: code}}: runtime code for state overrides.
export function compileWithAave(file) {
  const sources = collectSources([`own/${file}`], [...aaveRoots(), ['own/', here]]);
  return kept('differential', { sources, compiler: aaveCompiler, libraryAt: `${libraryAt}` }, () => compileNow(sources));
}
