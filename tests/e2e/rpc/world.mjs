// SPDX-License-Identifier: Apache-2.0
// An anvil that mines on request, with two emitters and Multicall3.
import { fileURLToPath } from 'node:url';
import { compileFile, requireFromDevnet } from '../../../chain/contracts/compile.mjs';
import { startAnvil } from '../../devnet/lib/anvil.mjs';

const require = requireFromDevnet();
export const viem = require('viem');
const { privateKeyToAccount } = require('viem/accounts');

const emitter = compileFile(fileURLToPath(new URL('./Emitter.sol', import.meta.url))).contracts.Emitter;

/** `ipc`: where the node's Unix socket shall be. */
export async function startWorld({ ipc } = {}) {
  const extraArguments = ipc === undefined ? [] : ['--ipc', ipc];
  const node = await startAnvil({ timestamp: Math.floor(Date.now() / 1000), extraArguments });
  const chain = viem.defineChain({
    id: 31337, name: 'local', nativeCurrency: { name: 'Ether', symbol: 'ETH', decimals: 18 }, rpcUrls: { default: { http: [node.http] } },
  });
  const transport = viem.http(node.http);
  const reader = viem.createPublicClient({ chain, transport, pollingInterval: 10, cacheTime: 0 });
  const account = privateKeyToAccount('0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80');
  const wallet = viem.createWalletClient({ chain, transport, account });
  let nonce = 0;
  const submit = (to, data) => wallet.sendTransaction({ to, data, gas: 2_000_000n, nonce: nonce++, maxFeePerGas: 40_000_000_000n, maxPriorityFeePerGas: 1_000_000_000n });
  const mine = () => node.rpc('evm_mine');
  const deploy = async () => {
    const hash = await submit(undefined, emitter.bytecode);
    await mine();
    return (await reader.getTransactionReceipt({ hash })).contractAddress;
  };
  const addresses = [await deploy(), await deploy()];
  const note = (which, count, size) => submit(addresses[which], viem.encodeFunctionData({ abi: emitter.abi, functionName: 'note', args: [BigInt(count), BigInt(size)] }));
  return {
    node, reader, wallet, account, abi: emitter.abi, addresses, submit, note, mine, rpc: node.rpc,
    resetNonce: async () => { nonce = Number(await reader.getTransactionCount({ address: account.address, blockTag: 'pending' })); },
    latest: () => reader.getBlock({ blockTag: 'latest' }),
    stop: node.stop,
  };
}

/** What viem says of the blocks that the probe sealed, in the probe's words. */
export async function expectedChain(world, probe, watched) {
  const out = [];
  for (const told of probe.chain) {
    const block = await world.reader.getBlock({ blockNumber: BigInt(told.number) });
    const logs = await world.reader.getLogs({ address: watched, blockHash: block.hash });
    out.push({
      hash: block.hash, parent: block.parentHash, number: String(block.number), timestamp: String(block.timestamp),
      gas_used: String(block.gasUsed), gas_limit: String(block.gasLimit), base_fee: String(block.baseFeePerGas),
      logs: logs.map((log) => ({
        address: viem.getAddress(log.address), data: log.data, topics: log.topics.map((topic) => `${topic} `).join(''),
        block: log.blockHash, index: String(log.logIndex), transaction: log.transactionHash, number: String(log.blockNumber),
      })),
    });
  }
  return out;
}

/** The probe's chain without what viem cannot know. */
export function toldChain(probe) {
  return probe.chain.map(({ event, received, logs, ...block }) => ({ ...block, logs: logs.map(({ event: kind, ...log }) => log) }));
}
