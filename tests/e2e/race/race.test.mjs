// SPDX-License-Identifier: Apache-2.0
// The race of tests/bench/race holds what it promises: an honest rival, and a keeper that can say of everything it lost why. No time is judged.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Accounts } from '../../bench/race/bot/accounts.mjs';
import { Chain } from '../../bench/race/bot/chain.mjs';
import { Market } from '../../bench/race/bot/market.mjs';
import { bestPair } from '../../bench/race/bot/plan.mjs';
import { Routes } from '../../bench/race/bot/routes.mjs';
import { playRound } from '../../bench/race/round.mjs';
import { playGap, readTruth, startDevnet } from '../../devnet/devnet.mjs';

const reasons = ['other_won_same_block', 'other_won_before_seen', 'included_too_late', 'reverted_onchain', 'never_simulated'];

test('the rival computes the contracts\' own health, after a gap that it knows from events only, and finds what is worth taking', async () => {
  const devnet = await startDevnet({ aave: '3.0.2', borrowers: 40, seed: 4 });
  try {
    const { manifest, rpc } = devnet;
    const chain = await Chain.open(manifest.ws);
    const market = new Market(chain, manifest.aave);
    const accounts = new Accounts(chain, market);
    await market.load();
    await accounts.load(Number(manifest.deployBlock));
    await chain.subscribe(['logs', { address: market.aggregators() }], ({ address, topics }) => topics.length === 3 && market.answered(address.toLowerCase(), Number(BigInt(topics[1]))));
    await playGap(rpc, manifest, { change: -0.2 });
    const routes = new Routes(chain, accounts, manifest.uniswap);
    await routes.load();
    await market.refresh();
    await routes.refresh();
    let liquidatable = 0;
    for (const { account, healthFactor } of (await readTruth(rpc, manifest, { accounts: manifest.borrowers })).accounts) {
      const one = accounts.byAddress.get(account.toLowerCase());
      assert.ok(one, `${account} borrowed and was not found`);
      const truth = Number(healthFactor) / 1e18;
      assert.ok(Math.abs(accounts.health(one) / truth - 1) < 1e-6, `${account}: ${accounts.health(one)}, the pool says ${truth}`);
      const terms = { gasPrice: 2e10, etherPrice: 2400, minProfit: 5 };
      if (truth < 1 && bestPair(accounts, one, truth, terms)) liquidatable += 1;
    }
    assert.ok(liquidatable >= 3, `${liquidatable} worth taking`);
    chain.socket.terminate();
  } finally {
    await devnet.stop();
  }
});

function judge({ taken, plimsoll, bot, report, wire }) {
  assert.ok(taken.length >= 3, `${taken.length} liquidations`);
  assert.ok(wire.plimsoll.length > 0 && wire.bot.length > 0, 'both send within a second of the prices');
  assert.equal(report.won, plimsoll.count);
  assert.equal(report.reverted, plimsoll.reverted);
  for (const { account, block, hash } of plimsoll.reverts) {
    const before = taken.some((one) => one.winner === bot.executor && one.account === account && one.block <= block);
    assert.ok(before, `${hash} reverted, and nobody had taken ${account} before`);
  }
  assert.equal(report.missed.not_indexed, 0);
  const lost = taken.filter(({ winner }) => winner === bot.executor);
  assert.equal(report.missed_liquidations.length, lost.length);
  for (const { hash, account, block, winner } of lost) {
    const missed = report.missed_liquidations.find((one) => one.hash === hash);
    assert.ok(missed, `the loss of ${account} is not reported`);
    assert.deepEqual([missed.account, missed.block, missed.winner], [account, block, winner]);
    assert.ok(reasons.includes(missed.reason), missed.reason);
    if (missed.decided_on !== undefined) assert.equal(missed.lag_blocks, block - missed.decided_on);
  }
  assert.equal(Object.values(report.missed).reduce((sum, count) => sum + count, 0), lost.length);
}

if (process.env.PLIMSOLL_FULL === '1') {
  for (const [number, first] of ['plimsoll', 'bot'].entries()) {
    test(`round ${number + 1}, ${first} is told first: both work, and every loss has its reason`, async (context) => {
      const round = await playRound({ seed: 1, first });
      context.diagnostic(`plimsoll won ${round.plimsoll.count}, reverted ${round.plimsoll.reverted}; the bot won ${round.bot.count}, reverted ${round.bot.reverted}`);
      context.diagnostic(`missed: ${JSON.stringify(round.report.missed)}`);
      judge(round);
    });
  }
}
