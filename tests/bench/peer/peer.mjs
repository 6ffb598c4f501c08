#!/usr/bin/env node
// SPDX-License-Identifier: Apache-2.0
// A liquidation bot in plain JavaScript with viem, as quick as we can make one that judges everybody at each price: flat typed arrays,
// nonce and fees known beforehand, nothing awaited that need not be. Arguments: the node's WebSocket, the book's file. Says its address,
// answers the frames of prices, and tells its profile when it is asked for ({"method":"report"}).
import { createRequire } from 'node:module';
import { Book } from './book.mjs';

const [, , url, file] = process.argv;
const require = createRequire(new URL('../../devnet/package.json', import.meta.url));
const WebSocket = require('ws');
const { decodeEventLog, encodeFunctionData, keccak256, parseAbi } = require('viem');
const { generatePrivateKey, privateKeyToAccount, sign } = require('viem/accounts');

const kCalmPrice = 2_000_00000000n;
const eventAbi = parseAbi(['event AnswerUpdated(int256 indexed current, uint256 indexed roundId, uint256 updatedAt)']);
const poolAbi = parseAbi(['function liquidationCall(address collateral, address debt, address user, uint256 debtToCover, bool receiveAToken)']);
const kEverything = 2n ** 256n - 1n;

const book = new Book(file);
const key = generatePrivateKey();
const account = privateKeyToAccount(key);
const fields = { chainId: 31337, type: 'eip1559', to: book.pool, gas: 800_000n, maxFeePerGas: 50_000_000_000n, maxPriorityFeePerGas: 1_000_000_000n, nonce: 7 };

let price = kCalmPrice;
const spent = { whole: [], parse: [], judge: [], encode: [], sign: [], send: [] };
const socket = new WebSocket(url, { perMessageDeflate: false });

async function liquidate(sunken, began, parsed, judged) {
  const data = encodeFunctionData({ abi: poolAbi, functionName: 'liquidationCall', args: [...book.pair(sunken), book.address(sunken), kEverything, false] });
  const encoded = performance.now();
  const raw = await account.signTransaction({ ...fields, data });
  const signed = performance.now();
  socket.send(`{"jsonrpc":"2.0","id":1,"method":"eth_sendRawTransaction","params":["${raw}"]}`);
  const sent = performance.now();
  for (const [name, from, to] of [['whole', began, sent], ['parse', began, parsed], ['judge', parsed, judged], ['encode', judged, encoded], ['sign', encoded, signed], ['send', signed, sent]]) spent[name].push(to - from);
}

function take(frame) {
  const began = performance.now();
  const message = JSON.parse(frame);
  if (message.method === 'report') return report();
  const log = message.params.result;
  if (log.address !== book.aggregator) return undefined;
  const { args } = decodeEventLog({ abi: eventAbi, data: log.data, topics: log.topics });
  const parsed = performance.now();
  book.move(Number(args.current) / Number(price));
  price = args.current;
  const [sunken] = book.below();
  return sunken === undefined ? undefined : liquidate(sunken, began, parsed, performance.now());
}

const median = (list) => [...list].sort((a, b) => a - b)[list.length >> 1] ?? 0;

/** In microseconds; one signature alone is what all else is compared with. */
async function report() {
  const alone = [];
  for (let i = 0; i < 60; ++i) {
    const hash = keccak256(`0x${i.toString(16).padStart(64, '0')}`);
    const began = performance.now();
    await sign({ hash, privateKey: key });
    alone.push(performance.now() - began);
  }
  const us = (list) => Math.round(1000 * median(list));
  const { whole, ...parts } = spent;
  socket.send(JSON.stringify({ p50: us(whole), signature: us(alone), ...Object.fromEntries(Object.entries(parts).map(([name, list]) => [name, us(list)])) }));
}

// The frames are compiled for before the first of them comes, as a bot that has run for a while has them.
function warmUp() {
  for (let i = 0; i < 40; ++i) {
    book.move(1);
    if (book.below().length > 0) throw new Error('somebody is below the line at the calm price');
  }
}

warmUp();
socket.on('open', () => socket.send(account.address.toLowerCase()));
socket.on('message', (frame) => take(frame.toString()));
socket.on('close', () => process.exit(0));
