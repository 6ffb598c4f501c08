#!/usr/bin/env node
// SPDX-License-Identifier: Apache-2.0
// Makes the first inputs of every corpus from tests/vectors and prints how many; `run.mjs --merge` adds what fuzzing found
// and keeps what reaches something new. Needs the packages of tests/devnet (viem).
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { readCorpus, writeCorpus } from './seeds.mjs';

const here = new URL('.', import.meta.url);
const { encodeAbiParameters, encodeFunctionData, keccak256, numberToHex, parseAbi, toRlp } = createRequire(new URL('../devnet/package.json', here))('viem');
const vectors = (name) => readFileSync(new URL(`../vectors/${name}`, here), 'utf8');
const json = (name) => JSON.parse(vectors(name));
const hex = (text) => Buffer.from(text.replace(/^0x/, ''), 'hex');
const ascii = (text) => Buffer.from(text, 'latin1');
const join = (...parts) => Buffer.concat(parts.map((part) => (typeof part === 'number' ? Buffer.from([part]) : Buffer.from(part))));

// json_rpc: the shapes are numbered as in json_rpc.cpp, the kinds as in SubscriptionKind.
const shapeOf = {
  web3_clientVersion: 0, eth_chainId: 1, eth_blockNumber: 1, eth_estimateGas: 1, eth_getBalance: 1, eth_getTransactionCount: 1,
  eth_call: 2, eth_getCode: 2, eth_sendRawTransaction: 3, eth_unsubscribe: 4, eth_getBlockByHash: 5, eth_getBlockByNumber: 5, eth_getLogs: 6,
  eth_getTransactionReceipt: 7, eth_syncing: 8,
};
const kinds = [[/"parentHash"/, 1], [/"topics"/, 2], [/"result":"0x[0-9a-f]{64}"|"maxFeePerGas"|"gasPrice"/, 3]];

function* rpcInputs() {
  for (const { http, ws } of [json('wire/anvil.json'), json('wire/hardhat2.json')]) {
    for (const { method, response } of http) yield join(shapeOf[method] ?? 9, 0, 0, ascii(response));
    for (const { dir, frame } of ws) {
      if (dir !== 'in') continue;
      const kind = kinds.find(([pattern]) => pattern.test(frame))?.[1] ?? 0;
      yield join(frame.includes('"id"') ? 0 : 9, kind, 1, ascii(frame));
    }
  }
  for (const line of vectors('../fuzz/wire.txt').split('\n')) {
    const [, shape, kind, frame] = /^(\d+) (\d+) (.*)$/.exec(line) ?? [];
    if (frame) yield join(Number(shape), Number(kind), 4, ascii(frame));
  }
}

// What relay.cpp asks a signer for, signed as asked and otherwise.
const { privateKeyToAccount } = createRequire(new URL('../devnet/package.json', here))('viem/accounts');
const localKey = privateKeyToAccount('0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80');
const asked = { type: 'eip1559', chainId: 31337, nonce: 7, maxPriorityFeePerGas: 10n ** 9n, maxFeePerGas: 30n * 10n ** 9n, gas: 500_000n, to: `0x${'ee'.repeat(20)}`, value: 0n, data: '0xabcdef0107' };
const others = [{ nonce: 8 }, { chainId: 1 }, { maxFeePerGas: 31n * 10n ** 9n }, { maxPriorityFeePerGas: 2n }, { gas: 21_000n }, { to: `0x${'ef'.repeat(20)}` }, { value: 1n }, { data: '0x' },
  { accessList: [{ address: `0x${'ee'.repeat(20)}`, storageKeys: [] }] }, { type: 'eip2930', gasPrice: 10n ** 9n, maxFeePerGas: undefined, maxPriorityFeePerGas: undefined }];
const signatures = await Promise.all([asked, ...others.map((other) => ({ ...asked, ...other }))].map((one) => localKey.signTransaction(one)));
signatures.push(await privateKeyToAccount(`0x${'11'.repeat(32)}`).signTransaction(asked));

