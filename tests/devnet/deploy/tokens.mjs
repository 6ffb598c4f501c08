// SPDX-License-Identifier: Apache-2.0
import { maxUint256 } from 'viem';
import { toHex } from '../lib/rpc.mjs';
import { assets, etherPerWrappedShare } from '../lib/parameters.mjs';

/// Queues the token contracts; `ratioAdmin` may move the ether per staked share.
/// Returns {tokens: {symbol: {address, decimals}}, stakedEther}.
export function deployTokens(sender, contracts, ratioAdmin) {
  const admin = sender.address;
  const stakedEther = sender.deploy(contracts.StakedEther, [ratioAdmin, etherPerWrappedShare], { label: 'StakedEther' });
  const tokens = {};
  for (const [symbol, { name, decimals, noReturn }] of Object.entries(assets)) {
    let address;
    if (symbol === 'WETH') address = sender.deploy(contracts.WrappedEther, [admin], { label: symbol });
    else if (symbol === 'wstETH') address = sender.deploy(contracts.WrappedStakedEther, [admin, stakedEther], { label: symbol });
    else {
      const contract = noReturn ? contracts.NoReturnToken : contracts.StandardToken;
      address = sender.deploy(contract, [name, symbol, decimals, admin], { label: symbol });
    }
    tokens[symbol] = { address, decimals };
  }
  return { tokens, stakedEther };
}

/// Queues the right to mint for the contracts that need it, and mints working capital for accounts that repay debts.
export function grantMinting(sender, contracts, tokens, minters, { holders }) {
  for (const [symbol, { address, decimals }] of Object.entries(tokens)) {
    sender.call(address, contracts.StandardToken.abi, 'setMinters', [minters], { label: `${symbol}.setMinters` });
    for (const holder of holders) {
      sender.call(address, contracts.StandardToken.abi, 'mint', [holder, 10n ** BigInt(decimals + 9)], { label: `${symbol}.mint` });
    }
  }
}

/// Queues what flash lenders hold: the first lends every token, the second only those worth a thousand dollars or more, and of each token
/// little enough that the largest loans are beyond it.
export function fillLenders(sender, contracts, tokens, prices, [vault, morpho]) {
  for (const [symbol, { address, decimals }] of Object.entries(tokens)) {
    const worth = (usd) => (usd * 10n ** BigInt(decimals + 8)) / prices[symbol];
    const shares = [[vault, worth(100_000n)], ...(prices[symbol] >= 1000n * 10n ** 8n ? [[morpho, worth(1_000_000n)]] : [[morpho, worth(20_000n)]])];
    for (const [lender, amount] of shares) {
      sender.call(address, contracts.StandardToken.abi, 'mint', [lender, amount], { label: `${symbol}.mint` });
    }
  }
}

/// Queues the approvals of an account that repays debts by itself; `sender` is that account's.
export function approvePool(sender, contracts, tokens, pool) {
  for (const [symbol, { address }] of Object.entries(tokens)) {
    sender.call(address, contracts.StandardToken.abi, 'approve', [pool, maxUint256], { gas: 100_000, label: `${symbol}.approve` });
  }
}

/// Minted WETH is redeemable: the contract owns enough ether.
export function backWrappedEther(rpc, tokens) {
  return rpc('anvil_setBalance', tokens.WETH.address, toHex(10n ** 30n));
}
