// SPDX-License-Identifier: Apache-2.0
// What is particular to Aave V3.0.2: stable debt, a rate strategy for each reserve, one eMode category an asset.
import { zeroAddress } from 'viem';
import { link, loadArtifact } from '../lib/artifacts.mjs';
import { assets, flashPremium, versions } from '../lib/parameters.mjs';
import { roleAccount } from '../lib/accounts.mjs';

const { eModes } = versions['3.0.2'];
const artifact = (path) => loadArtifact('aave', path);
const logic = (name) => artifact(`protocol/libraries/logic/${name}`);
const basisPointsToRay = (value) => BigInt(value) * 10n ** 23n;

export const artifacts = {
  provider: artifact('protocol/configuration/PoolAddressesProvider'), aclManager: artifact('protocol/configuration/ACLManager'),
  configurator: artifact('protocol/pool/PoolConfigurator'), oracle: artifact('misc/AaveOracle'), dataProvider: artifact('misc/AaveProtocolDataProvider'),
};

export function deployLibraries(sender) {
  const libraries = {};
  for (const name of ['SupplyLogic', 'BorrowLogic', 'LiquidationLogic', 'EModeLogic', 'BridgeLogic', 'PoolLogic', 'ConfiguratorLogic']) {
    libraries[name] = sender.deploy(link(logic(name), {}), [], { label: name });
  }
  libraries.FlashLoanLogic = sender.deploy(link(logic('FlashLoanLogic'), libraries), [], { label: 'FlashLoanLogic' });
  return libraries;
}

/// Queues the implementation of the pool.
export function deployPool(sender, provider, libraries) {
  return sender.deploy(link(artifact('protocol/pool/Pool'), libraries), [provider], { label: 'Pool', gas: 10_000_000 });
}

function deployStrategy(sender, aave, symbol) {
  const [optimal, base, slope1, slope2] = assets[symbol].rates.map(basisPointsToRay);
  const args = [aave.addressesProvider, optimal, base, slope1, slope2, 0n, 0n, basisPointsToRay(100), basisPointsToRay(800), basisPointsToRay(2000)];
  return sender.deploy(artifact('protocol/pool/DefaultReserveInterestRateStrategy'), args, { label: `${symbol} rates` });
}

/// Queues the token implementations: {aTokenImpl, stableDebtTokenImpl, variableDebtTokenImpl}.
export function deployTokenImplementations(sender, aave) {
  const make = (name) => sender.deploy(artifact(`protocol/tokenization/${name}`), [aave.pool], { label: name });
  return { aTokenImpl: make('AToken'), stableDebtTokenImpl: make('StableDebtToken'), variableDebtTokenImpl: make('VariableDebtToken') };
}

/// The fields of initReserves that 3.6 does not have.
export function reserveFields(sender, aave, symbol, token) {
  return {
    underlyingAssetDecimals: token.decimals,
    interestRateStrategyAddress: deployStrategy(sender, aave, symbol),
    treasury: roleAccount('treasury').address,
    incentivesController: zeroAddress,
    stableDebtTokenName: `Aave Devnet Stable Debt ${symbol}`,
    stableDebtTokenSymbol: `stableDebtDev${symbol}`,
  };
}

/// Arguments of setEModeCategory.
export const categoryArguments = (id, { ltv, threshold, bonus, label }) => [id, ltv, threshold, bonus, zeroAddress, label];

/// [function, arguments] that set the flash premium.
export const flashPremiumCalls = [
  ['updateFlashloanPremiumTotal', [flashPremium.total]], ['updateFlashloanPremiumToProtocol', [flashPremium.toProtocol]],
];

/// The category of an asset, 0 = none.
export function categoryOf(symbol) {
  const [id] = Object.entries(eModes).find(([, { collateral, borrowable }]) => collateral.includes(symbol) || borrowable.includes(symbol)) ?? [0];
  return Number(id);
}

/// [function, arguments] that put the assets into their categories.
export function eModeCalls(tokens) {
  const members = Object.keys(assets).filter((symbol) => categoryOf(symbol) !== 0);
  return members.map((symbol) => ['setAssetEModeCategory', [tokens[symbol].address, categoryOf(symbol)]]);
}

/// [function, arguments] for after the borrowers are seeded.
export const lateCalls = () => [];
