// SPDX-License-Identifier: Apache-2.0
// What is particular to Aave V3.6: one rate strategy for all reserves, liquid eModes, no stable debt.
import { encodeAbiParameters, parseAbiParameters, zeroAddress } from 'viem';
import { link } from '../lib/artifacts.mjs';
import { aaveArtifact } from '../lib/compile_aave.mjs';
import { assets, flashPremium, versions } from '../lib/parameters.mjs';
import { roleAccount } from '../lib/accounts.mjs';

const { eModes } = versions['3.6'];
const logic = (name) => aaveArtifact(`protocol/libraries/logic/${name}`);
const rateShape = parseAbiParameters('uint16 optimalUsage, uint32 base, uint32 slope1, uint32 slope2'); // basis points

export const artifacts = {
  provider: aaveArtifact('protocol/configuration/PoolAddressesProvider'), aclManager: aaveArtifact('protocol/configuration/ACLManager'),
  configurator: aaveArtifact('instances/PoolConfiguratorInstance'), oracle: aaveArtifact('misc/AaveOracle'),
  dataProvider: aaveArtifact('helpers/AaveProtocolDataProvider'),
};

export function deployLibraries(sender) {
  const libraries = {};
  for (const name of ['BorrowLogic', 'SupplyLogic', 'LiquidationLogic', 'PoolLogic', 'ConfiguratorLogic', 'FlashLoanLogic']) {
    libraries[name] = sender.deploy(link(logic(name), libraries), [], { label: name });
  }
  return libraries;
}

/// Queues the rate strategy of all reserves and the implementation of the pool, which names it.
export function deployPool(sender, provider, libraries) {
  const strategy = sender.deploy(aaveArtifact('misc/DefaultReserveInterestRateStrategyV2'), [provider], { label: 'rates' });
  return sender.deploy(link(aaveArtifact('instances/PoolInstance'), libraries), [provider, strategy], { label: 'Pool', gas: 10_000_000 });
}

/// Queues the token implementations: {aTokenImpl, variableDebtTokenImpl}.
export function deployTokenImplementations(sender, aave) {
  const make = (name, ...rest) => sender.deploy(aaveArtifact(`instances/${name}`), [aave.pool, zeroAddress, ...rest], { label: name });
  return { aTokenImpl: make('ATokenInstance', roleAccount('treasury').address), variableDebtTokenImpl: make('VariableDebtTokenInstance') };
}

/// The fields of initReserves that 3.0.2 does not have.
export function reserveFields(sender, aave, symbol) {
  return { interestRateData: encodeAbiParameters(rateShape, assets[symbol].rates) };
}

/// Arguments of setEModeCategory.
export const categoryArguments = (id, { ltv, threshold, bonus, label }) => [id, ltv, threshold, bonus, label];

/// [function, arguments] that set the flash premium; all of it goes to the treasury.
export const flashPremiumCalls = [['updateFlashloanPremium', [flashPremium.total]]];

/// [function, arguments] that fill the bitmaps of the categories.
export function eModeCalls(tokens) {
  return Object.entries(eModes).flatMap(([id, { collateral, borrowable }]) => [
    ...collateral.map((symbol) => ['setAssetCollateralInEMode', [tokens[symbol].address, Number(id), true]]),
    ...borrowable.map((symbol) => ['setAssetBorrowableInEMode', [tokens[symbol].address, Number(id), true]]),
  ]);
}

/// [function, arguments] for after the borrowers are seeded: what lends nothing any more, but counts for those who have it.
export function lateCalls(tokens) {
  return Object.entries(eModes).flatMap(([id, { ltvzero = [] }]) => {
    return ltvzero.map((symbol) => ['setAssetLtvzeroInEMode', [tokens[symbol].address, Number(id), true]]);
  });
}
