// SPDX-License-Identifier: Apache-2.0
// Random swaps over many ticks, quoted locally and by the real QuoterV2. A pool is read once; afterwards the probe has only its logs.
// Seed: $PLIMSOLL_SEED or 1. PLIMSOLL_FULL=1 tries six times as many.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { requireFromDevnet } from '../../../chain/contracts/compile.mjs';
import { loadArtifact } from '../../devnet/lib/artifacts.mjs';
import { ask } from './probe.mjs';
import { makeRandom } from './random.mjs';
import { startSwapWorld } from './swap_world.mjs';

const { decodeFunctionResult, encodeFunctionData } = requireFromDevnet()('viem');
const { abi } = loadArtifact('periphery', 'lens/QuoterV2');
const seed = Number(process.env.PLIMSOLL_SEED ?? 1);
const rounds = process.env.PLIMSOLL_FULL === '1' ? 240 : 40;
const quotesPerPool = 34; // in each round
const probe = 'plimsoll_swap_probe';

let world;
before(async () => {
  world = await startSwapWorld(makeRandom(seed));
});
after(() => world?.stop());

/// The quoter's call for a case, and its answer as {amount, price, ticks}; nothing where it refused.
function quoterCall({ pool, zeroForOne, exactIn, amount }) {
  const [tokenIn, tokenOut] = zeroForOne ? [world.token0, world.token1] : [world.token1, world.token0];
  const functionName = exactIn ? 'quoteExactInputSingle' : 'quoteExactOutputSingle';
  const data = encodeFunctionData({ abi, functionName, args: [{ tokenIn, tokenOut, amountIn: amount, amount, fee: pool.fee, sqrtPriceLimitX96: 0n }] });
  return ['eth_call', { to: world.quoter, data, gas: '0x5f5e100' }, 'latest'];
}

function quoterAnswer({ exactIn }, { result, error }) {
  if (error) return undefined;
  const functionName = exactIn ? 'quoteExactInputSingle' : 'quoteExactOutputSingle';
  const [amount, price, ticks] = decodeFunctionResult({ abi, functionName, data: result });
  return { amount, price, ticks };
}

function randomCase(pool) {
  const { random } = world;
  return { pool, zeroForOne: random.below(2) === 0, exactIn: random.below(3) > 0, amount: world.amount(random.pick([6, 16, 17, 18, 18, 19, 19, 20, 20, 28])) };
}

/// Whether a price, after the swap or where it stopped, lies outside of what the probe was told about.
function leavesBand(pool, price) {
  const tick = 2 * Math.log(Number(price) / 2 ** 96) / Math.log(1.0001);
  const width = 256 * pool.spacing;
  return tick < pool.known.firstWord * width + pool.spacing || tick > (pool.known.lastWord + 1) * width - pool.spacing;
}

const counts = { same: 0, crossing: 0, several: 0, exhausted: 0, beyond: 0, exactOut: 0 };

function compare(one, ours, theirs) {
  const text = `${one.pool.fee} ${one.zeroForOne ? 'token0' : 'token1'} ${one.exactIn ? 'in' : 'out'} ${one.amount}: ${JSON.stringify(ours)}`;
  assert.equal(ours.error, undefined, text);
  if (ours.end === 'beyond') {
    assert.ok(theirs === undefined || leavesBand(one.pool, theirs.price) || leavesBand(one.pool, ours.price), `${text} but QuoterV2 stays in the band`);
    counts.beyond += 1;
    return;
  }
  if (ours.end === 'exhausted' && (!one.exactIn || ours.in === '0')) {
    assert.equal(theirs, undefined, `${text} but QuoterV2 can`);
    counts.exhausted += 1;
    return;
  }
  assert.ok(theirs !== undefined, `${text} but QuoterV2 refuses`);
  assert.equal(BigInt(one.exactIn ? ours.out : ours.in), theirs.amount, text);
  assert.equal(BigInt(ours.price), theirs.price, text);
  if (ours.end === 'exhausted') counts.exhausted += 1;
  counts.same += 1;
  counts.crossing += theirs.ticks > 0 ? 1 : 0;
  counts.several += theirs.ticks > 1 ? 1 : 0;
  counts.exactOut += one.exactIn ? 0 : 1;
}

/// What happened on chain and what the quoter said meanwhile: the script that the probe is played afterwards.
async function record() {
  const requests = [];
  const expected = []; // by request: the case and what the quoter said, or nothing
  const tell = (request, check) => {
    requests.push(request);
    expected.push(check);
  };
  for (const pool of world.pools) {
    pool.known = await world.read(pool);
    tell({ op: 'pool', ...pool.known });
  }
  for (let round = 0; round < rounds; round += 1) {
    const logs = await world.act();
    const cases = [];
    for (const pool of world.pools) {
      const own = logs.filter(({ address }) => address.toLowerCase() === pool.address.toLowerCase());
      tell({ op: 'logs', pool: pool.address, logs: own.map(({ topics, data }) => ({ topics, data })), twice: round % 4 === 3 });
      for (let i = 0; i < quotesPerPool; i += 1) cases.push(randomCase(pool));
    }
    const answers = await world.rpc.settle(cases.map(quoterCall));
    cases.forEach((one, i) => {
      const request = { op: 'quote', pool: one.pool.address, zeroForOne: one.zeroForOne, exactIn: one.exactIn, amount: `${one.amount}` };
      tell(request, { one, theirs: quoterAnswer(one, answers[i]) });
    });
  }
  for (const pool of world.pools) tell({ op: 'state', pool: pool.address }, { pool, now: await world.read(pool) });
  return { requests, expected };
}

test(`${rounds * quotesPerPool * 4} random swaps, seed ${seed}: amounts and prices of QuoterV2 to the last unit, the pools kept from logs alone`, async () => {
  const { requests, expected } = await record();
  const answers = ask(probe, requests);
  answers.forEach((answer, i) => {
    const check = expected[i];
    if (check?.one) return compare(check.one, answer, check.theirs);
    assert.equal(answer.error, undefined, JSON.stringify(requests[i]).slice(0, 300));
    if (!check) return undefined;
    const { price, tick, liquidity } = check.now;
    assert.deepEqual({ price: answer.price, tick: answer.tick, liquidity: answer.liquidity }, { price, tick, liquidity }, 'state at the end');
    const { firstWord, lastWord } = check.pool.known;
    const word = (at) => Math.floor(at / check.pool.spacing) >> 8;
    const within = check.now.ticks.filter((one) => word(one.tick) >= firstWord && word(one.tick) <= lastWord);
    const reach = ([at]) => word(at) >= check.now.firstWord && word(at) <= check.now.lastWord;
    assert.deepEqual(answer.ticks.filter(reach), within.map((one) => [one.tick, one.gross]), 'ticks at the end');
    return undefined;
  });
  console.log(JSON.stringify(counts));
  assert.ok(counts.same >= rounds * quotesPerPool * 4 * 0.92, `only ${counts.same} could be compared`);
  assert.ok(counts.crossing >= counts.same / 10 && counts.several >= counts.same / 30, JSON.stringify(counts));
  assert.ok(counts.exhausted > 0 && counts.beyond > 0 && counts.exactOut > counts.same / 5, JSON.stringify(counts));
});
