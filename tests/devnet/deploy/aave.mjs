// SPDX-License-Identifier: Apache-2.0
// Aave V3.0.2 from the published artifacts, wired as its own deployment scripts do.
import { getContractAddress, zeroAddress } from 'viem';
import { link, loadArtifact } from '../lib/artifacts.mjs';
import { assets, eModes, flashPremium } from '../lib/parameters.mjs';
import { roleAccount } from '../lib/accounts.mjs';

const logic = (name) => loadArtifact('aave', `protocol/libraries/logic/${name}`);
const basisPointsToRay = (value) => BigInt(value) * 10n ** 23n;

function deployLibraries(sender) {
  const libraries = {};
  for (const name of ['SupplyLogic', 'BorrowLogic', 'LiquidationLogic', 'EModeLogic', 'BridgeLogic', 'PoolLogic', 'ConfiguratorLogic']) {
    libraries[name] = sender.deploy(link(logic(name), {}), [], { label: name });
  }
  libraries.FlashLoanLogic = sender.deploy(link(logic('FlashLoanLogic'), libraries), [], { label: 'FlashLoanLogic' });
  return libraries;
}

/// Queues libraries, provider, access control, pool and configurator behind their proxies, and the data provider.
export function deployMarket(sender) {
  const libraries = deployLibraries(sender);
  const admin = sender.address;
  const providerArtifact = loadArtifact('aave', 'protocol/configuration/PoolAddressesProvider');
  const provider = sender.deploy(providerArtifact, ['Devnet Aave Market', admin], { label: 'PoolAddressesProvider' });
  const set = (name, address) => sender.call(provider, providerArtifact.abi, name, [address], { gas: 4_000_000 });
  set('setACLAdmin', admin);
  const aclArtifact = loadArtifact('aave', 'protocol/configuration/ACLManager');
  const aclManager = sender.deploy(aclArtifact, [provider], { label: 'ACLManager' });
  set('setACLManager', aclManager);
  for (const name of ['addPoolAdmin', 'addRiskAdmin', 'addEmergencyAdmin', 'addAssetListingAdmin']) {
    sender.call(aclManager, aclArtifact.abi, name, [admin]);
  }
  const poolArtifact = link(loadArtifact('aave', 'protocol/pool/Pool'), libraries);
  const configuratorArtifact = link(loadArtifact('aave', 'protocol/pool/PoolConfigurator'), libraries);
  set('setPoolImpl', sender.deploy(poolArtifact, [provider], { label: 'Pool', gas: 10_000_000 }));
  set('setPoolConfiguratorImpl', sender.deploy(configuratorArtifact, [], { label: 'PoolConfigurator' }));
  const dataProviderArtifact = loadArtifact('aave', 'misc/AaveProtocolDataProvider');
  const dataProvider = sender.deploy(dataProviderArtifact, [provider], { label: 'AaveProtocolDataProvider' });
  set('setPoolDataProvider', dataProvider);
  // The provider creates the two proxies itself, as its first and second contract.
  const pool = getContractAddress({ from: provider, nonce: 1n });
  const configurator = getContractAddress({ from: provider, nonce: 2n });
  return { pool, addressesProvider: provider, configurator, dataProvider, aclManager };
}

/// Queues the oracle over the tokens' sources.
export function deployOracle(sender, aave, tokens) {
  const artifact = loadArtifact('aave', 'misc/AaveOracle');
  const addresses = Object.values(tokens).map(({ address }) => address);
  const sources = Object.values(tokens).map(({ source }) => source);
  aave.oracle = sender.deploy(artifact, [aave.addressesProvider, addresses, sources, zeroAddress, zeroAddress, 10n ** 8n], { label: 'AaveOracle' });
  const provider = loadArtifact('aave', 'protocol/configuration/PoolAddressesProvider');
  sender.call(aave.addressesProvider, provider.abi, 'setPriceOracle', [aave.oracle]);
}

function deployStrategy(sender, aave, symbol) {
  const [optimal, base, slope1, slope2] = assets[symbol].rates.map(basisPointsToRay);
  const args = [aave.addressesProvider, optimal, base, slope1, slope2, 0n, 0n, basisPointsToRay(100), basisPointsToRay(800), basisPointsToRay(2000)];
  return sender.deploy(loadArtifact('aave', 'protocol/pool/DefaultReserveInterestRateStrategy'), args, { label: `${symbol} rates` });
}

