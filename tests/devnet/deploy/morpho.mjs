// SPDX-License-Identifier: Apache-2.0
// Morpho Blue, from its published sources. They name a compiler that is older than ours by some fixes; that line alone is changed.
import { compileNpm } from '../lib/compile_npm.mjs';

const unit = '@morpho-org/morpho-blue/src/Morpho.sol';

/// The artifact; its constructor takes (owner).
export function morphoArtifact() {
  const { Morpho } = compileNpm({
    name: '@morpho-org/morpho-blue', compiler: 'solc', entry: unit, settings: { optimizer: { enabled: true, runs: 200 }, viaIR: true, evmVersion: 'shanghai' },
    contracts: [[unit, 'Morpho']], edit: (text) => text.replace('pragma solidity 0.8.19;', 'pragma solidity ^0.8.19;'),
  });
  return Morpho;
}

/// Queues the contract.
export function deployMorpho(sender) {
  return sender.deploy(morphoArtifact(), [sender.address], { gas: 8_000_000, label: 'Morpho' });
}
