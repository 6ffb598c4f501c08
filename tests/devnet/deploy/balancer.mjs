// SPDX-License-Identifier: Apache-2.0
// The Balancer V2 vault, from its published sources. Optimised for size: with more runs it exceeds what a contract may have.
import { compileNpm } from '../lib/compile_npm.mjs';

const folder = '@balancer-labs/v2-vault/contracts';

/// {Vault, ProtocolFeesCollector}: artifacts. The vault's constructor takes (authorizer, weth, pause window, buffer period).
export function balancerArtifacts() {
  return compileNpm({
    name: '@balancer-labs/v2-vault', compiler: 'solc-0.7.6', entry: `${folder}/Vault.sol`, settings: { optimizer: { enabled: true, runs: 1 } },
    contracts: [[`${folder}/Vault.sol`, 'Vault'], [`${folder}/ProtocolFeesCollector.sol`, 'ProtocolFeesCollector']],
  });
}

/// Queues the vault; nobody is its authorizer, so that its flash loans stay free.
export function deployBalancer(sender, weth) {
  return sender.deploy(balancerArtifacts().Vault, [sender.address, weth, 0, 0], { gas: 16_000_000, label: 'Balancer V2 Vault' });
}
