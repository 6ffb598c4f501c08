// SPDX-License-Identifier: Apache-2.0
// What the OP stack takes for a transaction's bytes, reckoned here and by its own GasPriceOracle, before Fjord and since.
// Seed: $PLIMSOLL_SEED or 1. PLIMSOLL_FULL=1 tries six times as many.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { after, before, test } from 'node:test';
import { requireFromDevnet } from '../../../chain/contracts/compile.mjs';
import { startAnvil } from '../../devnet/lib/anvil.mjs';
import { ask } from './probe.mjs';
import { makeRandom } from './random.mjs';

const { decodeFunctionResult, encodeFunctionData, toHex } = requireFromDevnet()('viem');
const bedrock = createRequire(new URL('../../devnet/package.json', import.meta.url)).resolve('@eth-optimism/contracts-bedrock/package.json');
const artifact = (name) => JSON.parse(readFileSync(new URL(`forge-artifacts/${name}.sol/${name}.json`, `file://${bedrock}`), 'utf8'));

const kOracle = '0x420000000000000000000000000000000000000F';
const kL1Block = '0x4200000000000000000000000000000000000015';
const random = makeRandom(Number(process.env.PLIMSOLL_SEED ?? 1));
const rounds = process.env.PLIMSOLL_FULL === '1' ? 60 : 10;
const transactionsPerRound = 20;

let node;
let oracle;
let l1Block;
before(async () => {
  [oracle, l1Block] = [artifact('GasPriceOracle'), artifact('L1Block')];
  node = await startAnvil({ timestamp: 1_700_000_000 });
  for (const [address, { deployedBytecode }] of [[kOracle, oracle], [kL1Block, l1Block]]) await node.rpc('anvil_setCode', address, deployedBytecode.object);
});
after(() => node?.stop());

const word = (value) => toHex(value, { size: 32 });

async function read(to, { abi }, functionName, args = []) {
  const data = encodeFunctionData({ abi, functionName, args });
  return decodeFunctionResult({ abi, functionName, data: await node.rpc('eth_call', { to, data, gas: '0x5f5e100' }, 'latest') });
}

/** The attributes where L1Block keeps them, and which rule holds where the oracle does; told back by their getters. */
async function set({ l1BaseFee, blobBaseFee, baseFeeScalar, blobBaseFeeScalar }, fjord) {
  const slots = [[kL1Block, 1n, l1BaseFee], [kL1Block, 3n, (baseFeeScalar << 96n) | (blobBaseFeeScalar << 64n) | 7n], [kL1Block, 7n, blobBaseFee], [kOracle, 0n, fjord ? 0x0101n : 0x01n]];
  for (const [address, slot, value] of slots) await node.rpc('anvil_setStorageAt', address, word(slot), word(value));
  assert.equal(await read(kL1Block, l1Block, 'basefee'), l1BaseFee);
  assert.equal(await read(kL1Block, l1Block, 'blobBaseFee'), blobBaseFee);
  assert.equal(BigInt(await read(kL1Block, l1Block, 'baseFeeScalar')), baseFeeScalar);
  assert.equal(BigInt(await read(kL1Block, l1Block, 'blobBaseFeeScalar')), blobBaseFeeScalar);
  assert.equal(await read(kOracle, oracle, 'isFjord'), fjord);
}

/** Noise, words as calldata has them, or pieces again and again. */
function randomData() {
  const length = random.below(random.pick([2, 40, 300, 2_000, 9_000]));
  const bytes = new Uint8Array(length);
  const kind = random.below(3);
  const period = 1 + random.below(80);
  for (let i = 0; i < length; ++i) {
    if (kind === 0) bytes[i] = random.below(256);
    if (kind === 1) bytes[i] = i % 32 < 12 ? 0 : random.below(random.pick([2, 256]));
    if (kind === 2) bytes[i] = i < period || random.below(50) === 0 ? random.below(256) : bytes[i - period];
  }
  return toHex(bytes);
}

const randomPrices = () => ({
  l1BaseFee: BigInt(random.below(2 ** 40)),
  blobBaseFee: random.pick([1n, BigInt(random.below(2 ** 36))]),
  // The contract multiplies the scalar by 16 in 32 bits and refuses what does not fit.
  baseFeeScalar: BigInt(random.below(2 ** random.pick([8, 14, 28]))),
  blobBaseFeeScalar: BigInt(random.below(2 ** random.pick([8, 21, 32]))),
});

test('the fee for the bytes of a transaction is what GasPriceOracle says', async () => {
  let compared = 0;
  for (let round = 0; round < rounds; ++round) {
    const fjord = round % 2 === 0;
    const prices = randomPrices();
    await set(prices, fjord);
    const told = Object.fromEntries(Object.entries(prices).map(([name, value]) => [name, String(value)]));
    const cases = Array.from({ length: transactionsPerRound }, () => ({ op: 'data_fee', data: randomData(), ...told }));
    const ours = ask('plimsoll_chain_probe', cases);
    for (const [i, { data }] of cases.entries()) {
      const theirs = await read(kOracle, oracle, 'getL1Fee', [data]);
      assert.equal(BigInt(ours[i][fjord ? 'fjord' : 'ecotone']), theirs, `${fjord ? 'Fjord' : 'Ecotone'}, ${JSON.stringify(told)}, ${data}`);
      compared += 1;
    }
  }
  assert.equal(compared, rounds * transactionsPerRound);
});
