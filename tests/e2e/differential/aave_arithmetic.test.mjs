// SPDX-License-Identifier: Apache-2.0
// Roundings, interest, and what Mint and Burn events say about scaled balances: ours against the compiled libraries and tokens of the
// revisions that are proven by them. Seed: $PLIMSOLL_SEED or 1. PLIMSOLL_FULL=1 tries ten times as many.
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { after, before, test } from 'node:test';
import { startAnvil } from '../../devnet/lib/anvil.mjs';
import { compileWithAave } from './aave_contracts.mjs';
import { ask } from './probe.mjs';
import { makeRandom } from './random.mjs';

const require = createRequire(new URL('../../devnet/package.json', import.meta.url));
const { decodeEventLog, decodeFunctionResult, encodeFunctionData, parseAbi } = require('viem');
const seed = Number(process.env.PLIMSOLL_SEED ?? 1);
const scale = process.env.PLIMSOLL_FULL === '1' ? 10 : 1;
const markets = [
  { version: '3.0.2', revision: 1, contract: 'Aave302Arithmetic', functions: 7 },
  { version: '3.6', revision: 10, contract: 'Aave36Arithmetic', functions: 14 },
];
const [arithmeticAt, eachAt, user] = ['f1000', 'f2000', 'acc0'].map((digits) => `0x${digits.padStart(40, '0')}`);
const ray = 10n ** 27n;
const events = parseAbi([
  'event Mint(address indexed caller, address indexed onBehalfOf, uint256 value, uint256 balanceIncrease, uint256 index)',
  'event Burn(address indexed from, address indexed target, uint256 value, uint256 balanceIncrease, uint256 index)',
]);

let anvil;
before(async () => {
  anvil = await startAnvil({ timestamp: 4_000_000_000 });
  await anvil.rpc('evm_mine');
});
after(() => anvil?.stop());

function randomNumbers(random) {
  return {
    a: random.unsigned(random.pick([64, 100, 128, 256])), b: random.pick([random.unsigned(128), random.unsigned(256), ray + random.unsigned(90)]),
    percentage: BigInt(random.pick([0, 1, 5000, 9999, 10_000, 10_500, random.below(65_536)])),
    rate: random.unsigned(random.pick([80, 90, 100, 128])), elapsed: BigInt(random.pick([0, 1, 2, 3, 12, 3600, 31_536_000, random.below(2 ** 31)])),
  };
}

// The library shifts its timestamps into 40 bits and trusts them; so do we.
for (const { version, revision, contract, functions } of markets) {
  test(`roundings and interest of V${version}: ${1000 * scale} sets of numbers, seed ${seed}`, async () => {
    const random = makeRandom(seed * 77 + revision);
    const { abi, code } = compileWithAave(`${contract}.sol`).contracts[contract];
    const each = compileWithAave('Each.sol').contracts.Each;
    const cases = Array.from({ length: 1000 * scale }, () => randomNumbers(random));
    const ours = ask('plimsoll_aave_probe', cases.map((one) => ({
      op: 'round', revision: `${revision}`, ...Object.fromEntries(Object.entries(one).map(([key, value]) => [key, `${value}`])),
    })));
    let reverted = 0;
    let narrow = 0;
    for (let first = 0; first < cases.length; first += 100) {
      const part = cases.slice(first, first + 100);
      const calls = part.flatMap(({ a, b, percentage, rate, elapsed }) => Array.from({ length: functions }, (_, which) => {
        return encodeFunctionData({ abi, functionName: 'round', args: [BigInt(which), a, b, percentage, rate, elapsed] });
      }));
      const data = encodeFunctionData({ abi: each.abi, functionName: 'call', args: [arithmeticAt, calls] });
      const overrides = { [arithmeticAt]: { code }, [eachAt]: { code: each.code } };
      const answer = await anvil.rpc('eth_call', { to: eachAt, data, gas: '0x80000000' }, 'latest', overrides);
      const answers = decodeFunctionResult({ abi: each.abi, functionName: 'call', data: answer });
      answers.forEach((bytes, i) => {
        const [one, which] = [Math.floor(i / functions), i % functions];
        const expected = bytes === '0x' ? null : `${BigInt(bytes)}`;
        if (expected === null) reverted += 1;
        const where = () => `function ${which} of ${JSON.stringify(part[one], (_, v) => `${v}`)}`;
        assert.equal(ours[first + one].wide[which], expected, where());
        const short = ours[first + one].narrow?.[which] ?? null;
        if (short === null) return; // 128 bits do not hold it, or it reverts
        assert.equal(short, expected, `in 128 bits, ${where()}`);
        narrow += 1;
      });
    }
    assert.ok(reverted > cases.length / 10, 'numbers that overflow are among them');
    assert.ok(narrow > (cases.length * functions) / 4, 'numbers that fit into 128 bits are among them');
  });
}

