// SPDX-License-Identifier: Apache-2.0
// Every way in which prices move, in the order in which parity is looked at on one chain.
import {
  playAggregatorSwap, playBleed, playCappedRatio, playDepeg, playGap, playGlitch, playInterest, playRatio,
} from '../devnet/devnet.mjs';
import { full } from './variants.mjs';

const steps = full ? 40 : 6;
const at = (play, options) => (devnet, more) => play(devnet.rpc, devnet.manifest, { ...options, ...more });

/** [name, play(devnet, {seen})] where `seen(block)` is awaited before a block is taken back; play answers what happened. */
export const scenarios = [
  ['a slow bleed', at(playBleed, { change: -0.06, steps, seconds: 1800 })],
  ['interest', ({ rpc }) => playInterest(rpc, { seconds: 20 * 86_400 })],
  ['a depeg and its end', at(playDepeg, { changes: { USDC: -0.1, DAI: -0.08 }, recover: true })],
  ['a stablecoin above its peg', at(playDepeg, { changes: { USDT: 0.03 } })],
  ['a ratio that moves without a log', at(playRatio, { change: -0.04 })],
  ['a ratio whose cap grows by the second', at(playCappedRatio, { start: 0.99, blocks: steps / 2, seconds: 43_200 })],
  ['a glitch within one block', at(playGlitch, { kind: 'same-block' })],
  ['a glitch that lasts one block', at(playGlitch, { kind: 'one-block' })],
  ['a glitch whose block is taken back by anvil_reorg', at(playGlitch, { kind: 'reorged', by: 'anvil_reorg' })],
  ['a glitch whose block is taken back by evm_revert', at(playGlitch, { kind: 'reorged', by: 'evm_revert' })],
  ['a gap', at(playGap, { change: -0.15 })],
  // Last, because the leaves of these feeds are polled from then on.
  ['a new aggregator, which starts off the old one', at(playAggregatorSwap, { feed: 'BTC/USD', jump: -0.01, change: -0.05 })],
  ['a new aggregator of two assets', at(playAggregatorSwap, { feed: 'ETH/USD', change: -0.03 })],
  ['a gap of feeds that were replaced', at(playGap, { change: -0.1 })],
];
