// SPDX-License-Identifier: Apache-2.0
// A slow bleed: the market falls in many small steps while interest runs; no single step is worth a headline.
import { Market, changed, readMarket, shifted } from './market.mjs';
import { withMiner } from './mining.mjs';
import { assetPrices, feeds } from '../lib/parameters.mjs';

const leader = 'ETH/USD';

// Ether's answer falls to `part` of the whole change, the others by their beta.
function onTheWay(first, change, part) {
  const answers = Object.fromEntries(Object.entries(first.answers).map(([name, answer]) => {
    const whole = change * (name === leader ? 1 : Math.min(1, feeds[name].beta));
    return [name, shifted(answer, (1 + whole) ** part - 1)];
  }));
  return { answers, etherPerShare: first.etherPerShare };
}

/// Moves ether by `change` in all, the others by their beta, in `steps` equal steps `seconds` apart; each is one block in which the pools move
/// and the feeds report. Answers {name, change, blocks: [{number, hash, timestamp}], moved: [symbol]}.
export async function playBleed(rpc, manifest, { change = -0.15, steps = 20, seconds = 3600 } = {}) {
  const first = await readMarket(rpc, manifest);
  const market = await Market.open(rpc, manifest);
  return withMiner(rpc, async (miner) => {
    const blocks = [];
    let now = first;
    for (let step = 1; step <= steps; step++) {
      const next = onTheWay(first, change, step / steps);
      market.movePools(now, next);
      await market.transmitChanges(now, next, (await miner.latest()).timestamp);
      const { number, hash, timestamp } = await miner.block(await market.flush(), { seconds, exact: true });
      blocks.push({ number, hash, timestamp });
      now = next;
    }
    const prices = ({ answers, etherPerShare }) => assetPrices(answers, etherPerShare);
    return { name: 'bleed', change, blocks, moved: [...changed(prices(first), prices(now))] };
  });
}