// A holder's movements at a rising index, in shares (3.6) or amounts (3.0.2); burns up to the whole.
function randomMovements(random, inShares) {
  const moves = [];
  let index = ray + random.unsigned(random.pick([40, 80, 88]));
  let scaled = 0n;
  for (let i = 0; i < 20; i++) {
    const mint = scaled < 10n || random.below(2) === 0;
    let amount = mint ? 1n + random.unsigned(random.pick([6, 30, 60, 80])) : 1n + (scaled * BigInt(random.below(1000))) / 1000n;
    if (!mint && random.below(3) === 0) amount = BigInt(1 + random.below(5)); // less than the interest
    if (!mint && inShares && random.below(8) === 0) amount = scaled;
    if (!inShares) amount = amount * 2n + 3n;
    const shares = inShares ? amount : (amount * ray + index / 2n) / index;
    if (shares === 0n || (!mint && shares > scaled)) continue;
    moves.push({ mint, amount, index });
    scaled += mint ? shares : -shares;
    index += random.unsigned(random.pick([20, 60, 85])) % ray;
  }
  return moves;
}

for (const { version, revision, contract } of markets) {
  test(`Mint and Burn of V${version}: ${100 * scale} holders, seed ${seed}`, async () => {
    const random = makeRandom(seed * 99 + revision);
    const { abi, code } = compileWithAave(`${contract}.sol`).contracts[contract];
    const requests = [];
    const expected = [];
    let mintsOfBurns = 0;
    for (let i = 0; i < 100 * scale; i++) {
      const supply = random.below(2) === 0;
      const moves = randomMovements(random, revision === 10);
      const args = [user, supply, moves.map(({ mint }) => mint), moves.map(({ amount }) => amount), moves.map(({ index }) => index)];
      const calls = [{ to: arithmeticAt, data: encodeFunctionData({ abi, functionName: 'play', args }), gas: '0x2000000' }];
      const [block] = await anvil.rpc('eth_simulateV1', { blockStateCalls: [{ stateOverrides: { [arithmeticAt]: { code } }, calls }] }, 'latest');
      const [{ status, returnData, logs }] = block.calls;
      assert.equal(status, '0x1', `the token refuses ${JSON.stringify(moves, (_, v) => `${v}`)}`);
      const told = logs.flatMap((log) => {
        try {
          return [decodeEventLog({ abi: events, ...log })];
        } catch {
          return []; // a Transfer
        }
      });
      assert.equal(told.length, moves.length);
      mintsOfBurns += told.filter(({ eventName }, at) => eventName === 'Mint' && !moves[at].mint).length;
      expected.push(decodeFunctionResult({ abi, functionName: 'play', data: returnData }).map(String));
      const events_ = told.map(({ eventName, args: { value, balanceIncrease, index } }) => {
        return { mint: eventName === 'Mint', value: `${value}`, increase: `${balanceIncrease}`, index: `${index}` };
      });
      requests.push({ op: 'follow', revision: `${revision}`, supply, before: '0', events: events_ });
    }
    assert.deepEqual(ask('plimsoll_aave_probe', requests), expected);
    assert.ok(mintsOfBurns > 10, 'burns below the interest, told as mints, are among them');
  });
}
