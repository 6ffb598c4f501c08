// SPDX-License-Identifier: Apache-2.0
// The feed against a real anvil: blocks with logs, reorgs, evm_revert, dead and silent sockets. viem is the judge.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Probe } from './probe.mjs';
import { startProxy } from './proxy.mjs';
import { expectedChain, startWorld, toldChain } from './world.mjs';

let world;
let proxy;
before(async () => {
  world = await startWorld();
  proxy = await startProxy(world.node.port);
});
after(async () => {
  await proxy?.stop();
  await world?.stop();
});

const started = [];
after(async () => {
  for (const probe of started) await probe.stop();
});

function startProbe(port, watched, { stale = 60_000, replace = 60_000 } = {}) {
  const probe = new Probe(['feed', `ws://127.0.0.1:${port}`, stale, replace, ...watched]);
  started.push(probe);
  return probe;
}

async function busyBlock(seed) {
  for (let i = 0; i < seed % 3; ++i) await world.note(i % 2, 1 + ((seed + i) % 3), (seed * 37) % 400);
  await world.mine();
}

async function followed(probe) {
  await probe.sealed((await world.latest()).hash);
}

test('thirty blocks, a reorg and a rewind are told as viem sees them in the end', async () => {
  const probe = startProbe(world.node.port, world.addresses);
  await followed(probe);
  for (let i = 0; i < 12; ++i) await busyBlock(i);
  await followed(probe);
  await world.rpc('anvil_reorg', 3, []);
  await world.resetNonce();
  for (let i = 12; i < 20; ++i) await busyBlock(i);
  await followed(probe);
  assert.ok(probe.undone >= 3, `undone ${probe.undone}`);
  const snapshot = await world.rpc('evm_snapshot');
  for (let i = 20; i < 24; ++i) await busyBlock(i);
  await followed(probe);
  const before = probe.undone;
  await world.rpc('evm_revert', snapshot);
  await world.resetNonce();
  for (let i = 24; i < 36; ++i) await busyBlock(i);
  await followed(probe);
  assert.ok(probe.undone >= before + 4, `undone ${probe.undone} after ${before}`);
  assert.ok(probe.chain.length >= 30);
  assert.deepEqual(toldChain(probe), await expectedChain(world, probe, world.addresses));
  assert.ok(toldChain(probe).some((block) => block.logs.length >= 3));
  assert.equal(await probe.stop(), 0);
  const { counters } = probe;
  assert.equal(counters.resyncs, '0');
  assert.equal(counters.malformed, '0');
  assert.ok(Number(counters.sealed_by_bloom) > 5, 'blocks without our logs are sealed without a request');
  assert.ok(Number(counters.eth_getLogs) <= Number(counters.heads) - Number(counters.sealed_by_bloom) + Number(counters.retries));
});

test('a watch that grows has all logs of the blocks sealed afterwards', async () => {
  const [first, second] = world.addresses;
  const probe = startProbe(world.node.port, [first]);
  await followed(probe);
  await world.note(1, 2, 10);
  await world.note(0, 1, 10);
  await world.mine();
  await followed(probe);
  assert.equal(probe.chain.at(-1).logs.length, 1);
  probe.write(`${first} ${second}`);
  await world.mine();
  await followed(probe);
  await new Promise((resolve) => setTimeout(resolve, 200));
  await world.note(1, 2, 10);
  await world.note(0, 1, 10);
  await world.mine();
  await followed(probe);
  assert.equal(probe.chain.at(-1).logs.length, 3);
  assert.equal(await probe.stop(), 0);
});

test('a cut connection loses no block', async () => {
  const probe = startProbe(proxy.port, world.addresses);
  await followed(probe);
  const first = probe.chain.at(-1).number;
  for (let round = 0; round < 3; ++round) {
    await busyBlock(2 * round + 1);
    proxy.refuse(true);
    proxy.cut();
    for (let i = 0; i < 4; ++i) await busyBlock(round + i);
    if (round === 1) {
      await world.rpc('anvil_reorg', 2, []);
      await world.resetNonce();
    }
    await world.mine();
    proxy.refuse(false);
    await followed(probe);
  }
  assert.ok(Number(probe.chain.at(-1).number) >= Number(first) + 15);
  assert.deepEqual(toldChain(probe), await expectedChain(world, probe, world.addresses));
  assert.equal(await probe.stop(), 0);
  assert.equal(probe.counters.connects, '4');
  assert.ok(probe.readiness.some((bits) => bits !== 0), 'not ready while cut off');
  assert.equal(probe.readiness.at(-1), 0);
  assert.equal(probe.counters.resyncs, '0');
});

test('a silent socket is noticed and replaced', async () => {
  const probe = startProbe(proxy.port, world.addresses, { stale: 1_000, replace: 2_000 });
  await followed(probe);
  proxy.freeze();
  await world.mine();
  const STALE = 1 << 1;
  await probe.until(() => probe.readiness.some((bits) => (bits & STALE) !== 0), 'stale head');
  await probe.until(() => probe.lines.some((line) => line.error === 'trouble'), 'replacement');
  proxy.thaw();
  await world.mine();
  await followed(probe);
  await world.mine();
  await followed(probe);
  await probe.until(() => probe.readiness.at(-1) === 0, 'readiness');
  assert.deepEqual(toldChain(probe), await expectedChain(world, probe, world.addresses));
  assert.equal(await probe.stop(), 0);
  assert.ok(Number(probe.counters.silences) >= 1);
});
