// SPDX-License-Identifier: Apache-2.0
// Thirty-one blocks of Ethereum mainnet in a row, receipts of lending protocols on eight chains and logs of three Aave V3 markets: what the
// program decodes of them is what viem decodes of them.
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import test from 'node:test';
import { normalise } from './codec_cases.mjs';
import { aaveLogs, events, headerOf, protocolReceipts, receiptsOf, replay } from './mainnet.mjs';
import { ask } from './probe.mjs';

const viem = createRequire(new URL('../../devnet/package.json', import.meta.url))('viem');
const frame = (result) => JSON.stringify({ jsonrpc: '2.0', id: 1, result });
const decode = (op, results) => ask('plimsoll_chain_probe', results.map((result) => ({ op, frame: frame(result) })));
const text = (value) => `${value}`;

const headers = replay.blocks.map(headerOf);
const receipts = replay.blocks.map(receiptsOf);
const logsOf = (block) => block.flatMap((receipt) => receipt.logs);

/** A log as viem reads it, in the probe's form. */
function expectedLog(log) {
  const read = viem.formatLog(log);
  return { address: viem.getAddress(read.address), topics: read.topics, data: read.data, blockNumber: text(read.blockNumber), blockHash: read.blockHash,
    transactionHash: read.transactionHash, transactionIndex: text(read.transactionIndex), logIndex: text(read.logIndex), removed: read.removed ?? false };
}

function expectedReceipt(receipt) {
  const read = viem.formatTransactionReceipt(receipt);
  return { transactionHash: read.transactionHash, blockHash: read.blockHash, blockNumber: text(read.blockNumber), transactionIndex: text(read.transactionIndex),
    status: read.status, gasUsed: text(read.gasUsed), effectiveGasPrice: text(read.effectiveGasPrice), logs: receipt.logs.map(expectedLog) };
}

/** keccak256 of the header's RLP, as before the merge with London's base fee. */
function hashOf(header) {
  const number = (value) => (BigInt(value) === 0n ? '0x' : viem.toHex(viem.hexToBytes(value.length % 2 ? `0x0${value.slice(2)}` : value)));
  const { parentHash, sha3Uncles, miner, stateRoot, transactionsRoot, receiptsRoot, logsBloom, extraData, mixHash, nonce } = header;
  return viem.keccak256(viem.toRlp([parentHash, sha3Uncles, miner, stateRoot, transactionsRoot, receiptsRoot, logsBloom, number(header.difficulty), number(header.number),
    number(header.gasLimit), number(header.gasUsed), number(header.timestamp), extraData, mixHash, nonce, number(header.baseFeePerGas)]));
}

/** The yellow paper's M3:2048 of some values. */
function bloomOf(values) {
  const bits = Buffer.alloc(256);
  for (const value of new Set(values)) {
    const hash = viem.keccak256(value, 'bytes');
    for (const at of [0, 2, 4]) {
      const bit = ((hash[at] << 8) | hash[at + 1]) & 2047;
      bits[255 - (bit >> 3)] |= 1 << (bit & 7);
    }
  }
  return `0x${bits.toString('hex')}`;
}

test('31 headers: every field, hashes that are the headers\' own, parent links, and each base fee follows from the block before', () => {
  const read = decode('block', headers);
  read.forEach((block, i) => {
    const expected = viem.formatBlock(headers[i]);
    assert.equal(hashOf(headers[i]), block.hash);
    for (const field of ['hash', 'parentHash', 'number', 'timestamp', 'baseFeePerGas', 'gasUsed', 'gasLimit', 'logsBloom']) assert.equal(block[field], text(expected[field]), field);
    if (i === 0) return;
    assert.equal(block.parentHash, read[i - 1].hash);
    assert.equal(block.baseFeePerGas, read[i - 1].next);
  });
  assert.equal(read.length, 31);
});

test('8,582 logs: as receipts and as the answer of a log query', () => {
  const all = receipts.flat();
  assert.deepEqual(decode('receipt', all), all.map(expectedReceipt));
  const blocks = receipts.map(logsOf);
  assert.deepEqual(decode('logs', blocks), blocks.map((logs) => logs.map(expectedLog)));
  assert.equal(blocks.flat().length, 8582);
});

test('the bloom of each block is that of its logs, and a watch filter finds in it what is there, and nothing that is not', () => {
  const requests = [];
  const expected = [];
  for (const [i, header] of headers.entries()) {
    const logs = logsOf(receipts[i]);
    assert.equal(bloomOf(logs.flatMap(({ address, topics }) => [address, ...topics])), header.logsBloom);
    const present = [...new Set(logs.map(({ address }) => address))];
    const absent = logsOf(receipts[(i + 7) % 31]).map(({ address }) => address).filter((address) => !present.includes(address));
    const addresses = [...present, ...new Set(absent)];
    const topics = [...new Set(logsOf(receipts[(i + 3) % 31]).map(({ topics: [first] }) => first).filter(Boolean))];
    const inside = (value) => (BigInt(bloomOf([value])) & ~BigInt(header.logsBloom)) === 0n;
    requests.push({ op: 'may_match', bloom: header.logsBloom, addresses, topics });
    expected.push([...addresses.map(inside), ...topics.map((topic) => inside(addresses[0]) && inside(topic))]);
    assert.ok(present.every(inside));
  }
  assert.deepEqual(ask('plimsoll_chain_probe', requests), expected);
  const answers = expected.flat();
  assert.ok(answers.includes(true) && answers.includes(false));
});

