// SPDX-License-Identifier: Apache-2.0
// Writes viem.json: the encodings Plimsoll sends or decodes most, made by viem. Run in this folder after `npm ci` in
// tests/devnet; the output is committed, so the unit tests need no Node.
import { createRequire } from 'node:module';
import { writeFileSync } from 'node:fs';

const require = createRequire(new URL('../../devnet/package.json', import.meta.url));
const { encodeAbiParameters, encodeErrorResult, encodeFunctionData, keccak256, parseAbi, parseAbiParameters, toHex } = require('viem');

const address = (n) => `0x${keccak256(toHex(n)).slice(-40)}`;
const executor = parseAbi([
  'struct Call { address target; address approveToken; uint256 approveAmount; bytes data; }',
  'struct Swap { uint8 kind; address router; address tokenIn; uint256 amountIn; bytes path; }',
  'struct Plan { uint8 flashSource; address flashLender; address flashToken; uint256 flashAmount; Call[] calls; Swap[] swaps; address profitToken; uint256 minProfit; uint64 lastBlock; uint16 builderShareBps; }',
  'function execute(Plan plan)',
]);
const plan = {
  flashSource: 1,
  flashLender: address(1),
  flashToken: address(2),
  flashAmount: 123456789012345678901234567890n,
  calls: [
    { target: address(3), approveToken: address(4), approveAmount: 2n ** 256n - 1n, data: `0x${'ab'.repeat(164)}` },
    { target: address(5), approveToken: address(6), approveAmount: 0n, data: '0x' },
  ],
  swaps: [{ kind: 0, router: address(7), tokenIn: address(8), amountIn: 2n ** 256n - 1n, path: `0x${'cd'.repeat(43)}` }],
  profitToken: address(9),
  minProfit: 10n ** 18n,
  lastBlock: 2n ** 64n - 1n,
  builderShareBps: 10000,
};
const multicall = parseAbi([
  'struct Call3 { address target; bool allowFailure; bytes callData; }',
  'struct Result { bool success; bytes returnData; }',
  'function aggregate3(Call3[] calls) payable returns (Result[] returnData)',
]);
const calls = ['0x', '0x01', `0x${'02'.repeat(32)}`, `0x${'03'.repeat(36)}`].map((callData, i) => ({ target: address(20 + i), allowFailure: true, callData }));
const results = [
  { success: true, returnData: `0x${'11'.repeat(32)}` },
  { success: false, returnData: '0x' },
  { success: true, returnData: `0x${'22'.repeat(7)}` },
];
const errors = parseAbi(['error Error(string)', 'error Panic(uint256)', 'error ProfitTooSmall(uint256 profit, uint256 least)']);
const error = (errorName, args) => encodeErrorResult({ abi: errors, errorName, args });

writeFileSync(
  new URL('viem.json', import.meta.url),
  JSON.stringify(
    {
      addresses: Object.fromEntries([1, 2, 3, 4, 5, 6, 7, 8, 9, 20, 21, 22, 23].map((n) => [n, address(n)])),
      execute: encodeFunctionData({ abi: executor, functionName: 'execute', args: [plan] }),
      execute_empty: encodeFunctionData({ abi: executor, functionName: 'execute', args: [{ ...plan, calls: [], swaps: [] }] }),
      aggregate3: encodeFunctionData({ abi: multicall, functionName: 'aggregate3', args: [calls] }),
      aggregate3_none: encodeFunctionData({ abi: multicall, functionName: 'aggregate3', args: [[]] }),
      aggregate3_answer: encodeAbiParameters(parseAbiParameters('(bool success, bytes returnData)[]'), [results]),
      round_data: encodeAbiParameters(parseAbiParameters('uint80, int256, uint256, uint256, uint80'), [7n, -123456789n, 8n, 9n, 7n]),
      errors: {
        message: error('Error', ['45']),
        unprintable: error('Error', [`bad\u001b[31m ${'x'.repeat(300)}`]),
        panic: error('Panic', [0x11n]),
        unknown_panic: error('Panic', [2n ** 255n]),
        custom: error('ProfitTooSmall', [1n, 2n]),
      },
    },
    null,
    1,
  ) + '\n',
);
