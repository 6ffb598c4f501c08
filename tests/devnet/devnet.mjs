// SPDX-License-Identifier: Apache-2.0
// The devnet as a library.
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { createRpc } from './lib/rpc.mjs';

export { startDevnet } from './up.mjs';
export { createRpc } from './lib/rpc.mjs';
export { Sender, mine, roleAccount } from './lib/accounts.mjs';
export { readContracts, readMany } from './lib/multicall.mjs';
export { everyone, readTruth } from './lib/truth.mjs';
export { assetPrices, assets, versions } from './lib/parameters.mjs';
export { Market, readMarket } from './scenarios/market.mjs';
export { withMiner } from './scenarios/mining.mjs';
export { playGap } from './scenarios/gap.mjs';
export { playInterest } from './scenarios/interest.mjs';
export { playBleed } from './scenarios/bleed.mjs';
export { playDepeg } from './scenarios/depeg.mjs';
export { playCappedRatio, playRatio } from './scenarios/ratio.mjs';
export { playAggregatorSwap } from './scenarios/aggregator_swap.mjs';
export { playGlitch } from './scenarios/glitch.mjs';
export { playActivity } from './scenarios/activity.mjs';
export { estimate, readPositions, simulateSequence } from './estimate.mjs';

/// Reads a manifest file and opens its endpoint: {manifest, rpc}.
export function openDevnet(file) {
  const manifest = JSON.parse(readFileSync(file, 'utf8'));
  return { manifest, rpc: createRpc(manifest.http) };
}

/// Writes a manifest so that a reader sees either the old one or the new one, whole.
export function saveManifest(file, manifest) {
  const draft = `${file}.${process.pid}.tmp`;
  writeFileSync(draft, `${JSON.stringify(manifest, null, 2)}\n`);
  renameSync(draft, file);
}