// relay: private transaction, its cancellation, a bundle, its simulation; a signer.
function* relayInputs() {
  for (const raw of signatures) yield join(4, ascii(JSON.stringify(raw)));
  for (const answer of [{ raw: signatures[0], tx: {} }, { raw: 1 }, { tx: {} }, 'nothing', '0x', '', null, 7, [signatures[0]]]) yield join(4, ascii(JSON.stringify(answer)));
  for (const text of ['', '{', '['.repeat(60), JSON.stringify(signatures[0]).replace('0x0', '0x\\u0030'), `${JSON.stringify(signatures[0])} x`]) yield join(4, ascii(text));
  const reply = (result) => `{"jsonrpc":"2.0","id":1,"result":${result}}`;
  const error = (code, message) => `{"jsonrpc":"2.0","id":1,"error":{"code":${code},"message":${JSON.stringify(message)}}}`;
  const hash = `"0x${'ab'.repeat(32)}"`;
  const bodies = [hash, '"0x08c379a0"', 'true', 'false', 'null', '"nil"', '{}', `{"bundleHash":${hash}}`, '{"bundleHash":null}', `{"bundleHash":"0x1"}`,
    `{"bundleHash":${hash},"coinbaseDiff":"20000000000126000","results":[{"txHash":${hash},"gasUsed":21000,"value":"0x"}],"stateBlockNumber":5221585}`,
    `{"results":[{"error":"execution reverted","revert":"no profit"}]}`, '{"results":[{"revert":"\\u00e9"},{"error":null}]}', '{"results":{}}', '{"results":[1]}', '[]'];
  const errors = [[-32600, 'signature is required'], [-32025, 'invalid flashbots signature'], [-32603, 'internal error'], [-32000, 'blocked tx due to ofac sanctioned address'],
    [-32000, 'nonce too low: next nonce 5, tx nonce 4'], [-32000, 'bundle already known'], [-32601, 'Method not found'], [429, 'slow down'], [3, 'execution reverted: x']];
  for (const method of [0, 1, 2, 3]) {
    for (const body of bodies) yield join(method, ascii(reply(body)));
    for (const [code, message] of errors) yield join(method, ascii(error(code, message)));
    for (const odd of ['{"error":"error in signature check"}', '<html>502</html>', '', '{"id":null,"error":{}}', `{"result":${hash},"id":1}`]) yield join(method, ascii(odd));
  }
}

function* framerInputs() {
  const frames = json('wire/anvil.json').ws.map(({ frame }) => frame);
  for (let i = 0; i + 3 < frames.length; i += 3) yield join(i, ascii(frames.slice(i, i + 3).join(i % 2 ? '\n' : '')));
  for (const odd of ['  \n\t{"a":"}]{[\\"\\\\"}[]', '[[[{"u":"\\u007d"}]]]x', `${'['.repeat(70)}`, `{"long":"${'x'.repeat(4100)}"}`]) yield join(7, ascii(odd));
}

function* urlInputs() {
  const urls = ['ws://127.0.0.1:8545', 'wss://name:pass%20word@node.example:8443/v3/0123456789abcdef?key=abcdefgh1234', 'http://[::1]:1/', 'https://127.1.2.3/x#part',
    'ipc:///run/node/geth.ipc', 'ipc://relative', 'http://localhost?x', 'ws://host:0', 'ws://[::1', 'ws://[::1]x', 'ftp://a', 'http://:80', 'nothing', 'ws://a b', 'ws://h:123456',
    'http://127.0.0.1.example', 'http://256.0.0.1', `ipc:///${'x'.repeat(110)}`, 'ws://u@h'];
  for (const url of urls) yield join(0, ascii(url));
  for (const header of ['Authorization\0Bearer abc', 'X-Api-Key\0k', 'Host\0x', 'sec-websocket-key\0x', 'bad name\0x', 'X\0', 'X\0 x', `X\0${'y'.repeat(9000)}`]) yield join(1, ascii(header));
  for (const text of ['abcdefgh12345\0refused abcdefgh12345 twice abcdefgh12345', 'short\0short', 'aaaa/bbbbbbbbbb?c=dddddddddd\0x bbbbbbbbbb dddddddddd', 'a,b;c=ddddddddddddd\0ddddddddddddd'])
    yield join(2, ascii(text));
  for (const text of ['0x0', '0x1', '0x00', '0x', '1', '0xffffffffffffffff', '0x10000000000000000', `0x${'f'.repeat(64)}`, `0x1${'0'.repeat(64)}`, '0xAb', '0xg']) yield join(3, ascii(text));
  for (const text of ['0x', '0x00ff', '0xabc', '0xzz', '0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed', '0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed', '0X5AAEB6', '0', '115792089237316195423570985008687907853269984665640564039457584007913129639936', '12a'])
    yield join(4, ascii(text));
}

