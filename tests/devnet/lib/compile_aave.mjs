// SPDX-License-Identifier: Apache-2.0
// Compiles Aave V3.6 from its published sources, once per content: the npm package holds no artifacts.
import { kept } from './kept.mjs';
import { aaveCompiler, aaveRoots, collectSources, compileSources, versionOf } from './npm_sources.mjs';

const settings = {
  optimizer: { enabled: true, runs: 200 },
  evmVersion: 'shanghai',
  outputSelection: { '*': { '*': ['abi', 'evm.bytecode.object', 'evm.bytecode.linkReferences'] } },
};
const unitOf = (path) => `aave-v3-origin/${path}.sol`;

/// What is deployed, by path below src/contracts.
const wanted = [
  'protocol/configuration/PoolAddressesProvider', 'protocol/configuration/ACLManager', 'instances/PoolInstance', 'instances/PoolConfiguratorInstance',
  'instances/ATokenInstance', 'instances/VariableDebtTokenInstance', 'misc/DefaultReserveInterestRateStrategyV2', 'misc/AaveOracle',
  'helpers/AaveProtocolDataProvider', ...['BorrowLogic', 'ConfiguratorLogic', 'FlashLoanLogic', 'LiquidationLogic', 'PoolLogic', 'SupplyLogic'].map(
    (name) => `protocol/libraries/logic/${name}`,
  ),
];

function compileNow(sources) {
  const contracts = compileSources(aaveCompiler, sources, settings);
  return Object.fromEntries(wanted.map((path) => {
    const contractName = path.split('/').pop();
    const { abi, evm } = contracts[unitOf(path)][contractName];
    return [path, { contractName, abi, bytecode: `0x${evm.bytecode.object}`, linkReferences: evm.bytecode.linkReferences }];
  }));
}

function readOrCompile() {
  const sources = collectSources(wanted.map(unitOf), aaveRoots());
  return kept('aave-3.6', { sources, settings, version: versionOf(aaveCompiler), wanted }, () => compileNow(sources));
}

let known;

/// Returns {contractName, abi, bytecode, linkReferences} of a contract by its path, as in 'instances/PoolInstance'. The first call on a
/// machine takes half a minute.
export function aaveArtifact(path) {
  known ??= readOrCompile();
  if (!known[path]) throw new Error(`${path} is not among the compiled contracts`);
  return known[path];
}
