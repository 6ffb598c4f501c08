// SPDX-License-Identifier: Apache-2.0
// Ways through two pools, by asking QuoterV2 for each of them.
import { requireFromDevnet } from '../../../chain/contracts/compile.mjs';
import { readMany } from '../../devnet/lib/multicall.mjs';

const { decodeFunctionResult, encodeFunctionData, encodePacked, parseAbi } = requireFromDevnet()('viem');
const abi = parseAbi([
  'function quoteExactInput(bytes path, uint256 amountIn) returns (uint256 amountOut, uint160[] prices, uint32[] ticks, uint256 gas)',
]);

/** Every [a, fee, x, fee, b] whose two pools exist. */
function waysBetween(market, a, b) {
  return market.reserves.flatMap(({ asset: x }) => {
    if (x === a || x === b) return [];
    return market.tiersOf(a, x).flatMap((first) => market.tiersOf(x, b).map((second) => [a, first, x, second, b]));
  });
}

function call(manifest, hops, amount) {
  const path = encodePacked(hops.map((hop) => (typeof hop === 'number' ? 'uint24' : 'address')), hops);
  return { to: manifest.uniswap.quoter, data: encodeFunctionData({ abi, functionName: 'quoteExactInput', args: [path, amount] }) };
}

// Amounts within a factor of eight of each other go the same way.
const keyOf = ({ collateral, debt, seized }) => `${collateral}${debt}${Math.floor(seized.toString(2).length / 3)}`;

const waysKept = 4;

/**
 * For each of `pairs` a way through two pools that brings most, or nearly: {fee, hops}, or nothing. The ways that once brought most are kept in
 * market.ways, and asked again alone, for pools move.
 */
export async function bestTwoHops(rpc, manifest, market, pairs) {
  const wanted = pairs.filter(({ unsafe, collateral, debt, seized }) => unsafe && collateral !== debt && seized > 0n);
  const asked = wanted.flatMap((pair) => (
    (market.ways.get(keyOf(pair)) ?? waysBetween(market, pair.collateral, pair.debt)).map((hops) => ({ pair, hops, ...call(manifest, hops, pair.seized) }))));
  const answers = await readMany(rpc, asked, { block: market.number, chunk: 40 });
  const found = new Map(wanted.map((pair) => [pair, []]));
  asked.forEach(({ pair, hops }, k) => {
    if (!answers[k].success) return;
    const [out] = decodeFunctionResult({ abi, functionName: 'quoteExactInput', data: answers[k].returnData });
    found.get(pair).push({ out, hops });
  });
  const name = (asset) => Object.keys(manifest.tokens).find((symbol) => manifest.tokens[symbol].address.toLowerCase() === asset.toLowerCase());
  return pairs.map((pair) => {
    const ways = (found.get(pair) ?? []).sort((a, b) => (a.out < b.out ? 1 : -1));
    if (ways.length === 0) return undefined;
    if (!market.ways.has(keyOf(pair))) market.ways.set(keyOf(pair), ways.slice(0, waysKept).map(({ hops }) => hops));
    const [{ hops }] = ways;
    return { fee: `${hops[1]}>${name(hops[2])}>${hops[3]}`, hops };
  });
}
