// SPDX-License-Identifier: Apache-2.0
// Deploys an Aave V3 market and wires it as its own deployment scripts do. What differs between versions is in the files beside.
import { getContractAddress, zeroAddress } from 'viem';
import { link } from '../lib/artifacts.mjs';
import { assets, versions } from '../lib/parameters.mjs';

const modules = { '3.0.2': './aave_3_0_2.mjs', '3.6': './aave_3_6.mjs' };

/// The parts of a version; compiling 3.6 for the first time takes half a minute. Throws for a version there is not.
export async function loadVersion(version) {
  if (!modules[version]) throw new Error(`no Aave ${version}: there are ${Object.keys(modules).join(' and ')}`);
  return { version, eModes: versions[version].eModes, ...(await import(modules[version])) };
}

/// Queues libraries, provider, access control, pool and configurator behind their proxies, and the data provider.
export function deployMarket(sender, parts) {
  const libraries = parts.deployLibraries(sender);
  const { artifacts } = parts;
  const admin = sender.address;
  const provider = sender.deploy(artifacts.provider, ['Devnet Aave Market', admin], { label: 'PoolAddressesProvider' });
  const set = (name, address) => sender.call(provider, artifacts.provider.abi, name, [address], { gas: 4_000_000 });
  set('setACLAdmin', admin);
  const aclManager = sender.deploy(artifacts.aclManager, [provider], { label: 'ACLManager' });
  set('setACLManager', aclManager);
  for (const name of ['addPoolAdmin', 'addRiskAdmin', 'addEmergencyAdmin', 'addAssetListingAdmin']) {
    sender.call(aclManager, artifacts.aclManager.abi, name, [admin]);
  }
  set('setPoolImpl', parts.deployPool(sender, provider, libraries));
  set('setPoolConfiguratorImpl', sender.deploy(link(artifacts.configurator, libraries), [], { label: 'PoolConfigurator' }));
  const dataProvider = sender.deploy(artifacts.dataProvider, [provider], { label: 'AaveProtocolDataProvider' });
  set('setPoolDataProvider', dataProvider);
  // The provider creates the two proxies itself, as its first and second contract.
  const pool = getContractAddress({ from: provider, nonce: 1n });
  const configurator = getContractAddress({ from: provider, nonce: 2n });
  return { version: parts.version, pool, addressesProvider: provider, configurator, dataProvider, aclManager };
}

/// Queues the oracle over the tokens' sources.
export function deployOracle(sender, { artifacts }, aave, tokens) {
  const addresses = Object.values(tokens).map(({ address }) => address);
  const sources = Object.values(tokens).map(({ source }) => source);
  const args = [aave.addressesProvider, addresses, sources, zeroAddress, zeroAddress, 10n ** 8n];
  aave.oracle = sender.deploy(artifacts.oracle, args, { label: 'AaveOracle' });
  sender.call(aave.addressesProvider, artifacts.provider.abi, 'setPriceOracle', [aave.oracle]);
}

/// Queues the reserves.
export function listReserves(sender, parts, aave, tokens) {
  const implementations = parts.deployTokenImplementations(sender, aave);
  for (const [symbol, token] of Object.entries(tokens)) {
    const input = {
      ...implementations,
      ...parts.reserveFields(sender, aave, symbol, token),
      underlyingAsset: token.address,
      aTokenName: `Aave Devnet ${symbol}`,
      aTokenSymbol: `aDev${symbol}`,
      variableDebtTokenName: `Aave Devnet Variable Debt ${symbol}`,
      variableDebtTokenSymbol: `variableDebtDev${symbol}`,
      params: '0x10',
    };
    sender.call(aave.configurator, parts.artifacts.configurator.abi, 'initReserves', [[input]], { gas: 8_000_000, label: `initReserves ${symbol}` });
  }
}

const configure = (sender, { artifacts }, aave) => (name, args) => {
  sender.call(aave.configurator, artifacts.configurator.abi, name, args, { gas: 4_000_000 });
};

/// Queues loan-to-value settings: raised to the threshold while borrowers are seeded, or the real ones.
export function setLoanToValue(sender, parts, aave, tokens, raised) {
  const set = configure(sender, parts, aave);
  for (const [symbol, { ltv, threshold, bonus }] of Object.entries(assets)) {
    if (threshold === 0) continue;
    set('configureReserveAsCollateral', [tokens[symbol].address, raised ? threshold : ltv, threshold, bonus]);
  }
  for (const [id, category] of Object.entries(parts.eModes)) {
    set('setEModeCategory', parts.categoryArguments(Number(id), { ...category, ltv: raised ? category.threshold : category.ltv }));
  }
}

/// Queues everything else of a reserve's configuration.
export function configureReserves(sender, parts, aave, tokens) {
  const set = configure(sender, parts, aave);
  for (const [symbol, asset] of Object.entries(assets)) {
    const { address } = tokens[symbol];
    set('setReserveBorrowing', [address, true]);
    set('setReserveFlashLoaning', [address, true]);
    set('setReserveFactor', [address, BigInt(asset.reserveFactor)]);
    set('setSupplyCap', [address, BigInt(asset.supplyCap)]);
    set('setBorrowCap', [address, BigInt(asset.borrowCap)]);
    set('setLiquidationProtocolFee', [address, BigInt(asset.protocolFee)]);
    if (asset.isolationBorrowable) set('setBorrowableInIsolation', [address, true]);
    if (asset.debtCeilingUsd) set('setDebtCeiling', [address, BigInt(asset.debtCeilingUsd) * 100n]);
  }
  for (const [name, args] of parts.flashPremiumCalls) set(name, args);
}

/// Queues the members of the eMode categories, which must exist.
export function assignEModes(sender, parts, aave, tokens) {
  const set = configure(sender, parts, aave);
  for (const [name, args] of parts.eModeCalls(tokens)) set(name, args);
}

/// Queues what may come only when borrowers have their positions: freezing assets, and what else the version closes late.
export function closeLate(sender, parts, aave, tokens) {
  const set = configure(sender, parts, aave);
  for (const [symbol, { frozen }] of Object.entries(assets)) {
    if (frozen) set('setReserveFreeze', [tokens[symbol].address, true]);
  }
  for (const [name, args] of parts.lateCalls(tokens)) set(name, args);
}
