// SPDX-License-Identifier: Apache-2.0
// Deploys the committed Executor artifact.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { contractsDir, requireFromDevnet } from './compile.mjs';

/** The committed artifact: contractName, compiler, settings, sourceHash, abi, bytecode, deployedBytecode. */
export function readExecutorArtifact() {
  return JSON.parse(readFileSync(join(contractsDir, 'Executor.json'), 'utf8'));
}

function deployer(privateKey, account) {
  if (account) return account;
  const { privateKeyToAccount } = requireFromDevnet()('viem/accounts');
  return privateKeyToAccount(privateKey);
}

/**
 * The receipt of a transaction, asked for again and again: viem's own wait looks only when a block number changes, and on a
 * chain that stands still it can miss the one block that matters. Throws after `seconds`.
 */
export async function waitForReceipt(reader, hash, seconds = 60) {
  const deadline = Date.now() + seconds * 1000;
  while (Date.now() < deadline) {
    const receipt = await reader.getTransactionReceipt({ hash }).catch((error) => {
      if (error.name === 'TransactionReceiptNotFoundError') return null;
      throw error;
    });
    if (receipt !== null) return receipt;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error(`no receipt of ${hash} after ${seconds} s`);
}

/**
 * Deploys the Executor through the node at `http` and answers its address and version().
 * The deployment is paid by `privateKey` (hex), or by `account` (a viem account, or an address the node can sign for).
 * Throws if the transaction fails or the code on chain is not the artifact's.
 */
export async function deployExecutor({ http, privateKey, account, owner, operator, receiver }) {
  const viem = requireFromDevnet()('viem');
  const { abi, bytecode, deployedBytecode } = readExecutorArtifact();
  const transport = viem.http(http);
  const reader = viem.createPublicClient({ transport });
  const chain = viem.defineChain({
    id: await reader.getChainId(),
    name: 'chain',
    nativeCurrency: { name: 'Ether', symbol: 'ETH', decimals: 18 },
    rpcUrls: { default: { http: [http] } },
  });
  const wallet = viem.createWalletClient({ transport, chain, account: deployer(privateKey, account) });
  const hash = await wallet.deployContract({ abi, bytecode, args: [owner, operator, receiver] });
  const receipt = await waitForReceipt(reader, hash);
  if (receipt.status !== 'success') throw new Error(`deployment ${hash} reverted`);
  const address = viem.getAddress(receipt.contractAddress);
  const code = await reader.getCode({ address });
  if (code !== deployedBytecode) throw new Error(`the code at ${address} is not that of Executor.json`);
  const version = await reader.readContract({ address, abi, functionName: 'version' });
  return { address, version: Number(version), hash };
}
