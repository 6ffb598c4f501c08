#!/usr/bin/env node
// SPDX-License-Identifier: Apache-2.0
// Plimsoll against a bot written with viem, on one local chain; see race/README.md.
import { parseArgs } from 'node:util';
import { playRound } from './race/round.mjs';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '4' }, borrowers: { type: 'string', default: '60' }, seed: { type: 'string', default: '1' },
    fall: { type: 'string', default: '15' }, armed: { type: 'string', default: '0' }, json: { type: 'boolean' },
  },
});
const whole = (name, least = 1) => {
  if (!/^\d+$/.test(values[name]) || Number(values[name]) < least) throw new Error(`--${name} wants a number, ${least} at least`);
  return Number(values[name]);
};
const [rounds, borrowers, seed, fall] = ['rounds', 'borrowers', 'seed', 'fall'].map((name) => whole(name));
const armed = whole('armed', 0);
const say = values.json ? () => {} : (text) => console.log(text);

const sorted = (list) => [...list].sort((a, b) => a - b);
const quantile = (list, part) => sorted(list)[Math.min(list.length - 1, Math.floor(list.length * part))] ?? NaN;
const dollars = (value) => (Number(value) / 1e8).toFixed(2);

function line(name, side, wire, program) {
  const first = wire.length > 0 ? Math.min(...wire).toFixed(1) : '-';
  return [
    name.padEnd(9), `won ${String(side.count).padStart(3)}`, `reverted ${String(side.reverted).padStart(3)}`, `net ${dollars(side.net).padStart(12)} usd`,
    `first on the wire ${first.padStart(6)} ms`, `all ${quantile(wire, 0.5).toFixed(1).padStart(6)} ms p50`, `${String(Math.round(quantile(program, 0.5))).padStart(6)} us p50 in the program`,
  ].join('  ');
}

const total = { plimsoll: { count: 0, reverted: 0, net: 0n, wire: [], program: [] }, bot: { count: 0, reverted: 0, net: 0n, wire: [], program: [] } };
const all = [];
for (let i = 0; i < rounds; i++) {
  const first = i % 2 === 0 ? 'plimsoll' : 'bot';
  const round = await playRound({ seed: seed + (i >> 1), borrowers, first, change: -fall / 100, armed });
  all.push(round);
  say(`round ${i + 1}: seed ${round.seed}, ${first} was started first; ${round.taken.length} liquidations`);
  for (const side of ['plimsoll', 'bot']) {
    say(`  ${line(side, round[side], round.wire[side], round.program[side])}`);
    const sum = total[side];
    sum.count += round[side].count;
    sum.reverted += round[side].reverted;
    sum.net += round[side].net;
    sum.wire.push(...round.wire[side]);
    sum.program.push(...round.program[side]);
  }
}
say('all rounds');
for (const side of ['plimsoll', 'bot']) say(`  ${line(side, total[side], total[side].wire, total[side].program)}`);
if (values.json) console.log(JSON.stringify(all, (_, value) => (typeof value === 'bigint' ? value.toString() : value)));
process.exit(0);
