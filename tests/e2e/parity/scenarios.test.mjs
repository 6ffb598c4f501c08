// SPDX-License-Identifier: Apache-2.0
// Every way in which prices move, one after another on one chain: after each block every account's health factor is the pool's own.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { startDevnet } from '../../devnet/devnet.mjs';
import { scenarios } from '../scenarios.mjs';
import { full, seed, variants } from '../variants.mjs';
import { Follower } from './follower.mjs';

const borrowers = 2_000;

for (const aave of variants) {
  describe(`Aave ${aave}`, () => {
    let devnet;
    let follower;
    let readAtBootstrap;
    before(async () => {
      devnet = await startDevnet({ aave, borrowers, seed: 10 + seed });
      follower = new Follower(devnet);
      await follower.bootstrap();
      readAtBootstrap = follower.probe.accountReads;
    });
    after(async () => {
      follower?.stop();
      await devnet?.stop();
    });

    for (const [name, play] of scenarios) {
      test(`exact through ${name}`, async (context) => {
        let orphan;
        const seen = async ({ hash }) => {
          await follower.followTo();
          assert.equal(follower.applied.at(-1), hash);
          orphan = hash;
        };
        const { replacement } = await play(devnet, { seen });
        const { blocks, accounts } = await follower.followTo();
        const head = await follower.blockAt('latest');
        const { accounts: below } = await follower.probe.ask({ op: 'liquidatable', timestamp: Number(head.timestamp) });
        context.diagnostic(`${blocks} blocks, ${accounts} accounts, ${below.length} below the line after the last`);
        assert.ok(accounts >= borrowers);
        assert.equal(orphan !== undefined, replacement !== undefined, 'an orphan is followed before it is taken back');
        assert.ok(!follower.applied.includes(orphan));
      });
    }

    test('no account was read after bootstrap, and none is out of the venue\'s depth', async () => {
      assert.equal(follower.probe.accountReads, readAtBootstrap);
      assert.equal((await follower.probe.ask({ op: 'status' })).quarantined, 0);
    });
  });
}