function* hintInputs() {
  const words = ['rate limited, try again in 4ms', 'retry after 1m30s', 'retry in 2 seconds', 'Retry-After: 1h', 'try again in 99999999999999999999s', 'in 5', 'try again in 1.5 minutes',
    'exceeded its compute units per second capacity'];
  for (const text of words) yield join(0, 0, ascii(text));
  for (const text of ['30.0', '0', '0.5', '1e9', '-1', '86401', 'x', '1.2.3', '']) yield join(1, 0, ascii(text));
  const dates = ['Wed, 21 Oct 2015 07:28:00 GMT', 'Wed, 21 Oct 2015 07:29:30 GMT', 'Thu, 29 Feb 2024 00:00:00 GMT', 'Sun, 31 Foo 2015 99:99:99 GMT', 'Wed, 21 Oct 0000 07:28:00 GMT'];
  for (const text of ['120', '0', '99999999999', '1x', ...dates]) yield join(2, 0, ascii(`${text}\0${dates[0]}`));
  yield join(2, 0, ascii(`${dates[1]}\0`));
  yield join(2, 0, ascii(`${dates[1]}\0nonsense`));
  const ranges = ['this block range should work: [0x0, 0x133e71]', 'this block range should work: [0x11, 0x1b]', 'Try with this block range [0xCB3D, 0x7B737].', 'Try with this block range [0x11, 0x19].',
    'eth_getLogs is limited to a 10,000 range', 'requested too many blocks from 0 to 16777216, maximum is set to 2048', 'up to a 2K block range', 'exceed maximum block range: 50000', 'a 3M block range',
    'limited to a 99999999999999999999999 range', 'block range [0x, 0xzz]', 'query returned more than 10000 results', 'maximum is set to 0'];
  for (const text of ranges) for (const size of [3, 12, 39]) yield join(3, size, ascii(text));
}

function* snapshotInputs() {
  yield join(0);
  for (let at = 0; at < 4096; at += 61) yield join(0, at >> 8, at & 255, 0, 0xff);
  for (let at = 0; at < 4096; at += 97) yield join(0, at >> 8, at & 255, 1, [0xff, 0xff, 0xff, 0x7f]);
  for (let at = 0; at < 4096; at += 311) yield join(0, at >> 8, at & 255, 2);
  for (let at = 0; at < 4096; at += 401) yield join(0, at >> 8, at & 255, 19, [1, 2, 3, 4]);
  yield join(1, Buffer.alloc(300));
  yield join(2, ascii('PLIMSNAP'), Buffer.alloc(40));
  yield join(2, ascii('PLIMSNAP'), [1, 0, 0, 0, 0x69, 0x7a], Buffer.alloc(30));
}

function* rlpInputs() {
  const official = ['valid', 'invalid', 'random'].flatMap((name) => Object.values(json(`rlp/official_${name}.json`)).map(({ out }) => out));
  const ethers = json('rlp/ethers.json').map(({ encoded }) => encoded);
  for (const item of [...official, ...ethers].filter((text) => typeof text === 'string' && text.length < 4000)) yield join(8, [0, 1, 2, 3, 4, 5, 6, 7], hex(item));
  const word = `0x${'ab'.repeat(32)}`;
  const values = [['0x', '0x', '0x', '0x', `0x${'11'.repeat(20)}`, word, '0x64', ['0x01']], ['0x01', '0x02', '0x02', '0x01', word], [`0x${'01'.repeat(33)}`], ['0x0001']];
  for (const value of values) yield join(8, [0, 1, 2, 3, 4, 5, 6, 7], hex(toRlp(value)));
  yield join(0, hex(`0x${'c1'.repeat(70)}c0`));
}

