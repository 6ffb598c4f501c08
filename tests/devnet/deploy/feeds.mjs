// SPDX-License-Identifier: Apache-2.0
import { assets, feeds } from '../lib/parameters.mjs';
import { oracleSigners, faultyOracles } from '../lib/ocr.mjs';

/// Queues an aggregator that starts with `answer`.
export function deployAggregator(sender, contracts, name, answer, transmitters) {
  const signers = oracleSigners.map(({ address }) => address);
  const args = [name.replace('/', ' / '), 8, answer, faultyOracles, signers, transmitters];
  return sender.deploy(contracts.Aggregator, args, { label: `aggregator ${name}` });
}

function deployFeed(sender, contracts, name, answer, transmitters) {
  const aggregator = deployAggregator(sender, contracts, name, answer, transmitters);
  const proxy = sender.deploy(contracts.FeedProxy, [sender.address, aggregator], { label: `proxy ${name}` });
  return { proxy, aggregator, decimals: 8 };
}

/// Queues one aggregator and proxy per feed; returns {name: {proxy, aggregator, decimals}}.
export function deployFeeds(sender, contracts, transmitters) {
  const deployed = {};
  for (const [name, { answer }] of Object.entries(feeds)) deployed[name] = deployFeed(sender, contracts, name, answer, transmitters);
  return deployed;
}

/// Queues the adapters and writes source, priceKind, feeds and aggregators into each token.
export function deploySources(sender, contracts, tokens, deployed, stakedEther) {
  for (const [symbol, { kind, feeds: names }] of Object.entries(assets)) {
    const [first, second] = names.map((name) => deployed[name].proxy);
    let source = first;
    if (kind === 'product') {
      source = sender.deploy(contracts.ProductAdapter, [second, first, 8, `${symbol}/BTC/USD`], { label: `${symbol} adapter` });
    }
    if (kind === 'ratio') {
      source = sender.deploy(contracts.RatioAdapter, [first, stakedEther, `${symbol}/ETH/USD`], { label: `${symbol} adapter` });
    }
    const aggregators = names.map((name) => deployed[name].aggregator);
    Object.assign(tokens[symbol], { source, priceKind: kind, feeds: names, aggregators });
  }
}
