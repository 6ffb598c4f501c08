// SPDX-License-Identifier: Apache-2.0
// An ordinary stretch of market life, compressed: prices move, users act, another keeper liquidates. One seed, one history.
import { toHex } from '../lib/rpc.mjs';
import { Sender } from '../lib/accounts.mjs';
import { Random } from '../lib/random.mjs';
import { Market, readMarket } from './market.mjs';
import { withMiner } from './mining.mjs';
import { userActions } from './user_actions.mjs';

const volatileFeeds = ['ETH/USD', 'BTC/USD', 'LINK/USD', 'ENS/USD', 'SNX/USD', 'WBTC/BTC', 'USDC/USD', 'USDT/USD', 'DAI/USD'];
const stableFeeds = new Set(['WBTC/BTC', 'USDC/USD', 'USDT/USD', 'DAI/USD']);
const gaps = [[8, 12], [3, 24], [2, 300], [1, 3600], [1, 86_400]]; // seconds between blocks

// What each block is about, shuffled decks so that every kind comes up in any forty blocks.
function deck(random, blocks) {
  const users = Object.keys(userActions).flatMap((kind) => [kind, kind, kind]);
  const queue = [];
  const next = () => {
    if (queue.length === 0) queue.push(...random.shuffle(users));
    return queue.pop();
  };
  return Array.from({ length: blocks }, (_, i) => ({
    prices: i % 20 === 6 ? 'several' : i % 20 === 13 ? 'crash' : random.weighted([[5, 'small'], [1, 'large'], [5, 'none']]),
    ratio: i % 10 === 4,
    kinds: Array.from({ length: random.integer(1, 4) }, next),
    seconds: random.weighted(gaps),
  }));
}

function scale(answer, factor) {
  const next = (answer * BigInt(Math.round(factor * 1e6))) / 1_000_000n;
  return next > 0n ? next : 1n;
}

function drawAnswers(random, answers, mood) {
  const after = { ...answers };
  const few = random.shuffle(volatileFeeds).slice(0, mood === 'several' ? 5 : random.integer(1, 2));
  const names = mood === 'crash' ? ['ETH/USD', 'BTC/USD', 'LINK/USD'] : few;
  for (const name of names) {
    const width = stableFeeds.has(name) ? 0.0008 : mood === 'small' ? 0.006 : 0.03;
    const factor = mood === 'crash' ? random.between(0.9, 0.95) : 1 + random.between(-width, width);
    after[name] = scale(answers[name], factor);
  }
  return after;
}

// Queues this block's price moves: pools first, then reports, then (sometimes) a second report on the same feed.
async function queuePrices(market, random, now, plan, observedAt) {
  if (plan.prices === 'none' && !plan.ratio) return { after: now, names: [] };
  const answers = plan.prices === 'none' ? now.answers : drawAnswers(random, now.answers, plan.prices);
  const etherPerShare = plan.ratio ? scale(now.etherPerShare, random.between(0.9998, 1.0006)) : now.etherPerShare;
  const after = { answers, etherPerShare };
  market.movePools(now, after);
  if (plan.ratio) market.setRatio(etherPerShare);
  const names = await market.transmitChanges(now, after, observedAt);
  if (plan.prices === 'several' && names.length > 0) {
    answers[names[0]] = scale(answers[names[0]], 1.001);
    await market.transmit(names[0], answers[names[0]], observedAt);
    names.push(names[0]);
  }
  return { after, names };
}

async function simulate(rpc, { sender, to, data }) {
  const [answer] = await rpc.settle([['eth_call', { from: sender.address, to, data, gas: toHex(6_000_000) }, 'latest']]);
  return !answer.error;
}

// Draws until an action of the kind is possible at the head; some blocks have none (nobody to liquidate, say).
async function queueUserAction(context, kind) {
  for (let attempt = 0; attempt < 12; attempt++) {
    const action = await userActions[kind](context);
    if (!action || !(await simulate(context.rpc, action))) continue;
    action.sender.add({ to: action.to, data: action.data, gas: 4_000_000, label: kind });
    return true;
  }
  return false;
}

function count(counts, kind, field) {
  counts[kind] ??= { mined: 0, reverted: 0, impossible: 0 };
  counts[kind][field] += 1;
}

/// Plays `blocks` blocks; answers {name, seed, counts: {kind: {mined, reverted, impossible}}, blocks: [{number, hash, timestamp, prices, ratio, kinds}]}.
/// A block's prices lists the feeds reported in it, in order.
export async function playActivity(rpc, manifest, { blocks = 40, seed = '1' } = {}) {
  const random = new Random(`activity ${seed}`);
  const market = await Market.open(rpc, manifest);
  const rival = await Sender.open(rpc, 'rival', manifest.chainId);
  const context = { rpc, manifest, random, rival, driver: market.sender };
  const played = [];
  const counts = {};
  let now = await readMarket(rpc, manifest);
  await withMiner(rpc, async (miner) => {
    for (const plan of deck(random, blocks)) {
      const { after, names } = await queuePrices(market, random, now, plan, (await miner.latest()).timestamp);
      now = after;
      for (const kind of plan.kinds) if (!(await queueUserAction(context, kind))) count(counts, kind, 'impossible');
      const sent = [...(await market.flush()), ...(await rival.flush())];
      const block = await miner.block(sent, { seconds: plan.seconds, mayRevert: true, exact: true });
      const statuses = new Map(block.receipts.map(({ transactionHash, status }) => [transactionHash, status]));
      for (const { hash, label } of sent) count(counts, label, statuses.get(hash) === '0x0' ? 'reverted' : 'mined');
      const { number, hash, timestamp } = block;
      played.push({ number, hash, timestamp, prices: names, ratio: plan.ratio, kinds: plan.kinds });
    }
  });
  return { name: 'activity', seed, counts, blocks: played };
}