const number = (value) => (BigInt(value) === 0n ? '0x' : (numberToHex(value).length % 2 ? `0x0${numberToHex(value).slice(2)}` : numberToHex(value)));
const wireLogs = () => json('aave_v3/events.json').events.map(({ raw }) => raw);
const rlpLog = (raw) => [raw.address, raw.topics, raw.data, number(raw.blockNumber), raw.blockHash, raw.transactionHash, number(raw.transactionIndex), number(raw.logIndex), raw.removed ? '0x01' : '0x'];

function* eventInputs() {
  const hash = `0x${'5a'.repeat(32)}`;
  const address = `0x${'a5'.repeat(20)}`;
  const logs = wireLogs().map(rlpLog);
  const bodies = [[hash, hash, number(17), number(1_700_000_000), number(10n ** 10n), number(3e7), number(1.5e7)], [logs[0]], [hash, number(3)], [hash], [hash, address, address, number(10n ** 18n), '0xabcdef'],
    [number(9), hash, number(1), '0x1234'], [number(1), '0x'], [number(31337), '0x', address, number(5), '0x', hash, hash, number(8), number(21000), number(7), logs.slice(0, 2)], [number(1_700_000_000)]];
  const encoded = (kind, body) => hex(toRlp([number(1), number(123456789), number(1), number(kind), ...body]));
  for (const [kind, body] of bodies.entries()) yield join(0, encoded(kind, body));
  yield join(0, encoded(5, [number(9), hash, '0x', number(4), '0x6f6f7073']));
  yield join(0, encoded(6, [number(3)]));
  yield join(0, encoded(9, []));
  yield join(0, hex(toRlp([number(2), '0x', '0x', '0x'])));
  for (const some of [[], logs.slice(0, 1), logs.slice(3, 6), logs.slice(8, 10)]) yield join(1, hex(toRlp([number(1), some])));
  yield join(1, hex(toRlp([number(2), []])));
  yield join(1, hex(toRlp([number(1), [rlpLog({ ...wireLogs()[0], topics: Array(5).fill(hash) })]])));
}

// abi: steps are numbered as in abi.cpp.
const step = { uint: 0, address: 1, bool: 2, word: 5, int: 6, bytes: 7, string: 8, array: 9, tuple: 10, end: 11 };

function parts(type) {
  const found = [];
  let depth = 0;
  let text = '';
  for (const c of type.slice(1, -1)) {
    depth += '(['.includes(c) ? 1 : ')]'.includes(c) ? -1 : 0;
    if (c === ',' && depth === 0) {
      found.push(text);
      text = '';
    } else text += c;
  }
  return text === '' ? found : [...found, text];
}

function isDynamic(type) {
  const array = /^(.*)\[(\d*)\]$/s.exec(type);
  if (array) return array[2] === '' || isDynamic(array[1]);
  return type.startsWith('(') ? parts(type).some(isDynamic) : type === 'bytes' || type === 'string';
}

/** The steps that read a value of this type. */
function steps(type, value) {
  const array = /^(.*)\[(\d*)\]$/s.exec(type);
  if (array) {
    const inner = value.flatMap((each) => steps(array[1], each));
    if (array[2] === '') return [step.array, ...inner, step.end];
    return isDynamic(type) ? [step.tuple, ...inner, step.end] : inner;
  }
  if (type.startsWith('(')) {
    const inner = parts(type).flatMap((part, i) => steps(part, value[i]));
    return isDynamic(type) ? [step.tuple, ...inner, step.end] : inner;
  }
  if (type === 'uint64' || type === 'uint32') return [3];
  if (type === 'uint128') return [4];
  if (/^bytes\d+$/.test(type)) return [step.word];
  return [step[type.replace(/\d+$/, '')]];
}

