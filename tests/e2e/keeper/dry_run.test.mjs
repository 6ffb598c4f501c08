// SPDX-License-Identifier: Apache-2.0
// A dry run goes all the way but for the sending, and says who took what it would have taken. Then the same market live, through SwapRouter02.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { playGap } from '../../devnet/devnet.mjs';
import { full, variants } from '../variants.mjs';
import { openStage } from './stage.mjs';

const swapTopic = '0xc42079f94a6350d7e6235f29174924f928cc2ac818eb64fed8004e115fbcca67';

for (const aave of variants) {
  describe(`Aave ${aave}`, () => {
    let stage;
    before(async () => {
      stage = await openStage({ aave, borrowers: 60, seed: 3, blockTime: 0.4 });
    });
    after(() => stage?.stop());

    const fieldsOf = (line) => Object.fromEntries([...line.matchAll(/(\w+)=("[^"]*"|\S+)/g)].map(([, name, value]) => [name, value]));

    test('a dry run of a price gap sends nothing, simulates each opportunity and reports it once', async () => {
      const { operator } = stage.devnet.manifest.accounts;
      const nonce = await stage.devnet.rpc('eth_getTransactionCount', operator, 'latest');
      const keeper = await stage.start(['dry-run'], { mode: 'live' });
      await playGap(stage.devnet.rpc, stage.devnet.manifest, { change: -0.25 });
      await keeper.line(/event=would/, 60);
      await stage.untilQuiet(keeper);

      const found = keeper.lines.filter((line) => /event=found/.test(line)).map(fieldsOf);
      const simulated = keeper.lines.filter((line) => /event=would/.test(line));
      assert.ok(found.length >= 10, `${found.length} opportunities`);
      assert.equal(new Set(found.map(({ account }) => account)).size, found.length, 'each account is told once while it does not change');
      assert.equal(simulated.length, found.length, 'each is simulated');
      const good = simulated.filter((line) => /simulated at the block/.test(line));
      assert.ok(good.length >= found.length * 0.9, `${good.length} of ${found.length} simulations went through:\n${simulated.filter((line) => !good.includes(line)).join('\n')}`);

      const { rival } = stage.devnet.manifest.accounts;
      const taken = await stage.takeAsRival(found[0].account);
      const lost = await keeper.line(new RegExp(`event=lost .*${found[0].account}`, 'i'), 30);
      assert.match(lost, new RegExp(rival, 'i'));
      assert.match(lost, new RegExp(taken, 'i'));

      assert.deepEqual(await keeper.stop('SIGTERM'), { code: 0, signal: null });
      const report = stage.report('dry-run/report.json');
      assert.equal(report.missed.not_indexed, 0);
      // What the rival left of an account is another opportunity.
      assert.equal(report.sent, keeper.lines.filter((line) => /event=found/.test(line)).length);
      assert.ok(report.sent - found.length <= 1, `${report.sent} reported, ${found.length} before the rival came`);
      assert.equal(report.won, 0);
      assert.ok(!stage.has('journal.sqlite'), 'the journal of live sending is not touched');
      assert.equal(await stage.devnet.rpc('eth_getTransactionCount', operator, 'latest'), nonce);
    });

    test('the wire of a dry run holds no send of any kind', () => {
      const methods = new Set(stage.wire.requests.map(({ method }) => method));
      assert.ok(methods.has('eth_call') && methods.has('eth_subscribe'), [...methods].join(' '));
      assert.deepEqual([...methods].filter((method) => /send|sign/i.test(method)), []);
    });

    test('live, through SwapRouter02: what the dry run told of is liquidated', { skip: aave !== variants[0] && !full }, async (context) => {
      const { manifest, rpc } = stage.devnet;
      const { router, router02 } = manifest.uniswap;
      const keeper = await stage.start(['run', '--live'], { overrides: [[`router = "${router}"`, `router = "${router02}"`]] });
      await keeper.line(/event=won/, 60);
      await stage.untilQuiet(keeper);
      assert.deepEqual(await keeper.stop('SIGTERM'), { code: 0, signal: null });
      const report = stage.report();
      assert.ok(report.won >= 9, `${report.won} won`);
      assert.equal(report.reverted, 0);
      const sellers = new Set();
      for (const { hash } of report.liquidations) {
        const { status, logs } = await rpc('eth_getTransactionReceipt', hash);
        assert.equal(status, '0x1');
        const swaps = logs.filter(({ topics }) => topics[0] === swapTopic);
        for (const { topics } of swaps) sellers.add(`0x${topics[1].slice(26)}`);
      }
      assert.deepEqual([...sellers], [router02.toLowerCase()]);
      const ratios = report.liquidations.map(({ gas_used: used, gas_expected: expected }) => used / expected).sort((a, b) => a - b);
      context.diagnostic(`${report.won} won, gas used over expected ${ratios[0].toFixed(3)} to ${ratios.at(-1).toFixed(3)}`);
    });

    test('what is decided on a block\'s logs before its seal is told apart from what waits for it', { skip: aave !== variants[0] && !full }, async (context) => {
      const { manifest, rpc } = stage.devnet;
      const told = {};
      for (const speculate of [false, true]) {
        const keeper = await stage.start(['dry-run'], { mode: 'live', keys: { strategy: { speculate } }, summaryEvery: '1s' });
        await playGap(rpc, manifest, { change: -0.08 });
        const name = speculate ? 'speculative_p50_us' : 'p50_us';
        told[name] = Number(fieldsOf(await keeper.line(new RegExp(`event=summary.* ${name}=[1-9]`), 60))[name]);
        assert.deepEqual(await keeper.stop('SIGTERM'), { code: 0, signal: null });
        const sums = keeper.lines.filter((line) => /event=summary/.test(line)).map(fieldsOf);
        const most = (field) => Math.max(...sums.map((sum) => Number(sum[field])));
        assert.equal(most('speculative') > 0, speculate, 'decisions before the seal are counted where they are wanted, and only there');
        assert.equal(most('speculative_p50_us') > 0, speculate);
      }
      context.diagnostic(`from the frame to signed bytes, median: sealed ${told.p50_us} us, speculative ${told.speculative_p50_us} us`);
    });
  });
}
