// SPDX-License-Identifier: Apache-2.0
// The real liquidation code of one version, played by eth_call in batches.
import { createRequire } from 'node:module';
import { compileWithAave } from './aave_contracts.mjs';
import { forContract } from './aave_cases.mjs';

const require = createRequire(new URL('../../devnet/package.json', import.meta.url));
const { decodeFunctionResult, encodeFunctionData } = require('viem');

const playerAt = '0x00000000000000000000000000000000000f0000';
const batch = 100;
const at = (base, i) => `0x${(base + i).toString(16).padStart(40, '0')}`;

/// Returns a function that answers a list of cases with what the contracts did with each.
export function makePlayer(rpc, name) {
  const { contracts, libraries } = compileWithAave(`${name}.sol`);
  const { abi, code } = contracts[name];
  const overrides = { [playerAt]: { code } };
  for (const base of [0xa0000, 0xb0000, 0xc0000, 0xd0000]) {
    for (let i = 0; i < 4; i++) overrides[at(base, i)] = { code: contracts.Token.code };
  }
  for (const [address, text] of Object.entries(libraries)) overrides[address] = { code: text };
  return async (cases) => {
    const out = [];
    for (let first = 0; first < cases.length; first += batch) {
      const data = encodeFunctionData({ abi, functionName: 'run', args: [cases.slice(first, first + batch).map(forContract)] });
      const answer = await rpc('eth_call', { to: playerAt, data, gas: '0x80000000' }, 'latest', overrides);
      out.push(...decodeFunctionResult({ abi, functionName: 'run', data: answer }));
    }
    return out;
  };
}