function* abiInputs() {
  for (const { type, value, encoded } of json('abi/ethers.json')) {
    const script = steps(type, value);
    if (script.length < 200 && encoded.length < 4000) yield join(0, script.length, script, hex(encoded));
  }
  const viem = json('abi/viem.json');
  yield join(0, 5, [3, 6, 3, 3, 3], hex(viem.round_data));
  yield join(0, 3, [12, 12, 4], hex(viem.round_data));
  yield join(1, hex(viem.aggregate3_answer));
  yield join(1, hex(`0x${'00'.repeat(31)}20${'00'.repeat(32)}`));
  for (const error of Object.values(viem.errors)) yield join(2, hex(error));
  for (const code of ['01', '11', '12', '21', '22', '31', '32', '41', '51', '99']) yield join(2, hex(`0x4e487b71${'00'.repeat(31)}${code}`));
  for (const data of ['0x', '0x1122', '0x11223344', '0x55667788', '0x4e487b71', `0x4e487b71${'ff'.repeat(32)}`]) yield join(2, hex(data));
}

// aave_events: emitters, topics and words are numbered as in log_script.cpp.
const emitter = { pool: 0, configurator: 1, oracle: 2, supply: 3, supply_dollar: 4, debt: 6, debt_dollar: 7, provider: 9, ether_feed: 10, dollar_feed: 11, other: 12 };
const ray = [1];
const index = [2, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9];
const account = (n) => [3, n - 1];
const asset = (n) => [4, n];
const small = (n) => [5, n];
const points = (n) => [6, n >> 8, n & 255];
const ether = (n) => [10, n];
const dollars = (n) => [11, n >> 8, n & 255];
const price = (n) => [7, ...Buffer.from(BigInt(n).toString(16).padStart(16, '0'), 'hex')];
const zero = [0];
const log = (who, topic, indexed, data, odd = []) => [1, emitter[who], topic, indexed.length, ...indexed.flat(), data.length, ...data.flat(), odd.length, ...odd];
const all = [
  log('pool', 0, [asset(0), account(1), small(0)], [account(1), ether(3)]), log('pool', 1, [asset(0), account(1), account(1)], [ether(1)]),
  log('pool', 2, [asset(1), account(1), account(2)], [dollars(500), small(1)]), log('pool', 2, [asset(1), account(1), account(2)], [dollars(500), zero]),
  log('pool', 3, [account(1), asset(0), small(0)], [account(1), ether(1), small(0), ether(1), small(0)]), log('pool', 4, [asset(0), account(1)], [ether(1), ether(1)]),
  log('pool', 5, [asset(1), account(1), small(0)], [account(1), dollars(100), small(2), ray]), log('pool', 5, [asset(1), account(1), small(0)], [account(1), dollars(100), small(1), ray]),
  log('pool', 6, [asset(1), account(1)], [small(1)]), log('pool', 7, [asset(0), asset(1), account(1)], [dollars(900), ether(1), account(5), small(0)]),
  log('pool', 7, [asset(0), asset(1), account(1)], [dollars(900), ether(1), account(5), small(1)]), log('pool', 8, [asset(1)], [ray, zero, ray, index, index]),
  log('pool', 9, [asset(0), account(2)], []), log('pool', 10, [asset(0), account(1)], []), log('pool', 11, [account(1)], [small(1)]), log('pool', 39, [account(3)], []),
  log('supply', 12, [account(1), account(1)], [ether(2), zero, index]), log('supply', 13, [account(1), account(1)], [ether(1), zero, index]),
  log('debt_dollar', 12, [account(1), account(1)], [dollars(100), small(5), index]), log('debt_dollar', 13, [account(1), zero], [dollars(100), small(5), index]),
  log('supply_dollar', 15, [account(2), account(3)], [dollars(50), index]), log('supply', 14, [account(1), account(2)], [ether(1)]), log('supply', 39, [account(3)], []),
  log('supply', 13, [account(7), account(7)], [ether(200), zero, ray]), log('supply', 12, [account(1), account(1)], [[13], zero, zero]),
  log('configurator', 16, [asset(3), account(1)], [zero, zero, zero]), log('configurator', 17, [asset(1)], []), log('configurator', 18, [asset(0)], [points(8000), points(8200), points(10500)]),
  log('configurator', 19, [asset(1)], [small(1)]), log('configurator', 20, [asset(1)], [small(0)]), log('configurator', 21, [asset(1)], [small(1)]),
  log('configurator', 22, [asset(1)], [zero, points(1000)]), log('configurator', 23, [small(2)], [points(9000), points(9300), points(10100), zero, small(160), small(1), zero]),
  log('configurator', 23, [small(2)], [points(9000), points(9300), points(10100), account(1), small(160), zero]), log('configurator', 24, [asset(1)], [zero, small(1)]),
  log('configurator', 25, [asset(1)], [small(1), small(1)]), log('configurator', 25, [asset(0)], [small(1), zero]), log('configurator', 26, [asset(1)], [price(1_800_000_000)]),
  log('configurator', 27, [asset(1)], []), log('configurator', 28, [], [points(9), points(5)]), log('configurator', 29, [asset(0), account(1), account(2)], []),
  log('configurator', 39, [account(1)], []), log('oracle', 32, [asset(1), account(4)], []), log('provider', 33, [account(1), account(2)], []), log('provider', 34, [account(1), account(2)], []),
  log('provider', 35, [account(1), account(2)], []), log('provider', 36, [account(1), account(2)], []), log('provider', 37, [[12, 1], account(1), account(2)], []),
  log('provider', 38, [[12, 4], account(1), account(2)], [account(1)]), log('ether_feed', 40, [price(190_000_000_000), small(9)], [price(1_700_001_300)]),
  log('dollar_feed', 40, [zero, small(9)], [price(1_700_001_300)]), log('other', 14, [account(1), account(2)], [ether(1)], [1, 2, 3]),
];

