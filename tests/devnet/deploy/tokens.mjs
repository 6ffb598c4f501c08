// SPDX-License-Identifier: Apache-2.0
import { toHex } from '../lib/rpc.mjs';
import { assets, etherPerWrappedShare } from '../lib/parameters.mjs';

/// Queues the token contracts; returns {tokens: {symbol: {address, decimals}}, stakedEther}.
export function deployTokens(sender, contracts) {
  const admin = sender.address;
  const stakedEther = sender.deploy(contracts.StakedEther, [admin, etherPerWrappedShare], { label: 'StakedEther' });
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

/// Minted WETH is redeemable: the contract owns enough ether.
export function backWrappedEther(rpc, tokens) {
  return rpc('anvil_setBalance', tokens.WETH.address, toHex(10n ** 30n));
}
