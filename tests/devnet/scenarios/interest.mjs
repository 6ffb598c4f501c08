// SPDX-License-Identifier: Apache-2.0
// Nothing happens but time.
import { withMiner } from './mining.mjs';

/// Mines one block `seconds` after the last. Answers {name, seconds, block: {number, hash, timestamp}}.
export async function playInterest(rpc, { seconds = 30 * 86_400 } = {}) {
  return withMiner(rpc, async (miner) => {
    const { number, hash, timestamp } = await miner.block([], { seconds, exact: true });
    return { name: 'interest', seconds, block: { number, hash, timestamp } };
  });
}
