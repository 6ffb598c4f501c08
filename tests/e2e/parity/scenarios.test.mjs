// SPDX-License-Identifier: Apache-2.0
// Every way in which prices move, one after another on one chain: after each block every account's health factor is the pool's own.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import {
  playAggregatorSwap, playBleed, playCappedRatio, playDepeg, playGap, playGlitch, playInterest, playRatio, startDevnet,
} from '../../devnet/devnet.mjs';
import { full, variants } from '../variants.mjs';
import { Follower } from './follower.mjs';

const borrowers = full ? 200 : 60;
const steps = full ? 40 : 10;

for (const aave of variants) {
  describe(`Aave ${aave}`, () => {
    let devnet;
    let follower;
    let readAtBootstrap;
    before(async () => {
      devnet = await startDevnet({ aave, borrowers, seed: 11 });
      follower = new Follower(devnet);
      await follower.bootstrap();
      readAtBootstrap = follower.probe.accountReads;
    });
    after(async () => {
      follower?.stop();
      await devnet?.stop();
    });

    // Plays, follows to the head comparing after each block, and answers what was played.
    async function exact(context, play, options) {
      const played = await play(devnet.rpc, devnet.manifest, options);
      const { blocks, accounts } = await follower.followTo();
      const { accounts: below } = await follower.probe.ask({ op: 'liquidatable', timestamp: Number((await follower.blockAt('latest')).timestamp) });
      context.diagnostic(`${blocks} blocks, ${accounts} accounts, ${below.length} below the line after the last`);
      assert.ok(accounts >= borrowers);
      return played;
    }

    const passing = (list) => list.forEach(([name, play, options]) => {
      test(`exact through ${name}`, async (context) => {
        await exact(context, play, options);
      });
    });

    passing([
      ['a slow bleed', playBleed, { change: -0.06, steps, seconds: 1800 }],
      ['interest', (rpc, manifest, options) => playInterest(rpc, options), { seconds: 20 * 86_400 }],
      ['a depeg and its end', playDepeg, { changes: { USDC: -0.1, DAI: -0.08 }, recover: true }],
      ['a stablecoin above its peg', playDepeg, { changes: { USDT: 0.03 } }],
      ['a ratio that moves without a log', playRatio, { change: -0.04 }],
      ['a ratio whose cap grows by the second', playCappedRatio, { start: 0.99, blocks: steps / 2, seconds: 43_200 }],
      ['a glitch within one block', playGlitch, { kind: 'same-block' }],
      ['a glitch that lasts one block', playGlitch, { kind: 'one-block' }],
      ['a gap', playGap, { change: -0.15 }],
    ]);

    for (const by of ['anvil_reorg', 'evm_revert']) {
      test(`exact through a glitch whose block is taken back by ${by}`, async (context) => {
        let orphan;
        const seen = async ({ hash }) => {
          await follower.followTo();
          orphan = follower.applied.at(-1);
          assert.equal(orphan, hash);
        };
        const { block, replacement } = await exact(context, playGlitch, { kind: 'reorged', by, seen });
        assert.equal(orphan, block.hash, 'the outlier was followed before it was taken back');
        assert.ok(follower.applied.includes(replacement.hash) && !follower.applied.includes(orphan));
      });
    }

    // Last, because the leaves of these feeds are polled from then on.
    passing([
      ['a new aggregator, which starts off the old one', playAggregatorSwap, { feed: 'BTC/USD', jump: -0.01, change: -0.05 }],
      ['a new aggregator of two assets', playAggregatorSwap, { feed: 'ETH/USD', change: -0.03 }],
      ['a gap of feeds that were replaced', playGap, { change: -0.1 }],
    ]);

    test('no account was read after bootstrap, and none is out of the venue\'s depth', async () => {
      assert.equal(follower.probe.accountReads, readAtBootstrap);
      assert.equal((await follower.probe.ask({ op: 'status' })).quarantined, 0);
    });
  });
}
