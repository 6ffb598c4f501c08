// SPDX-License-Identifier: Apache-2.0
// A bare anvil on a free loopback port, with clients for its first accounts.
import { spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { requireFromDevnet } from '../../../chain/contracts/compile.mjs';

const require = requireFromDevnet();
export const viem = require('viem');

/** A compiled artifact of an npm module. */
export const requireArtifact = (path) => require(path);
const { mnemonicToAccount } = require('viem/accounts');

const mnemonic = 'test test test test test test test test test test test junk';

/** The n-th of anvil's funded development accounts. */
export const devAccount = (n) => mnemonicToAccount(mnemonic, { addressIndex: n });

function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

function anvilBinary() {
  const manifest = require.resolve(`@foundry-rs/anvil-${process.platform}-${process.arch === 'x64' ? 'amd64' : process.arch}/package.json`);
  return join(dirname(manifest), 'bin', 'anvil');
}

async function untilAnswering(reader, child) {
  for (let tries = 0; tries < 200; tries += 1) {
    if (child.exitCode !== null) throw new Error(`anvil exited with ${child.exitCode}`);
    try {
      return await reader.getChainId();
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
  }
  throw new Error('anvil did not answer within five seconds');
}

/** Starts anvil; answers {http, chain, reader, test, wallet(n), stop}. Every call ends with stop(). */
export async function startAnvil(extra = []) {
  const port = await freePort();
  const http = `http://127.0.0.1:${port}`;
  const args = ['--host', '127.0.0.1', '--port', `${port}`, '--silent', '--prune-history', '600', '--mnemonic', mnemonic, ...extra];
  const child = spawn(anvilBinary(), args, { stdio: 'ignore' });
  return { ...(await connect(http, child)), stop: () => child.kill('SIGKILL') };
}

/** Clients for a node that runs already; `child` is the process to watch while waiting for its first answer. */
export async function connect(http, child = { exitCode: null }) {
  const chain = viem.defineChain({
    id: 31337,
    name: 'local',
    nativeCurrency: { name: 'Ether', symbol: 'ETH', decimals: 18 },
    rpcUrls: { default: { http: [http] } },
  });
  const transport = viem.http(http);
  const reader = viem.createPublicClient({ chain, transport, pollingInterval: 10, cacheTime: 0 });
  await untilAnswering(reader, child);
  const test = viem.createTestClient({ chain, transport, mode: 'anvil' });
  const wallet = (n) => viem.createWalletClient({ chain, transport, account: devAccount(n) });
  return { http, chain, reader, test, wallet };
}

/** Deploys an artifact from `wallet`; answers {address, abi}. */
export async function deploy(node, wallet, { abi, bytecode }, args = []) {
  const hash = await wallet.deployContract({ abi, bytecode, args });
  const receipt = await node.reader.waitForTransactionReceipt({ hash });
  return { address: viem.getAddress(receipt.contractAddress), abi };
}

/** Sends a call and waits for it; throws if it reverts. */
export async function send(node, wallet, contract, functionName, args = []) {
  const { request } = await node.reader.simulateContract({ ...contract, functionName, args, account: wallet.account });
  const hash = await wallet.writeContract(request);
  const receipt = await node.reader.waitForTransactionReceipt({ hash });
  if (receipt.status !== 'success') throw new Error(`${functionName} reverted in ${hash}`);
  return receipt;
}
