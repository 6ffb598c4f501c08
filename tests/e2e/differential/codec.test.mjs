// SPDX-License-Identifier: Apache-2.0
// Random differential tests of hashing, RLP, ABI, Multicall3 batches and 512-bit division against viem and BigInt.
// Seed: $PLIMSOLL_SEED or 1.
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import test from 'node:test';
import { abiCase, flipByte, normalise, randomItem } from './codec_cases.mjs';
import { ask } from './probe.mjs';
import { makeRandom } from './random.mjs';

const require = createRequire(new URL('../../devnet/package.json', import.meta.url));
const viem = require('viem');
const seed = Number(process.env.PLIMSOLL_SEED ?? 1);

const equal = ({ expected }, answer) => assert.deepEqual(answer, expected);

/// Makes `count` cases, asks for all, and checks each; `check` says false where it could not compare, two thirds at most.
function compare(name, count, makeCase, check = equal) {
  test(`${name}: ${count} cases, seed ${seed}`, () => {
    const random = makeRandom(seed);
    const cases = Array.from({ length: count }, () => makeCase(random));
    const answers = ask('plimsoll_codec_probe', cases.map(({ request }) => request));
    let incomparable = 0;
    cases.forEach((each, i) => {
      try {
        if (check(each, answers[i]) === false) incomparable += 1;
      } catch (error) {
        error.message = `${JSON.stringify(each.request)}: ${error.message}`;
        throw error;
      }
    });
    assert.ok(incomparable <= (2 * count) / 3, `${incomparable} cases could not be compared`);
  });
}

const failed = (answer) => answer !== null && typeof answer === 'object' && 'error' in answer;
const attempt = (work) => {
  try {
    return { value: work() };
  } catch (error) {
    return { error };
  }
};

compare('keccak256', 400, (random) => {
  const data = random.bytes(random.pick([random.below(600), 135, 136, 137, 271, 272, 273]));
  return { request: { op: 'keccak', data }, expected: viem.keccak256(data) };
});

compare('EIP-55 checksum', 200, (random) => {
  const data = random.address();
  return { request: { op: 'checksum', data }, expected: viem.getAddress(data) };
});

compare('JSON-RPC quantity', 200, (random) => {
  const value = random.unsigned(256);
  return { request: { op: 'quantity', value: `${value}` }, expected: viem.numberToHex(value) };
});

compare('mul_div', 600, (random) => {
  const [a, b, c] = [random.unsigned(256), random.unsigned(256), random.unsigned(random.pick([64, 128, 192, 256]))];
  const request = { op: 'mul_div', operands: [`${a}`, `${b}`, `${c}`] };
  const up = c === 0n ? null : (a * b + c - 1n) / c;
  const fits = up !== null && up < 1n << 256n;
  return { request, expected: fits ? [`${(a * b) / c}`, `${up}`] : null };
}, ({ expected }, answer) => expected === null ? assert.ok(failed(answer)) : assert.deepEqual(answer, expected));

compare('RLP encode', 400, (random) => {
  const value = randomItem(random, 4);
  return { request: { op: 'rlp_encode', value }, expected: viem.toRlp(value) };
});

compare('RLP decode', 400, (random) => {
  const value = randomItem(random, 4);
  return { request: { op: 'rlp_decode', data: viem.toRlp(value) }, expected: value };
});

// What the strict reader accepts of damaged data, viem must read as the same value and write as the same bytes.
compare('RLP decode of damaged data', 600, (random) => {
  const data = flipByte(random, viem.toRlp(randomItem(random, 4)));
  return { request: { op: 'rlp_decode', data } };
}, ({ request }, answer) => {
  if (failed(answer)) return false;
  assert.equal(viem.toRlp(answer), request.data);
  return true;
});

compare('ABI encode', 600, (random) => {
  const { types, parameters, values } = abiCase(random, viem);
  const request = { op: 'abi_encode', types, values: values.map((value, i) => normalise(value, parameters[i], 'request')) };
  return { request, expected: viem.encodeAbiParameters(parameters, values) };
});

compare('ABI decode', 600, (random) => {
  const { types, parameters, values } = abiCase(random, viem);
  const data = viem.encodeAbiParameters(parameters, values);
  return { request: { op: 'abi_decode', types, data }, expected: values.map((value, i) => normalise(value, parameters[i], 'answer')) };
});

compare('ABI decode of damaged data', 1200, (random) => {
  const { types, parameters, values } = abiCase(random, viem, { text: false });
  const data = flipByte(random, viem.encodeAbiParameters(parameters, values));
  return { request: { op: 'abi_decode', types, data }, parameters };
}, ({ request, parameters }, answer) => {
  const theirs = attempt(() => viem.decodeAbiParameters(parameters, request.data));
  if (failed(answer) || theirs.error) return false; // strictness differs: dirty words, lengths of padding
  assert.deepEqual(answer, theirs.value.map((value, i) => normalise(value, parameters[i], 'answer')));
  return true;
});

const multicall = viem.parseAbi([
  'struct Call3 { address target; bool allowFailure; bytes callData; }',
  'function aggregate3(Call3[] calls) payable returns ((bool success, bytes returnData)[])',
]);

compare('Multicall3 batches', 150, (random) => {
  const calls = Array.from({ length: random.below(12) }, () => ({ to: random.address(), data: random.bytes(random.below(80)) }));
  const args = [calls.map(({ to, data }) => ({ target: to, allowFailure: true, callData: data }))];
  return { request: { op: 'aggregate3', calls }, expected: viem.encodeFunctionData({ abi: multicall, functionName: 'aggregate3', args }) };
});

compare('Multicall3 answers', 150, (random) => {
  const results = Array.from({ length: random.below(12) }, () => [random.below(2) === 1, random.bytes(random.below(80))]);
  const result = results.map(([success, returnData]) => ({ success, returnData }));
  const data = viem.encodeFunctionResult({ abi: multicall, functionName: 'aggregate3', result });
  return { request: { op: 'decode_aggregate3', data }, expected: results };
});

compare('Error(string)', 100, (random) => {
  const reason = Array.from({ length: random.below(60) }, () => random.pick(['a', 'é', '🚀', ' ', '"', '\\', '\n'])).join('');
  const data = viem.encodeErrorResult({ abi: viem.parseAbi(['error Error(string)']), errorName: 'Error', args: [reason] });
  return { request: { op: 'revert', data }, expected: viem.stringToHex(reason) };
});
