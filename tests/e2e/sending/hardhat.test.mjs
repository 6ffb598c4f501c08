// SPDX-License-Identifier: Apache-2.0
// Sending, and everything that becomes of it, on Hardhat's node, whose words and rules are not anvil's.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { requireFromDevnet } from '../../../chain/contracts/compile.mjs';
import { startHardhat } from './hardhat.mjs';
import { SendingProbe } from './probe.mjs';

const viem = requireFromDevnet()('viem');
const sender = '0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266';
const hex = (number) => `0x${number.toString(16)}`;
const gwei = (number) => hex(BigInt(number) * 1_000_000_000n);

let node;
let reader;
let folder;
let probe;
let intent = 0;

before(async () => {
  node = await startHardhat();
  reader = viem.createPublicClient({ transport: viem.http(node.http), cacheTime: 0 });
  folder = mkdtempSync(join(tmpdir(), 'plimsoll-sending-'));
  probe = new SendingProbe(node.ws, folder);
});

after(async () => {
  await probe?.kill();
  await node?.stop();
  if (folder) rmSync(folder, { recursive: true, force: true });
});

const height = async () => Number(await node.rpc('eth_blockNumber'));
const nonce = async () => Number(await node.rpc('eth_getTransactionCount', sender, 'latest'));

/** One block, at this base fee if there is one, and the probe has seen it. */
async function mine(baseFee) {
  if (baseFee !== undefined) await node.rpc('hardhat_setNextBlockBaseFeePerGas', gwei(baseFee));
  await node.rpc('evm_mine');
  const number = await height();
  await probe.sees(number);
  return number;
}

/** A new intent, sent and answered. */
async function send(blocks = 100) {
  intent += 1;
  probe.command('submit', intent, intent, (await height()) + blocks);
  const signed = await probe.until('signed', { intent });
  await probe.until('sent', { hash: signed.hash });
  return { id: intent, ...signed };
}

/** Mines until the intent is final; its report. */
async function ending(id) {
  for (let i = 0; i < 20 && probe.all('report', { intent: id, stage: 'final' }).length === 0; ++i) {
    await mine(1);
    await new Promise((resolve) => setTimeout(resolve, 150));
  }
  return probe.until('report', { intent: id, stage: 'final' });
}

const receiptOf = (hash) => reader.getTransactionReceipt({ hash });

test('what is sent is mined once, and the chain agrees', async () => {
  const sent = await send();
  assert.equal(probe.all('sent', { hash: sent.hash })[0].answer, 'accepted');
  const report = await ending(sent.id);
  assert.equal(report.kind, 'confirmed');
  assert.equal(report.hash, sent.hash);
  const receipt = await receiptOf(sent.hash);
  assert.equal(receipt.status, 'success');
  assert.equal(await nonce(), sent.nonce + 1);
});

test('after kill -9 the same bytes go out again, which Hardhat calls a known transaction', async () => {
  const sent = await send();
  await probe.kill();
  probe = new SendingProbe(node.ws, folder);
  await probe.sees(await height());
  const again = await probe.until('sent', { hash: sent.hash });
  assert.equal(again.answer, 'already_known');
  assert.match(again.text, /known transaction/i);
  const report = await ending(sent.id);
  assert.equal(report.kind, 'confirmed');
  assert.equal(await nonce(), sent.nonce + 1);
});

test('a stuck transaction is replaced at its nonce, by Hardhat\'s rule of both fees', async () => {
  const sent = await send();
  let replaced;
  for (let i = 0; i < 12 && replaced === undefined; ++i) {
    await mine(90);
    await new Promise((resolve) => setTimeout(resolve, 150));
    replaced = probe.all('signed', { nonce: sent.nonce }).find(({ hash }) => hash !== sent.hash);
  }
  assert.ok(replaced, 'it was replaced');
  assert.equal((await probe.until('sent', { hash: replaced.hash })).answer, 'accepted');
  const report = await ending(sent.id);
  assert.equal(report.kind, 'confirmed');
  const landed = await reader.getTransaction({ hash: report.hash });
  assert.equal(landed.nonce, sent.nonce);
  assert.notEqual(report.hash, sent.hash);
  assert.equal(await nonce(), sent.nonce + 1);
  assert.equal(probe.all('sent', { answer: 'replacement_underpriced' }).length, 0);
});

test('a nonce that the pool lost is filled with the same bytes, and the one above it follows', async () => {
  const low = await send();
  const high = await send();
  assert.equal(high.nonce, low.nonce + 1);
  assert.equal(await node.rpc('hardhat_dropTransaction', low.hash), true);
  assert.equal((await ending(low.id)).hash, low.hash);
  assert.equal((await ending(high.id)).hash, high.hash);
  assert.equal(await nonce(), high.nonce + 1);
});

test('a cap below the base fee is understood in Hardhat\'s words, and ends well when the fee falls', async () => {
  await mine(1);
  await node.rpc('evm_setAutomine', true);
  await node.rpc('hardhat_setNextBlockBaseFeePerGas', gwei(95));
  const sent = await send();
  const answers = probe.all('sent', { nonce: sent.nonce }).map(({ answer, text }) => `${answer}: ${text}`);
  await node.rpc('evm_setAutomine', false);
  assert.match(answers[0], /^underpriced: .*too low for the next block/);
  const report = await ending(sent.id);
  assert.equal(report.kind, 'confirmed');
  assert.equal((await reader.getTransaction({ hash: report.hash })).nonce, sent.nonce);
  assert.equal(await nonce(), sent.nonce + 1);
});

test('what misses its deadline gives its nonce to a transfer to ourselves', async () => {
  const sent = await send(1);
  for (let i = 0; i < 8 && probe.all('signed', { nonce: sent.nonce, purpose: 'cancel' }).length === 0; ++i) {
    await mine(90);
    await new Promise((resolve) => setTimeout(resolve, 150));
  }
  const cancel = await probe.until('signed', { nonce: sent.nonce, purpose: 'cancel' });
  await probe.until('sent', { hash: cancel.hash });
  const report = await ending(sent.id);
  assert.equal(report.kind, 'expired');
  await assert.rejects(receiptOf(sent.hash));
  const block = await reader.getBlock({ blockNumber: (await receiptOf(cancel.hash)).blockNumber, includeTransactions: true });
  const landed = block.transactions.find(({ hash }) => hash === cancel.hash);
  assert.equal(viem.getAddress(landed.to), sender);
  assert.equal(landed.value, 0n);
  assert.equal(await nonce(), sent.nonce + 1);
});

test('an intent taken back is cancelled at its nonce', async () => {
  const sent = await send();
  probe.command('cancel', sent.id);
  const cancel = await probe.until('signed', { nonce: sent.nonce, purpose: 'cancel' });
  assert.equal((await probe.until('sent', { hash: cancel.hash })).answer, 'accepted');
  const report = await ending(sent.id);
  assert.equal(report.kind, 'cancelled');
  await assert.rejects(receiptOf(sent.hash));
  assert.equal(await nonce(), sent.nonce + 1);
});
