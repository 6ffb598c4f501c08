// SPDX-License-Identifier: Apache-2.0
// The venue follows a busy market by logs alone; after every block the pool is asked about every account, and each liquidation is held
// against what the venue said it would be.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { requireFromDevnet } from '../../../chain/contracts/compile.mjs';
import { Sender, mine, playActivity, playGap, startDevnet } from '../../devnet/devnet.mjs';
import { Random } from '../../devnet/lib/random.mjs';
import { full, seed, variants } from '../variants.mjs';
import { Follower } from './follower.mjs';
import { governance } from './governance.mjs';
import { simulateLiquidations } from './liquidations.mjs';

const { parseAbi } = requireFromDevnet()('viem');
const actionAbi = parseAbi([
  'function borrow(address asset, uint256 amount, uint256 rateMode, uint16 referralCode, address onBehalfOf)',
  'function repay(address asset, uint256 amount, uint256 rateMode, address onBehalfOf) returns (uint256)',
  'function withdraw(address asset, uint256 amount, address to) returns (uint256)',
  'function approve(address spender, uint256 amount)',
  'function setUserUseReserveAsCollateral(address asset, bool use)',
]);

// The first variant is looked at most closely; the others get what their arithmetic needs.
function sizes(aave) {
  const small = aave !== variants[0] && !full;
  return {
    blocks: Number(process.env.PLIMSOLL_PARITY_BLOCKS ?? (small ? 30 : 40)),
    borrowers: Number(process.env.PLIMSOLL_PARITY_BORROWERS ?? (small ? 150 : 300)),
    liquidations: small ? 400 : 1000,
  };
}

for (const aave of variants) {
  const { blocks, borrowers, liquidations } = sizes(aave);

  describe(`Aave ${aave}`, () => {
    let devnet;
    let follower;
    before(async () => {
      devnet = await startDevnet({ aave, borrowers, seed: 6 + seed });
      follower = new Follower(devnet);
    });
    after(async () => {
      follower?.stop();
      await devnet?.stop();
    });

    test('bootstrap finds every account and its exact health', async () => {
      const steps = await follower.bootstrap();
      assert.ok(steps.includes('finding accounts') && steps.includes('reading accounts'));
      assert.ok((await follower.compareHealth(await follower.blockAt('latest'))) >= borrowers);
      const { assets } = await follower.probe.ask({ op: 'status' });
      const polled = assets.filter((asset) => asset.polled).map(({ symbol }) => symbol);
      assert.deepEqual(polled, ['wstETH'], 'only the asset priced by a silent ratio is polled');
    });

    test('every account stays exact through a busy market, without being read again', async (context) => {
      const { probe } = follower;
      const readBefore = probe.accountReads;
      const played = await playActivity(devnet.rpc, devnet.manifest, { blocks, seed: `parity ${seed}` });
      const seen = await follower.followTo();
      assert.equal(follower.applied.at(-1), played.blocks.at(-1).hash);
      context.diagnostic(`${played.blocks.length} blocks, ${seen.accounts} accounts, ${seen.liquidations} liquidations: ${JSON.stringify(played.counts)}`);
      assert.equal(probe.accountReads, readBefore, 'no account is read after bootstrap');
      assert.ok(seen.liquidations > 0, 'the scenario has liquidations');
      const { quarantined, demoted } = await probe.ask({ op: 'status' });
      assert.deepEqual({ quarantined, demoted }, { quarantined: 0, demoted: 0 });
    });

    // Mines what `sender` queued, `seconds` after the head, and compares everybody.
    async function mineAndCompare(sender, seconds) {
      const head = await follower.blockAt('latest');
      await mine(devnet.rpc, await sender.flush(), { timestamp: Number(head.timestamp) + seconds });
      await follower.followTo();
    }

    test('interest larger than what is withdrawn or repaid stays exact', async () => {
      const { aave: market, tokens } = devnet.manifest;
      const supplier = await Sender.open(devnet.rpc, 'supplier');
      const act = (to, name, args) => supplier.call(to, actionAbi, name, args);
      // Frozen collateral lends nothing; in 3.6 nothing else may be withdrawn while it is in use.
      act(market.pool, 'setUserUseReserveAsCollateral', [tokens.SNX.address, false]);
      act(market.pool, 'borrow', [tokens.USDC.address, 1_000_000_000n, 2n, 0, supplier.address]);
      act(tokens.USDC.address, 'approve', [market.pool, 1_000_000n]);
      await mineAndCompare(supplier, 12);
      // A day's interest is far above these amounts, so that the tokens tell a Mint where something was burnt.
      act(market.pool, 'withdraw', [tokens.WETH.address, 10n ** 12n, supplier.address]);
      act(market.pool, 'repay', [tokens.USDC.address, 10n, 2n, supplier.address]);
      await mineAndCompare(supplier, 86_400);
      await mineAndCompare(supplier, 86_400);
    });

    test('what governance changes is followed', async () => {
      const admin = await Sender.open(devnet.rpc, 'admin');
      const { abi, steps } = governance(devnet.manifest);
      for (const step of steps) {
        for (const [name, ...args] of step) admin.call(devnet.manifest.aave.configurator, abi, name, args, { gas: 8_000_000 });
        await mineAndCompare(admin, 12);
      }
    });

    test('undoing blocks and applying them again ends at the same state', async () => {
      const { probe } = follower;
      const end = follower.followed;
      const last = await follower.blockAt(end);
      const first = await probe.ask({ op: 'health', timestamp: Number(last.timestamp) });
      const depth = Math.min(blocks, 30);
      while (follower.followed > end - depth) {
        await follower.undo();
        if (follower.followed % 5 === 0) await follower.compareHealth(await follower.blockAt(follower.followed));
      }
      await follower.followTo(end, { compare: false });
      const again = await probe.ask({ op: 'health', timestamp: Number(last.timestamp) });
      assert.deepEqual(new Map(again.accounts), new Map(first.accounts));
    });

    test(`${liquidations} liquidations are what the pool would do`, async (context) => {
      await playGap(devnet.rpc, devnet.manifest, { change: -0.25 });
      await follower.followTo('latest', { compare: false });
      const head = await follower.blockAt('latest');
      await follower.compareHealth(head);
      const result = await simulateLiquidations({ probe: follower.probe, devnet, head, random: new Random(`quotes ${seed}`), wanted: liquidations });
      context.diagnostic(`${result.equal} equal, ${result.refused} refused by both, ${result.fees} with a fee, ${result.halves} cut at the close factor`);
      assert.ok(result.equal >= liquidations, `only ${result.equal} liquidations were possible`);
    });
  });
}
