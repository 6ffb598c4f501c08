// SPDX-License-Identifier: Apache-2.0
// Puts plans on the chain: large suppliers first, then all borrowers in batches.
import { decodeFunctionResult, encodeFunctionData } from 'viem';
import { symbols } from '../lib/parameters.mjs';
import { roleAccount } from '../lib/accounts.mjs';

const uses = { automatic: 0, enable: 1, disable: 2 };
const batchSize = 20;
const indexOf = (symbol) => symbols.indexOf(symbol);

/// Queues the listing of all assets with the factory, and the large suppliers' deposits.
export function provideLiquidity(sender, contracts, { factory, tokens, amounts }) {
  const { abi } = contracts.BorrowerFactory;
  for (const symbol of symbols) {
    const capital = 10n ** BigInt(tokens[symbol].decimals + 12);
    sender.call(factory, abi, 'listAsset', [tokens[symbol].address, capital], { label: `listAsset ${symbol}` });
  }
  for (const symbol of symbols) {
    const args = [roleAccount('supplier').address, indexOf(symbol), amounts[symbol]];
    sender.call(factory, abi, 'supplyFor', args, { label: `supply ${symbol}` });
  }
}

function encodePlan({ eMode, supplies, borrows }) {
  return {
    eMode,
    supplies: supplies.map(({ symbol, amount, use }) => ({ asset: indexOf(symbol), amount, use: uses[use] })),
    borrows: borrows.map(({ symbol, amount }) => ({ asset: indexOf(symbol), amount })),
  };
}

/// Queues the plans, from account index `first` on.
export function openPositions(sender, contracts, factory, plans, first) {
  for (let i = 0; i < plans.length; i += batchSize) {
    const batch = plans.slice(i, i + batchSize).map(encodePlan);
    const label = `seed accounts ${first + i} to ${first + i + batch.length - 1}`;
    sender.call(factory, contracts.BorrowerFactory.abi, 'seed', [BigInt(first + i), batch], { gas: 60_000_000, label });
  }
}

/// Addresses of the accounts [0, count).
export async function accountAddresses(rpc, contracts, factory, count) {
  const { abi } = contracts.BorrowerFactory;
  const data = encodeFunctionData({ abi, functionName: 'accountsAt', args: [0n, BigInt(count)] });
  const answer = await rpc('eth_call', { to: factory, data, gas: '0x40000000' }, 'latest');
  return decodeFunctionResult({ abi, functionName: 'accountsAt', data: answer });
}
