// SPDX-License-Identifier: Apache-2.0
// How much to repay, where selling more moves the pool: the same ways again, with the parts between those that were tried.
import { resize, whole } from './candidates.mjs';
import { callAll } from './evaluate.mjs';

const waysOfAccount = 3;
const rounds = 6;

/** The parts tried of each way, the best ways of each account only: [[{part, gross, ...}, smallest part first]]. */
function contenders(passed) {
  const ways = new Map();
  for (const one of passed) ways.set(one.way, [...(ways.get(one.way) ?? []), one]);
  const accounts = new Map();
  for (const tried of ways.values()) {
    const most = tried.reduce((top, { gross }) => (gross > top ? gross : top), 0n);
    const { account } = tried[0];
    accounts.set(account, [...(accounts.get(account) ?? []), { most, tried }]);
  }
  return [...accounts.values()].flatMap((own) => own.sort((a, b) => (a.most < b.most ? 1 : -1)).slice(0, waysOfAccount).map(({ tried }) => tried));
}

/** Where a way brings more than the best part known so far: half way to the next ones tried. Nothing if all of it is best by far. */
function between(tried) {
  const sorted = [...tried].sort((a, b) => a.part - b.part);
  const best = sorted.reduce((top, one, i) => (one.gross > sorted[top].gross ? i : top), 0);
  const { part, gross } = sorted[best];
  const below = sorted[best - 1];
  // Without a price that moves, half the amount brings half: then nothing lies between.
  if (part === whole && below && below.gross * BigInt(part) * 1000n <= gross * BigInt(below.part) * 1002n) return [];
  const low = below?.part ?? 0;
  const high = sorted[best + 1]?.part ?? whole;
  return [(low + part) >> 1, (part + high) >> 1].filter((next) => next > low && next !== part && next < high);
}

/** `passed` (of callAll) and what else goes through with other amounts; gas hardly depends on the amount, so gross decides. */
export async function betterAmounts(rpc, manifest, market, passed) {
  const all = [...passed];
  let open = contenders(passed);
  for (let round = 0; round < rounds; round += 1) {
    const asked = open.flatMap((tried) => between(tried).flatMap((part) => resize(manifest, market, tried[0], part)));
    if (asked.length === 0) break;
    const { passed: found } = await callAll(rpc, manifest, market, asked);
    all.push(...found);
    const known = new Map(asked.map((one) => [one.way, []]));
    for (const one of asked) known.get(one.way).push(found.find(({ way, part }) => way === one.way && part === one.part) ?? { ...one, gross: -1n });
    open = open.filter(([{ way }]) => known.has(way)).map((tried) => [...tried, ...known.get(tried[0].way)]);
  }
  return all;
}
