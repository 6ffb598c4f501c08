// SPDX-License-Identifier: Apache-2.0
// Compiles Aave V3.6 from its published sources, once per content: the npm package holds no artifacts.
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, posix } from 'node:path';
import { fileURLToPath } from 'node:url';

const require = createRequire(import.meta.url);
const compiler = 'solc-0.8.27'; // an alias in package.json: the version Aave's own build names
const cache = fileURLToPath(new URL('../.cache', import.meta.url));
const settings = {
  optimizer: { enabled: true, runs: 200 },
  evmVersion: 'shanghai',
  outputSelection: { '*': { '*': ['abi', 'evm.bytecode.object', 'evm.bytecode.linkReferences'] } },
};
const origin = 'aave-v3-origin';

/// What is deployed, by path below src/contracts.
const wanted = [
  'protocol/configuration/PoolAddressesProvider', 'protocol/configuration/ACLManager', 'instances/PoolInstance', 'instances/PoolConfiguratorInstance',
  'instances/ATokenInstance', 'instances/VariableDebtTokenInstance', 'misc/DefaultReserveInterestRateStrategyV2', 'misc/AaveOracle',
  'helpers/AaveProtocolDataProvider', ...['BorrowLogic', 'ConfiguratorLogic', 'FlashLoanLogic', 'LiquidationLogic', 'PoolLogic', 'SupplyLogic'].map(
    (name) => `protocol/libraries/logic/${name}`,
  ),
];

// Folders behind the beginnings of imports. OpenZeppelin is the one solidity-utils depends on: Uniswap's is another major version.
function roots() {
  const utilities = createRequire(require.resolve('@bgd-labs/solidity-utils/package.json'));
  const folder = (name, from = require) => dirname(from.resolve(`${name}/package.json`));
  return [
    [`${origin}/`, join(folder('@aave-dao/aave-v3-origin'), 'src', 'contracts')],
    ['solidity-utils/', join(folder('@bgd-labs/solidity-utils'), 'src')],
    ['openzeppelin-contracts/contracts/', folder('@openzeppelin/contracts', utilities)],
  ];
}

// The wanted files and everything they import, by source unit name.
function collectSources() {
  const folders = roots();
  const sources = {};
  const open = wanted.map((path) => `${origin}/${path}.sol`);
  while (open.length > 0) {
    const unit = open.pop();
    if (sources[unit]) continue;
    const [prefix, folder] = folders.find(([start]) => unit.startsWith(start)) ?? [];
    if (!folder) throw new Error(`no folder is known for the import ${unit}`);
    const content = readFileSync(join(folder, unit.slice(prefix.length)), 'utf8');
    sources[unit] = { content };
    for (const [, path] of content.matchAll(/^import\s(?:[^'";]*\sfrom\s)?\s*['"]([^'"]+)['"]\s*;/gm)) {
      open.push(path.startsWith('.') ? posix.join(posix.dirname(unit), path) : path);
    }
  }
  return Object.fromEntries(Object.entries(sources).sort(([a], [b]) => (a < b ? -1 : 1)));
}

function compileNow(sources) {
  const solc = require(compiler);
  const output = JSON.parse(solc.compile(JSON.stringify({ language: 'Solidity', sources, settings })));
  const problems = (output.errors ?? []).filter(({ severity }) => severity === 'error');
  if (problems.length > 0) throw new Error(problems.map((problem) => problem.formattedMessage).join('\n'));
  return Object.fromEntries(wanted.map((path) => {
    const contractName = path.split('/').pop();
    const { abi, evm } = output.contracts[`${origin}/${path}.sol`][contractName];
    return [path, { contractName, abi, bytecode: `0x${evm.bytecode.object}`, linkReferences: evm.bytecode.linkReferences }];
  }));
}

function readOrCompile() {
  const sources = collectSources();
  const { version } = require(`${compiler}/package.json`);
  const hash = createHash('sha256').update(JSON.stringify({ sources, settings, version, wanted })).digest('hex').slice(0, 32);
  const file = join(cache, `aave-3.6-${hash}.json`);
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    const contracts = compileNow(sources);
    mkdirSync(cache, { recursive: true });
    const draft = `${file}.${process.pid}`;
    writeFileSync(draft, JSON.stringify(contracts));
    renameSync(draft, file);
    return contracts;
  }
}

let known;

/// Returns {contractName, abi, bytecode, linkReferences} of a contract by its path, as in 'instances/PoolInstance'. The first call on a
/// machine takes half a minute.
export function aaveArtifact(path) {
  known ??= readOrCompile();
  if (!known[path]) throw new Error(`${path} is not among the compiled contracts`);
  return known[path];
}