function reserveInput(symbol, token, implementations, strategy) {
  return {
    ...implementations,
    underlyingAssetDecimals: token.decimals,
    interestRateStrategyAddress: strategy,
    underlyingAsset: token.address,
    treasury: roleAccount('treasury').address,
    incentivesController: zeroAddress,
    aTokenName: `Aave Devnet ${symbol}`,
    aTokenSymbol: `aDev${symbol}`,
    variableDebtTokenName: `Aave Devnet Variable Debt ${symbol}`,
    variableDebtTokenSymbol: `variableDebtDev${symbol}`,
    stableDebtTokenName: `Aave Devnet Stable Debt ${symbol}`,
    stableDebtTokenSymbol: `stableDebtDev${symbol}`,
    params: '0x10',
  };
}

/// Queues the reserves.
export function listReserves(sender, aave, tokens) {
  const make = (name) => sender.deploy(loadArtifact('aave', `protocol/tokenization/${name}`), [aave.pool], { label: name });
  const implementations = {
    aTokenImpl: make('AToken'), stableDebtTokenImpl: make('StableDebtToken'), variableDebtTokenImpl: make('VariableDebtToken'),
  };
  const { abi } = loadArtifact('aave', 'protocol/pool/PoolConfigurator');
  for (const [symbol, token] of Object.entries(tokens)) {
    const input = reserveInput(symbol, token, implementations, deployStrategy(sender, aave, symbol));
    sender.call(aave.configurator, abi, 'initReserves', [[input]], { gas: 8_000_000, label: `initReserves ${symbol}` });
  }
}

/// Queues loan-to-value settings: raised to the threshold while borrowers are seeded, or the real ones.
export function setLoanToValue(sender, aave, tokens, raised) {
  const { abi } = loadArtifact('aave', 'protocol/pool/PoolConfigurator');
  const configure = (name, args) => sender.call(aave.configurator, abi, name, args, { gas: 3_000_000 });
  for (const [symbol, { ltv, threshold, bonus }] of Object.entries(assets)) {
    if (threshold === 0) continue;
    configure('configureReserveAsCollateral', [tokens[symbol].address, raised ? threshold : ltv, threshold, bonus]);
  }
  for (const [id, { label, ltv, threshold, bonus }] of Object.entries(eModes)) {
    configure('setEModeCategory', [Number(id), raised ? threshold : ltv, threshold, bonus, zeroAddress, label]);
  }
}

/// Queues everything else of a reserve's configuration.
export function configureReserves(sender, aave, tokens) {
  const { abi } = loadArtifact('aave', 'protocol/pool/PoolConfigurator');
  const configure = (name, ...args) => sender.call(aave.configurator, abi, name, args, { gas: 3_000_000 });
  for (const [symbol, asset] of Object.entries(assets)) {
    const { address } = tokens[symbol];
    configure('setReserveBorrowing', address, true);
    configure('setReserveFlashLoaning', address, true);
    configure('setReserveFactor', address, BigInt(asset.reserveFactor));
    configure('setSupplyCap', address, BigInt(asset.supplyCap));
    configure('setBorrowCap', address, BigInt(asset.borrowCap));
    configure('setLiquidationProtocolFee', address, BigInt(asset.protocolFee));
    if (asset.isolationBorrowable) configure('setBorrowableInIsolation', address, true);
    if (asset.debtCeilingUsd) configure('setDebtCeiling', address, BigInt(asset.debtCeilingUsd) * 100n);
  }
  configure('updateFlashloanPremiumTotal', flashPremium.total);
  configure('updateFlashloanPremiumToProtocol', flashPremium.toProtocol);
}

/// Queues the eMode category of each asset; the categories must exist.
export function assignEModes(sender, aave, tokens) {
  const { abi } = loadArtifact('aave', 'protocol/pool/PoolConfigurator');
  for (const [symbol, { eMode }] of Object.entries(assets)) {
    if (eMode) sender.call(aave.configurator, abi, 'setAssetEModeCategory', [tokens[symbol].address, eMode]);
  }
}

/// Queues the freeze of assets that are frozen; they must have been supplied before.
export function freezeReserves(sender, aave, tokens) {
  const { abi } = loadArtifact('aave', 'protocol/pool/PoolConfigurator');
  for (const [symbol, { frozen }] of Object.entries(assets)) {
    if (frozen) sender.call(aave.configurator, abi, 'setReserveFreeze', [tokens[symbol].address, true]);
  }
}
