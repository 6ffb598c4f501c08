// SPDX-License-Identifier: Apache-2.0
// Plans for the tests, and what a refusal says.
import assert from 'node:assert/strict';
import { readExecutorArtifact } from '../../../chain/contracts/deploy.mjs';
import { viem } from './chain.mjs';

export const executorAbi = readExecutorArtifact().abi;
export const WHOLE = 2n ** 256n - 1n;
export const ZERO = viem.zeroAddress;

/** A plan with harmless defaults, overridden by `fields`. */
export function makePlan(fields) {
  return {
    flashSource: 0,
    flashLender: ZERO,
    flashToken: ZERO,
    flashAmount: 0n,
    calls: [],
    swaps: [],
    profitToken: fields.flashToken ?? ZERO,
    minProfit: 0n,
    lastBlock: 2n ** 64n - 1n,
    builderShareBps: 0,
    ...fields,
  };
}

/** The path of a swap: tokens and the fees between them. */
export function pathOf(...hops) {
  return viem.encodePacked(hops.map((hop) => (typeof hop === 'number' ? 'uint24' : 'address')), hops);
}

/** The bytes that the lender gets as params: execute's calldata without its selector. */
export function encodedPlan(plan) {
  return `0x${viem.encodeFunctionData({ abi: executorAbi, functionName: 'execute', args: [plan] }).slice(10)}`;
}

const wordsAbi = viem.parseAbi(['error Error(string)', 'error Panic(uint256)']);

/** {name, args} of the custom error (or Error/Panic) in `data`, looked up in the given ABIs. */
export function decodeError(data, ...abis) {
  const abi = [executorAbi, wordsAbi, ...abis].flat().filter((item) => item.type === 'error');
  const { errorName, args } = viem.decodeErrorResult({ abi, data });
  return { name: errorName, args: args ?? [] };
}

/** Asserts that a call to `contract` by `from` reverts with this error (and these arguments, if given). */
export async function expectRevert(node, from, to, data, name, args, ...abis) {
  let raw;
  try {
    await node.reader.request({ method: 'eth_call', params: [{ from, to, data }, 'latest'] });
  } catch (error) {
    raw = error.walk?.((inner) => typeof inner.data === 'string')?.data ?? null;
    if (raw === null) throw error;
  }
  assert.ok(raw !== undefined, `expected ${name}, but the call went through`);
  const found = decodeError(raw, ...abis);
  assert.equal(found.name, name);
  if (args !== undefined) assert.deepEqual([...found.args], args);
}
