// SPDX-License-Identifier: Apache-2.0
// Random differential tests of signing (legacy, EIP-2930 and EIP-1559), decoding and sender recovery against viem. Seed: $PLIMSOLL_SEED or 1.
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import test from 'node:test';
import { flipByte } from './codec_cases.mjs';
import { ask } from './probe.mjs';
import { makeRandom } from './random.mjs';

const require = createRequire(new URL('../../devnet/package.json', import.meta.url));
const viem = require('viem');
const { privateKeyToAccount } = require('viem/accounts');
const seed = Number(process.env.PLIMSOLL_SEED ?? 1);
const order = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;

const smaller = (a, b) => (a < b ? a : b);

/// A transaction as the probe takes it, numbers as decimal strings. The older types have one gas price: tip and fee are the same.
function randomFields(random) {
  const type = random.pick([0, 1, 2, 2]);
  const fee = random.unsigned(random.pick([40, 64, 128]));
  const accessList = Array.from({ length: type === 0 ? 0 : random.pick([0, 0, 0, 1, 3]) }, () => ({
    address: random.address(),
    storageKeys: Array.from({ length: random.below(4) }, () => random.bytes(32)),
  }));
  const unprotected = type === 0 && random.below(8) === 0;
  return {
    type: `${type}`,
    chainId: unprotected ? '0' : `${smaller(random.unsigned(48), 2n ** 48n - 1n) || 1n}`,
    nonce: `${random.unsigned(53)}`,
    tip: `${type === 2 ? smaller(random.unsigned(64), fee) : fee}`,
    fee: `${fee}`,
    gas: `${random.unsigned(64)}`,
    to: random.below(20) === 0 ? null : random.address(),
    value: `${random.unsigned(250)}`,
    data: random.bytes(random.pick([0, 1, 4, 55, 56, random.below(900)])),
    accessList,
  };
}

const randomKey = (random) => viem.numberToHex((BigInt(random.bytes(32)) % (order - 1n)) + 1n, { size: 32 });

const typeNames = ['legacy', 'eip2930', 'eip1559'];

const forViem = (fields) => ({
  type: typeNames[fields.type],
  ...(fields.chainId === '0' ? {} : { chainId: Number(fields.chainId) }),
  nonce: Number(fields.nonce),
  ...(fields.type === '2' ? { maxPriorityFeePerGas: BigInt(fields.tip), maxFeePerGas: BigInt(fields.fee) } : { gasPrice: BigInt(fields.fee) }),
  gas: BigInt(fields.gas),
  to: fields.to,
  value: BigInt(fields.value),
  data: fields.data,
  ...(fields.type === '0' ? {} : { accessList: fields.accessList }),
});

async function makeCases(count) {
  const random = makeRandom(seed);
  const cases = [];
  for (let i = 0; i < count; i += 1) {
    const key = randomKey(random);
    const fields = randomFields(random);
    const account = privateKeyToAccount(key);
    const raw = await account.signTransaction(forViem(fields));
    cases.push({ key, fields, raw, hash: viem.keccak256(raw), from: account.address });
  }
  return cases;
}

const cases = makeCases(3200);

test(`sign: 3200 transactions of every type, seed ${seed}, have the bytes, hash and sender viem gives them`, async () => {
  const made = await cases;
  const answers = ask('plimsoll_signing_probe', made.map(({ key, fields }) => ({ op: 'sign', key, ...fields })));
  made.forEach(({ raw, hash, from, fields }, i) => {
    assert.deepEqual(answers[i], { raw, hash, from }, JSON.stringify(fields));
  });
});

test('viem recovers our sender from our bytes', async () => {
  const made = (await cases).slice(0, 200);
  const answers = ask('plimsoll_signing_probe', made.map(({ key, fields }) => ({ op: 'sign', key, ...fields })));
  for (const { raw, from } of answers) {
    assert.equal(await viem.recoverTransactionAddress({ serializedTransaction: raw }), from);
  }
});

test('decode: what viem signed is read field for field, sender included', async () => {
  const made = await cases;
  const answers = ask('plimsoll_signing_probe', made.map(({ raw }) => ({ op: 'decode', raw })));
  let refused = 0;
  made.forEach(({ fields, hash, from }, i) => {
    const { accessList, to, ...plain } = fields;
    // Gas x fee beyond 256 bits can be written, but no chain could ever take it.
    if (BigInt(fields.gas) * BigInt(fields.fee) >= 2n ** 256n) {
      assert.ok('error' in answers[i]);
      refused += 1;
      return;
    }
    const expected = {
      ...plain, to: to === null ? null : viem.getAddress(to), keys: accessList.map((entry) => entry.storageKeys.length), hash, from,
    };
    assert.deepEqual(answers[i], expected);
  });
  assert.ok(refused < made.length / 10, `${refused} impossible cases`);
});

// A damaged transaction is refused, or it is another one: what is accepted, viem reads as the same transaction of the same sender.
test('decode of damaged bytes: whatever is accepted, viem reads alike', async () => {
  const random = makeRandom(seed + 1);
  const damaged = (await cases).slice(0, 600).map(({ raw }) => flipByte(random, raw));
  const answers = ask('plimsoll_signing_probe', damaged.map((raw) => ({ op: 'decode', raw })));
  let accepted = 0;
  for (const [i, raw] of damaged.entries()) {
    if ('error' in answers[i]) continue;
    accepted += 1;
    const theirs = viem.parseTransaction(raw);
    assert.equal(`${theirs.value ?? 0n}`, answers[i].value);
    assert.equal(theirs.type, typeNames[answers[i].type]);
    assert.equal(`${theirs.maxFeePerGas ?? theirs.gasPrice ?? 0n}`, answers[i].fee);
    assert.equal(theirs.data ?? '0x', answers[i].data);
    if (!Number.isSafeInteger(theirs.nonce)) continue; // viem reads such a nonce, but cannot write it to hash it again
    assert.equal(await viem.recoverTransactionAddress({ serializedTransaction: raw }), answers[i].from);
  }
  assert.ok(accepted > 50, `only ${accepted} accepted`);
});
