// SPDX-License-Identifier: Apache-2.0
// From a candidate to signed bytes, without asking anybody.
import { createRequire } from 'node:module';
import { readExecutorArtifact } from '../../../../chain/contracts/deploy.mjs';
import { poolAbi } from './market.mjs';

const require = createRequire(new URL('../../../devnet/package.json', import.meta.url));
const { encodeFunctionData, encodePacked } = require('viem');
const { abi } = readExecutorArtifact();
const whole = 2n ** 256n - 1n;
const gasLimit = 1_500_000n;
const gasExpected = 650_000;

/** The account's most profitable pair at this moment: {one, collateral, debt, fee, cover, minimum, net} in USD, or undefined. */
export function bestPair(accounts, one, health, { gasPrice, etherPrice, minProfit }) {
  let best;
  const gasUsd = (gasExpected * gasPrice * etherPrice) / 1e18;
  for (const supply of one.supplies) {
    for (const debt of one.debts) {
      const quote = one.quotes.get(supply.reserve.asset + debt.reserve.asset);
      if (!quote) continue;
      const { cover, seized } = accounts.seizure(one, supply, debt, health);
      const flash = cover * 1.0001; // interest until the block, and what floats lose
      const proceeds = seized * quote.rate - cover - flash * accounts.market.premium;
      const usd = (proceeds / debt.reserve.unit) * (debt.reserve.price / 1e8);
      const net = usd - gasUsd;
      if (net < minProfit || net <= (best?.net ?? 0)) continue;
      const minimum = ((gasUsd + minProfit) * 0.98 * debt.reserve.unit) / (debt.reserve.price / 1e8);
      best = { one, collateral: supply.reserve.asset, debt: debt.reserve.asset, fee: quote.fee, flash: BigInt(Math.ceil(flash)), minimum: BigInt(Math.floor(minimum)), net };
    }
  }
  return best;
}

/** Signs with nonces of its own; the key's only user. */
export class Signer {
  constructor(account, { chainId, executor, pool, router, nonce }) {
    Object.assign(this, { account, chainId, executor, pool, router, nonce });
  }

  async sign({ one, collateral, debt, fee, flash, minimum }, { lastBlock, maxFeePerGas, tip }) {
    const call = encodeFunctionData({ abi: poolAbi, functionName: 'liquidationCall', args: [collateral, debt, one.account, flash, false] });
    const swaps = collateral === debt ? [] : [{ kind: 0, router: this.router, tokenIn: collateral, amountIn: whole, path: encodePacked(['address', 'uint24', 'address'], [collateral, fee, debt]) }];
    const plan = {
      flashSource: 0, flashLender: this.pool, flashToken: debt, flashAmount: flash, swaps, profitToken: debt, minProfit: minimum, lastBlock: BigInt(lastBlock), builderShareBps: 0,
      calls: [{ target: this.pool, approveToken: debt, approveAmount: flash, data: call }],
    };
    return this.account.signTransaction({
      type: 'eip1559', chainId: this.chainId, nonce: this.nonce++, to: this.executor, gas: gasLimit, maxFeePerGas, maxPriorityFeePerGas: tip,
      data: encodeFunctionData({ abi, functionName: 'execute', args: [plan] }),
    });
  }
}