test('23 transactions of a block: from their bytes the program finds the hash, the sender and every field', () => {
  const { list } = replay.transactions;
  const raw = list.map((tx) => {
    const type = ['legacy', 'eip2930', 'eip1559'][tx.type];
    const fee = tx.type === 2 ? { maxFeePerGas: BigInt(tx.maxFeePerGas), maxPriorityFeePerGas: BigInt(tx.maxPriorityFeePerGas) } : { gasPrice: BigInt(tx.gasPrice) };
    const chain = tx.type === 0 && tx.v < 35 ? {} : { chainId: 1 };
    const fields = { type, ...chain, ...fee, nonce: tx.nonce, gas: BigInt(tx.gasLimit), to: tx.to, value: BigInt(tx.value), data: tx.input };
    if (tx.type !== 0) fields.accessList = tx.accessList.map(({ address, storageKeys }) => ({ address, storageKeys }));
    const signature = { r: viem.pad(tx.r), s: viem.pad(tx.s), ...(tx.type === 0 ? { v: BigInt(tx.v) } : { yParity: tx.yParity }) };
    return viem.serializeTransaction(fields, signature);
  });
  raw.forEach((bytes, i) => assert.equal(viem.keccak256(bytes), list[i].hash, 'the vector itself'));
  const read = ask('plimsoll_signing_probe', raw.map((bytes) => ({ op: 'decode', raw: bytes })));
  read.forEach((transaction, i) => {
    const { hash, sender, to, nonce, gasLimit, value, input } = list[i];
    const { keys, type, chainId, tip, fee, ...rest } = transaction;
    assert.deepEqual(rest, { hash, from: viem.getAddress(sender), to: viem.getAddress(to), nonce: text(nonce), gas: text(gasLimit), value: text(BigInt(value)), data: input });
  });
  assert.equal(list.length, 23);
  assert.equal(new Set(list.map(({ type }) => type)).size, 3);
});

test('receipts of Aave, Compound, Morpho, Liquity and Spark on eight chains', () => {
  assert.deepEqual(decode('receipt', protocolReceipts), protocolReceipts.map(expectedReceipt));
  assert.equal(protocolReceipts.length, 37);
});

/** {name, types, data, values} of a log's own data by viem, or nothing if the event is not one of ours. */
function decodedByViem(abi, log) {
  for (const item of abi) {
    if (viem.toEventSelector(item) !== log.topics[0]) continue;
    try {
      const { args } = viem.decodeEventLog({ abi: [item], data: log.data, topics: log.topics, strict: true });
      const own = item.inputs.filter(({ indexed }) => !indexed);
      return { name: item.name, own, values: own.map(({ name }) => inOrder(args[name], item.inputs.find((input) => input.name === name))) };
    } catch {
      continue; // the same signature with other indexed arguments: a token that is no coin
    }
  }
  return undefined;
}

/** viem gives structs as objects; the probe as lists. */
function inOrder(value, parameter) {
  if (parameter.type.endsWith('[]')) return value.map((item) => inOrder(item, { ...parameter, type: parameter.type.slice(0, -2) }));
  return parameter.type === 'tuple' ? parameter.components.map((component) => inOrder(value[component.name], component)) : value;
}

const signature = ({ type, components }) => (type.startsWith('tuple') ? `(${components.map(signature).join(',')})${type.slice(5)}` : type);

test('the data of events of tokens, exchanges, feeds and markets, field by field', () => {
  const abi = viem.parseAbi(events).filter(({ type }) => type === 'event');
  const selectors = new Map(abi.map((item) => [viem.toEventSelector(item), abi.filter((other) => viem.toEventSelector(other) === viem.toEventSelector(item))]));
  const logs = [...receipts.flatMap(logsOf), ...protocolReceipts.flatMap((receipt) => receipt.logs), ...Object.values(aaveLogs).flat()];
  const known = logs.flatMap((log) => {
    const read = selectors.has(log.topics[0]) ? decodedByViem(selectors.get(log.topics[0]), log) : undefined;
    return read && read.own.length > 0 ? [{ log, ...read }] : [];
  });
  const requests = known.map(({ own, log }) => ({ op: 'abi_decode', types: own.map(signature), data: log.data }));
  const expected = known.map(({ own, values }) => values.map((value, i) => normalise(value, own[i], 'answer')));
  assert.deepEqual(ask('plimsoll_codec_probe', requests), expected);
  assert.ok(known.length > 5000, `${known.length} of ${logs.length}`);
  const names = new Set(known.map(({ name }) => name));
  for (const name of ['Transfer', 'Swap', 'OrderFulfilled', 'NewTransmission', 'ReserveDataUpdated', 'Borrow', 'Supply', 'Repay', 'Mint', 'Burn', 'TransferBatch']) assert.ok(names.has(name), name);
});