function* aaveInputs() {
  for (let revision = 0; revision < 3; ++revision) {
    for (const each of all) yield join(revision, each, 0);
    for (let i = 0; i + 4 < all.length; i += 3) yield join(revision, all[i], all[i + 1], 0, all[i + 2], all[i + 3], 0);
  }
}

function* transmissionInputs() {
  const abi = [parseAbi(['function transmit(bytes report, bytes32[] rs, bytes32[] ss, bytes32 vs)']),
    parseAbi(['function transmit(bytes32[3] context, bytes report, bytes32[] rs, bytes32[] ss, bytes32 vs)'])];
  const forward = parseAbi(['function forward(address to, bytes data)']);
  const word = `0x${'ab'.repeat(32)}`;
  const types = (...names) => names.map((type) => ({ type }));
  const reports = (values) => [encodeAbiParameters(types('bytes32', 'bytes32', 'int192[]'), [word, word, values]),
    encodeAbiParameters(types('uint32', 'bytes32', 'int192[]', 'int192'), [1_700_000_000, word, values, 10n ** 16n])];
  for (const values of [[1n], [1n, 2n, 3n], [-3n, -2n], [-1n, 5n, 7n, 9n], [], [3n, 2n, 1n], Array(31).fill(200000000000n), Array(32).fill(1n), [(1n << 191n) - 1n]]) {
    for (const [kind, report] of reports(values).entries()) {
      const rest = [report, [word], [word], word];
      const data = encodeFunctionData({ abi: abi[kind], functionName: 'transmit', args: kind === 0 ? rest : [[word, word, word], ...rest] });
      yield hex(data);
      yield hex(encodeFunctionData({ abi: forward, functionName: 'forward', args: [`0x${'11'.repeat(20)}`, data] }));
      yield hex(data.slice(0, 300));
    }
  }
  yield hex(encodeFunctionData({ abi: forward, functionName: 'forward', args: [`0x${'11'.repeat(20)}`, '0x1234'] }).slice(0, 100));
}

const lines = (name) => vectors(name).split('\n').filter((line) => line !== '').map((line) => JSON.parse(line));

function* transactionInputs() {
  const raws = [...lines('transactions/official_type01.jsonl'), ...lines('transactions/official_type2.jsonl')].map(({ raw }) => raw);
  const ethers = [...lines('transactions/ethers_type01.jsonl'), ...lines('transactions/ethers_type2.jsonl')].slice(0, 60);
  for (const one of ethers) raws.push(...Object.entries(one).filter(([name]) => name.startsWith('signed')).map(([, raw]) => raw));
  for (const [i, raw] of raws.filter((text) => typeof text === 'string' && text.length < 2400).entries()) yield join(i % 256, hex(raw));
}

