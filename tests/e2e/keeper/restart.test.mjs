// SPDX-License-Identifier: Apache-2.0
// The power fails after the journal holds the signed bytes and before any node has them.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { playGap } from '../../devnet/devnet.mjs';
import { variants } from '../variants.mjs';
import { checkReport } from '../verify/receipts.mjs';
import { openStage } from './stage.mjs';

for (const aave of variants) {
  describe(`Aave ${aave}`, () => {
    let stage;
    let cut = true;
    before(async () => {
      stage = await openStage({ aave, borrowers: 60, seed: 5, swallow: ({ method }) => cut && method === 'eth_sendRawTransaction' });
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
      assert.deepEqual(failures.filter((failure) => !/reverted|gas reported/.test(failure)), []);
      const latest = Number(await rpc('eth_getTransactionCount', operator, 'latest'));
      assert.equal(latest, Number(await rpc('eth_getTransactionCount', operator, 'pending')), 'no gap is left');
      assert.equal(latest - nonce >= lost.length, true, `${latest - nonce} nonces used`);
    });
  });
}
