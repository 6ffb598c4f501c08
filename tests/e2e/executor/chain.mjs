// SPDX-License-Identifier: Apache-2.0
// A bare node that mines on demand, with clients for its first accounts.
import { requireFromDevnet } from '../../../chain/contracts/compile.mjs';
import { waitForReceipt } from '../../../chain/contracts/deploy.mjs';
import { startAnvil } from '../../devnet/lib/anvil.mjs';

const require = requireFromDevnet();
export const viem = require('viem');

/** A compiled artifact of an npm module. */
export const requireArtifact = (path) => require(path);
const { mnemonicToAccount } = require('viem/accounts');

const mnemonic = 'test test test test test test test test test test test junk';

const accounts = new Map();

/** The n-th of anvil's funded development accounts; kept, because deriving one takes a quarter of a second. */
export function devAccount(n) {
  if (!accounts.has(n)) accounts.set(n, mnemonicToAccount(mnemonic, { addressIndex: n }));
  return accounts.get(n);
}

/** Starts an anvil that mines each transaction at once; answers {http, chain, reader, test, wallet(n), stop}. */
export async function startMiningNode() {
  const node = await startAnvil({ timestamp: Math.floor(Date.now() / 1000) });
  await node.rpc('evm_setAutomine', true);
  return { ...connect(node.http), stop: node.stop };
}

/** Clients for a node that runs already. */
export function connect(http) {
  const chain = viem.defineChain({
    id: 31337,
    name: 'local',
    nativeCurrency: { name: 'Ether', symbol: 'ETH', decimals: 18 },
    rpcUrls: { default: { http: [http] } },
  });
  const transport = viem.http(http);
  const reader = viem.createPublicClient({ chain, transport, cacheTime: 0 });
  const test = viem.createTestClient({ chain, transport, mode: 'anvil' });
  const wallet = (n) => viem.createWalletClient({ chain, transport, account: devAccount(n) });
  return { http, chain, reader, test, wallet };
}

/** Deploys an artifact from `wallet`; answers {address, abi}. */
export async function deploy(node, wallet, { abi, bytecode }, args = []) {
  const hash = await wallet.deployContract({ abi, bytecode, args });
  const receipt = await waitForReceipt(node.reader, hash);
  return { address: viem.getAddress(receipt.contractAddress), abi };
}

/** Sends a call and waits for it; throws if it reverts. */
export async function send(node, wallet, contract, functionName, args = []) {
  const { request } = await node.reader.simulateContract({ ...contract, functionName, args, account: wallet.account });
  const hash = await wallet.writeContract(request);
  const receipt = await waitForReceipt(node.reader, hash);
  if (receipt.status !== 'success') throw new Error(`${functionName} reverted in ${hash}`);
  return receipt;
}