function* keystoreInputs() {
  const files = [...lines('keystore/official.jsonl'), ...lines('keystore/ethers.jsonl')].map((one) => one.json ?? one.keystore ?? one.wallet ?? one);
  const texts = files.map((one) => (typeof one === 'string' ? one : JSON.stringify(one)));
  const cheap = { version: 3, id: '3198bc9c-6672-5ab3-d995-4942343ae5b6', address: '008aeeda4d805471df9b2a5b0f38a0c3bcba786b',
    crypto: { cipher: 'aes-128-ctr', cipherparams: { iv: '83dbcc02d8ccb40e466191a123791e0e' }, ciphertext: 'd172bf743a674da9cdad04534d56926ef8358534d458fffccd4e6ad2fbde479c',
      kdf: 'scrypt', kdfparams: { dklen: 32, n: 16, r: 1, p: 2, salt: 'ab0c7876052600dd703518d6fc3fe8984592145b591fc8fb5c6d43190334ba19' }, mac: '2103ac29920d71da29f15d75b4a16dbe95cfd7ff8faea1056c33131d846e3097' } };
  const change = (edit) => {
    const one = structuredClone(cheap);
    edit(one, one.crypto, one.crypto.kdfparams);
    return JSON.stringify(one);
  };
  texts.push(JSON.stringify(cheap), change((one) => { delete one.address; delete one.id; }), change((one, crypto) => { crypto.kdf = 'pbkdf2'; crypto.kdfparams = { c: 10, prf: 'hmac-sha256', dklen: 32, salt: 'ab0c' }; }));
  // What a hostile file asks for.
  for (const n of [0, 1, 3, 2 ** 30, '262144', -1, 1.5, null]) texts.push(change((one, crypto, kdf) => { kdf.n = n; }));
  for (const name of ['dklen', 'r', 'p', 'salt']) texts.push(change((one, crypto, kdf) => { delete kdf[name]; }), change((one, crypto, kdf) => { kdf[name] = 0; }));
  for (const name of ['cipher', 'cipherparams', 'ciphertext', 'kdf', 'kdfparams', 'mac']) texts.push(change((one, crypto) => { delete crypto[name]; }), change((one, crypto) => { crypto[name] = '00'; }));
  for (const version of [1, 4, '3', null]) texts.push(change((one) => { one.version = version; }));
  texts.push(JSON.stringify(cheap).replace('"version":3', '"version":3,"version":3'), `${'['.repeat(900)}`, '{}', '', `{"a":${'{"b":'.repeat(40)}1${'}'.repeat(40)}}`);
  for (const text of texts) yield ascii(text);
}

// journal: rows of the tables (what they hold is numbered as in journal.cpp), a witness, changes of a file.
const statuses = { armed: 0, signed: 1, maybe_sent: 2, sent: 3, seen: 4, superseded: 5, mined: 6, reorged: 7, confirmed: 8, reverted: 9, replaced: 10, dropped: 11 };
const [execute, cancel, most] = [12, 13, 18];
const later = [200, 0, 0, 0, 0, 0, 0, 7, 208]; // block 1000

/** One row; `unsigned` is what an armed one holds. Fees are 1 or 10. */
function attemptRow({ id, intent, nonce, status, purpose = execute, account = intent, fee = 15, unsigned = false, last = later, cost = 14, hashed = 0, block = 9 }) {
  return [nonce, unsigned ? 130 : id, hashed, account, id, intent, 0, 0, purpose, fee, fee, fee, last, 14, fee, statuses[status], 0, block, cost, 1, 5].flat();
}

function witnessOf(sender, { epoch, reserved, attempt, intent }) {
  const number64 = (value) => Buffer.from(BigInt(value).toString(16).padStart(16, '0'), 'hex');
  const record = join(ascii('PLIMWIT1'), number64(31337), Buffer.alloc(20, sender), number64(epoch), reserved === undefined ? 0 : 1, number64(reserved ?? 0), number64(attempt), number64(intent));
  return join(record, hex(keccak256(record)).subarray(0, 8));
}

