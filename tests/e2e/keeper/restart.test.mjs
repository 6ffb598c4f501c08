// SPDX-License-Identifier: Apache-2.0
// The power fails after the journal holds the signed bytes and before any node has them.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { playGap } from '../../devnet/devnet.mjs';
import { variants } from '../variants.mjs';
import { checkReport } from '../verify/receipts.mjs';
import { readBlocks } from '../verify/settled.mjs';
import { openStage } from './stage.mjs';

for (const aave of variants) {
  describe(`Aave ${aave}`, () => {
    let stage;
    let cut = true;
    before(async () => {
      stage = await openStage({ aave, borrowers: 60, seed: 5, blockTime: 0.4, swallow: ({ method }) => cut && method === 'eth_sendRawTransaction' });
    });
    after(() => stage?.stop());

    const sent = () => stage.wire.requests.filter(({ method }) => method === 'eth_sendRawTransaction').map(({ params }) => params[0]);
    const sleep = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

    async function untilSent(count, seconds) {
      const limit = Date.now() + seconds * 1000;
      while (sent().length < count) {
        if (Date.now() > limit) throw new Error(`${sent().length} sends within ${seconds} s, ${count} wanted`);
        await sleep(50);
      }
    }

    /** What failed transactions of the sender cost: Map(block number → wei). */
    async function costOfReverts(rpc, sender) {
      const costs = new Map();
      for (const { number, transactions } of await readBlocks(rpc, 1, Number(await rpc('eth_blockNumber')))) {
        for (const { hash } of transactions.filter(({ from }) => from === sender.toLowerCase())) {
          const { status, gasUsed, effectiveGasPrice } = await rpc('eth_getTransactionReceipt', hash);
          if (status === '0x0') costs.set(Number(number), (costs.get(Number(number)) ?? 0n) + BigInt(gasUsed) * BigInt(effectiveGasPrice));
        }
      }
      return costs;
    }

    test('what was persisted and never reached a node is sent again byte for byte', async () => {
      const { rpc, manifest } = stage.devnet;
      const { operator } = manifest.accounts;
      const nonce = Number(await rpc('eth_getTransactionCount', operator, 'latest'));
      const first = await stage.start(['run', '--live']);
      await playGap(rpc, manifest, { change: -0.25 });
      await untilSent(5, 60);
      await first.stop('SIGKILL');
      const lost = [...new Set(sent())];
      assert.equal(Number(await rpc('eth_getTransactionCount', operator, 'pending')), nonce, 'the node has none of them');

      cut = false;
      const before = sent().length;
      const second = await stage.start(['run', '--live']);
      await untilSent(before + lost.length, 60);
      const again = sent().slice(before, before + lost.length);
      assert.deepEqual(again.filter((raw) => !lost.includes(raw)), [], 'nothing new goes out before the old bytes');
      assert.deepEqual(new Set(again), new Set(lost));

      await stage.untilQuiet(second);
      assert.deepEqual(await second.stop('SIGTERM'), { code: 0, signal: null });
      const report = stage.report();
      assert.ok(report.won > 0, JSON.stringify(report.skipped));
      // Bytes of the first run whose last block has passed may revert in the Executor; every nonce is used and every transaction is known.
      const { failures } = await checkReport(rpc, manifest, report, { from: Number(await rpc('eth_blockNumber')) });
      const lostIn = await costOfReverts(rpc, operator);
      const explained = (failure) => {
        const [, block, fell, told] = /^block (\d+): sender's Ether fell by (\d+) wei, reported gas (\d+)$/.exec(failure) ?? [];
        return block !== undefined && BigInt(fell) === BigInt(told) + (lostIn.get(Number(block)) ?? 0n);
      };
      assert.deepEqual(failures.filter((failure) => !/reverted|gas reported/.test(failure) && !explained(failure)), []);
      const latest = Number(await rpc('eth_getTransactionCount', operator, 'latest'));
      assert.equal(latest, Number(await rpc('eth_getTransactionCount', operator, 'pending')), 'no gap is left');
      assert.equal(latest - nonce >= lost.length, true, `${latest - nonce} nonces used`);
    });
  });
}
