// SPDX-License-Identifier: Apache-2.0
// The aggregator behind a feed's proxy is replaced. Nothing tells of it; later reports come from the new one.
import { Sender, roleAccount } from '../lib/accounts.mjs';
import { compileContracts } from '../lib/compile.mjs';
import { deployAggregator } from '../deploy/feeds.mjs';
import { Market, readMarket, shifted } from './market.mjs';
import { withMiner } from './mining.mjs';

const brief = ({ number, hash, timestamp }) => ({ number, hash, timestamp });

// Wherever the manifest names the aggregator.
function rename(manifest, feed, aggregator) {
  const before = manifest.feeds[feed].aggregator;
  manifest.feeds[feed].aggregator = aggregator;
  for (const token of Object.values(manifest.tokens)) {
    token.aggregators = token.aggregators.map((address) => (address === before ? aggregator : address));
  }
}

/// Gives `feed` a new aggregator that starts with the old one's answer times (1 + jump); then the new one reports that times (1 + change),
/// and in the block after the old one, which nobody reads any more, reports a price far off. Writes the new address into `manifest`.
/// Answers {name, feed, from, to, swapBlock, reportBlock, strayBlock: {number, hash, timestamp}}.
export async function playAggregatorSwap(rpc, manifest, { feed = 'ETH/USD', jump = 0, change = -0.08 } = {}) {
  const contracts = compileContracts();
  const before = await readMarket(rpc, manifest);
  const admin = await Sender.open(rpc, 'admin', manifest.chainId);
  const market = await Market.open(rpc, manifest);
  const { proxy, aggregator: from } = manifest.feeds[feed];
  const first = shifted(before.answers[feed], jump);
  const after = { answers: { ...before.answers, [feed]: shifted(first, change) }, etherPerShare: before.etherPerShare };
  return withMiner(rpc, async (miner) => {
    const to = deployAggregator(admin, contracts, feed, first, [roleAccount('transmitter').address]);
    admin.call(proxy, contracts.FeedProxy.abi, 'confirmAggregator', [to], { label: `new aggregator of ${feed}` });
    const swapBlock = brief(await miner.block(await admin.flush()));
    rename(manifest, feed, to);
    market.movePools(before, after);
    await market.transmit(feed, after.answers[feed], swapBlock.timestamp);
    const reportBlock = brief(await miner.block(await market.flush()));
    await market.transmit(feed, shifted(before.answers[feed], 0.5), reportBlock.timestamp, from);
    const strayBlock = brief(await miner.block(await market.flush()));
    return { name: 'aggregator swap', feed, from, to, swapBlock, reportBlock, strayBlock };
  });
}
