// SPDX-License-Identifier: Apache-2.0
// Reads many views at one block through Multicall3.
import { decodeFunctionResult, encodeFunctionData, parseAbi } from 'viem';
import { toHex } from './rpc.mjs';

export const multicall3 = '0xcA11bde05977b3631167028862bE2a173976CA11';
const abi = parseAbi([
  'struct Call3 { address target; bool allowFailure; bytes callData; }',
  'struct Result { bool success; bytes returnData; }',
  'function aggregate3(Call3[] calls) payable returns (Result[] returnData)',
]);

/// Block argument of a read: a number, a tag, or a 32-byte hash (EIP-1898).
export function blockArgument(block) {
  if (typeof block === 'string' && block.length === 66) return { blockHash: block };
  return typeof block === 'string' && !/^\d+$/.test(block) ? block : toHex(block);
}

/// Answers [{success, returnData}] of [{to, data}] in order; chunks go out as one JSON-RPC batch.
export async function readMany(rpc, calls, { block = 'latest', chunk = 100 } = {}) {
  const requests = [];
  for (let i = 0; i < calls.length; i += chunk) {
    const args = [calls.slice(i, i + chunk).map(({ to, data }) => ({ target: to, allowFailure: true, callData: data }))];
    const data = encodeFunctionData({ abi, functionName: 'aggregate3', args });
    requests.push(['eth_call', { to: multicall3, data, gas: '0x20000000' }, blockArgument(block)]);
  }
  const answers = await rpc.batch(requests);
  return answers.flatMap((data) => decodeFunctionResult({ abi, functionName: 'aggregate3', data }));
}

/// Like readMany for [{to, abi, functionName, args}], decoded; throws if one fails.
export async function readContracts(rpc, reads, options) {
  const calls = reads.map((read) => ({ to: read.to, data: encodeFunctionData(read) }));
  const answers = await readMany(rpc, calls, options);
  return answers.map(({ success, returnData }, i) => {
    if (!success) throw new Error(`${reads[i].functionName} of ${reads[i].to} reverted`);
    return decodeFunctionResult({ ...reads[i], data: returnData });
  });
}
