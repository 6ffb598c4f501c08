// SPDX-License-Identifier: Apache-2.0
// A keeper with several endpoints: one dies, one falls silent, one serves another chain, one is over http only.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { playGap } from '../../devnet/devnet.mjs';
import { startAnvil } from '../../devnet/lib/anvil.mjs';
import { startPacer } from '../../devnet/lib/pacer.mjs';
import { variants } from '../variants.mjs';
import { checkReport } from '../verify/receipts.mjs';
import { openStage } from './stage.mjs';
import { startWire } from './wire.mjs';

const blockTime = 0.3;
const sleep = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

describe('several endpoints', () => {
  let stage;
  let second;
  before(async () => {
    stage = await openStage({ aave: variants[0], borrowers: 60, seed: 6, blockTime });
    second = await startWire(stage.devnet.manifest.ws);
  });
  after(async () => {
    await second?.stop();
    await stage?.stop();
  });

  const sends = () => [...stage.wire.requests, ...second.requests].filter(({ method }) => method === 'eth_sendRawTransaction').length;
  const endpoints = () => [
    { name: 'first', ws: stage.wire.url },
    { name: 'second', ws: second.url },
    { name: 'third', http: stage.devnet.manifest.http },
  ];

  test('one that nobody listens on is told and left; the steady state asks little; the death of one costs nothing', async (context) => {
    const { rpc, manifest } = stage.devnet;
    const from = Number(await rpc('eth_blockNumber'));
    const dead = { name: 'dead', ws: 'ws://127.0.0.1:9', startup_timeout: '1s' };
    const keeper = await stage.start(['run', '--live'], { endpoints: [...endpoints(), dead] });
    assert.ok(keeper.lines.some((line) => /event=endpoint.*name=dead/.test(line)), 'the dead one is named');
    await keeper.line(/event=ready .*what may be sent/, 30);

    const counted = async (blocks) => {
      const begun = [Number(await rpc('eth_blockNumber')), stage.wire.requests.length + second.requests.length];
      while (Number(await rpc('eth_blockNumber')) < begun[0] + blocks) await sleep(100);
      return (stage.wire.requests.length + second.requests.length - begun[1]) / (Number(await rpc('eth_blockNumber')) - begun[0]);
    };
    await stage.blocks(3);
    const perBlock = await counted(10);
    context.diagnostic(`${perBlock.toFixed(1)} requests a block over two WebSocket endpoints, nothing happening`);
    assert.ok(perBlock <= 8, `${perBlock} requests a block`);

    stage.wire.cut();
    await keeper.line(/event=endpoint.*name=first/, 10);
    const before = keeper.lines.filter((line) => /event=won/.test(line)).length;
    await playGap(rpc, manifest, { change: -0.25 });
    await keeper.line(/event=won/, 60);
    await stage.untilQuiet(keeper, 2);
    assert.ok(keeper.lines.filter((line) => /event=won/.test(line)).length > before);
    stage.wire.mend();
    await keeper.line(/event=endpoint.*name=first state=alive/, 60);
    const to = Number(await rpc('eth_blockNumber'));
    assert.deepEqual(await keeper.stop('SIGTERM'), { code: 0, signal: null });
    const { failures } = await checkReport(rpc, manifest, stage.report(), { from, to, atLeast: 3 });
    assert.deepEqual(failures, []);
  });

  /** A node that left the chain at its newest block and goes on by itself. */
  async function startFork() {
    const { rpc, manifest } = stage.devnet;
    const { timestamp } = await rpc('eth_getBlockByNumber', 'latest', false);
    const node = await startAnvil({ chainId: manifest.chainId, timestamp: Number(timestamp), extraArguments: ['--fork-url', manifest.http] });
    return { ...node, pacer: startPacer(node.rpc, blockTime) };
  }

  test('while one of two follows another chain nothing is sent, and it is when they agree again', async () => {
    const { rpc, manifest } = stage.devnet;
    const keeper = await stage.start(['run', '--live'], { dataDir: join(stage.folder, 'disagree'), endpoints: endpoints().slice(0, 2) });
    await keeper.line(/event=ready .*what may be sent/, 30);
    const fork = await startFork();
    try {
      second.cut();
      second.mend(fork.ws);
      await keeper.line(/event=unready.*endpoints_disagree/, 20);
      const before = sends();
      await playGap(rpc, manifest, { change: -0.2 });
      await stage.blocks(6);
      assert.equal(sends(), before, 'nothing is sent while they disagree');
      const since = keeper.lines.findIndex((line) => /endpoints_disagree/.test(line));
      assert.ok(!keeper.lines.slice(since).some((line) => /event=(ready|found|won)/.test(line)), 'nor is anything decided');
      second.cut();
      second.mend(manifest.ws);
      await keeper.line(/event=won/, 60);
      await stage.untilQuiet(keeper, 2);
      assert.ok(sends() > before);
      await keeper.stop('SIGTERM');
    } finally {
      await fork.pacer.stop();
      await fork.stop();
    }
  });
});