function* journalInputs() {
  const script = (rows, { through = 14, adopted = 255, ended = 255, latest = 3 } = {}) =>
    join(0, rows.length, through, adopted, ...(adopted < 16 ? [0] : []), ...rows, ended, ...(ended < 128 ? [1] : []), 9, latest, 0);
  for (const status of Object.keys(statuses)) {
    yield script([attemptRow({ id: 1, intent: 1, nonce: 4, status })]);
    yield script([attemptRow({ id: 1, intent: 1, nonce: 4, status, unsigned: true })], { latest: 4 });
    yield script([attemptRow({ id: 1, intent: 1, nonce: 4, status: 'superseded' }), attemptRow({ id: 2, intent: 1, nonce: 4, status, purpose: cancel, fee: 16 })], { latest: 4 });
    yield script([attemptRow({ id: 1, intent: 1, nonce: 4, status }), attemptRow({ id: 2, intent: 2, nonce: 5, status, fee: most })], { latest: 2 });
    yield script([attemptRow({ id: 1, intent: 1, nonce: 4, status: 'confirmed' }), attemptRow({ id: 2, intent: 2, nonce: 4, status: 'replaced' }), attemptRow({ id: 3, intent: 3, nonce: 5, status })], { latest: 5 });
  }
  yield script([]);
  yield script([attemptRow({ id: 1, intent: 1, nonce: 4, status: 'sent', last: 15 })]);
  yield script([attemptRow({ id: 1, intent: 1, nonce: 4, status: 'replaced' })], { latest: 5 });
  yield script([attemptRow({ id: 1, intent: 1, nonce: 4, status: 'replaced' })], { latest: 5, ended: 0 });
  yield script([attemptRow({ id: 1, intent: 1, nonce: 4, status: 'sent', hashed: 250 })]);
  yield script([attemptRow({ id: 1, intent: 1, nonce: 4, status: 'sent', fee: 17 })]);
  for (const latest of [0, 4, 5, 9]) yield script([attemptRow({ id: 1, intent: 1, nonce: 4, status: 'sent' })], { latest, through: 4 });
  for (const latest of [6, 9]) yield script([], { latest, adopted: 6 });
  yield script(Array.from({ length: 11 }, (_, i) => attemptRow({ id: i + 1, intent: i + 1, nonce: i, status: 'armed', unsigned: true })), { latest: 0 });
  const witness = (half, sender = 0xaa) => Buffer.concat([witnessOf(sender, half), Buffer.alloc(512 - 77)]);
  const first = { epoch: 2, reserved: 63, attempt: 4, intent: 3 };
  yield join(200, witness(first), Buffer.alloc(512));
  yield join(200, witness(first), witness({ ...first, reserved: 70, attempt: 9 }));
  yield join(200, witness(first), witness({ ...first, epoch: 1 }));
  yield join(200, witness({ epoch: 1, attempt: 0, intent: 0 }));
  yield join(200, witness(first, 0xbb));
  yield join(200, ascii('PLIMWIT1'), Buffer.alloc(80));
  yield join(250, 0, 0, 0, 5);
  yield join(250, 0, 0, 255);
  for (let at = 18; at < 65_536; at += 1531) yield join(250, 1, 0, at >> 8, at & 255, 3, ascii('sent'), 0, 0, 5);
  for (const at of [18, 24, 60, 68, 96, 100, 105]) yield join(250, 1, 0, 0, at, 1, 7, 0xff, 0, 255);
}

const sets = { journal: journalInputs, keystore: keystoreInputs, transaction: transactionInputs, json_rpc: rpcInputs, relay: relayInputs, json_framer: framerInputs, url: urlInputs, hints: hintInputs, snapshot: snapshotInputs, rlp: rlpInputs, event_codec: eventInputs, transmission: transmissionInputs, abi: abiInputs, aave_events: aaveInputs };
for (const [name, make] of Object.entries(sets)) {
  const file = fileURLToPath(new URL(`corpus/${name}.txt`, here));
  const inputs = [...make()];
  writeCorpus(file, [...(existsSync(file) ? readCorpus(file) : []), ...inputs]);
  console.log(`${name}: ${inputs.length}`);
}
