// SPDX-License-Identifier: Apache-2.0
// What the pool itself says about every account at one block.
import { encodeFunctionData, parseAbi } from 'viem';
import { blockArgument, readMany } from './multicall.mjs';

const abi = parseAbi(['function getUserAccountData(address user) view returns (uint256, uint256, uint256, uint256, uint256, uint256)']);
const fields = ['totalCollateralBase', 'totalDebtBase', 'availableBorrowsBase', 'liquidationThreshold', 'ltv', 'healthFactor'];

function decode(account, { success, returnData }) {
  if (!success) throw new Error(`getUserAccountData(${account}) reverted`);
  const words = fields.map((name, i) => [name, BigInt(`0x${returnData.slice(2 + i * 64, 66 + i * 64)}`)]);
  return { account, ...Object.fromEntries(words) };
}

/// Everyone a manifest names: borrowers, then savers.
export const everyone = (manifest) => [...manifest.borrowers, ...manifest.savers];

/// Answers {block: {number, hash, timestamp}, accounts: [{account, totalCollateralBase, ..., healthFactor}]}, amounts as bigint.
/// Everything is read at the block's hash. The health factor is that of the block's own timestamp.
export async function readTruth(rpc, manifest, { block = 'latest', accounts = everyone(manifest) } = {}) {
  const byHash = typeof block === 'string' && block.length === 66;
  const header = byHash ? await rpc('eth_getBlockByHash', block, false) : await rpc('eth_getBlockByNumber', blockArgument(block), false);
  if (!header) throw new Error(`no block ${block}`);
  const calls = accounts.map((user) => ({
    to: manifest.aave.pool,
    data: encodeFunctionData({ abi, functionName: 'getUserAccountData', args: [user] }),
  }));
  const answers = await readMany(rpc, calls, { block: header.hash });
  return {
    block: { number: Number(header.number), hash: header.hash, timestamp: Number(header.timestamp) },
    accounts: answers.map((answer, i) => decode(accounts[i], answer)),
  };
}
