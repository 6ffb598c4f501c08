// SPDX-License-Identifier: Apache-2.0
// The roles of anvil's well-known accounts, and a sender that never leaves a nonce to the node.
import { mnemonicToAccount, privateKeyToAccount } from 'viem/accounts';
import { encodeDeployData, encodeFunctionData, getContractAddress, toHex as bytesToHex } from 'viem';
import { toHex } from './rpc.mjs';

export const mnemonic = 'test test test test test test test test test test test junk';
export const roles = { operator: 0, admin: 1, owner: 2, receiver: 3, transmitter: 4, rival: 5, supplier: 6, treasury: 7, traffic: 8 };

// Turning the words into a key costs thousands of hash rounds: once is enough.
const accounts = new Map();
let root;

/// viem account of a role; .privateKey is added because deploy scripts outside want it.
export function roleAccount(role) {
  if (!accounts.has(role)) {
    root ??= mnemonicToAccount(mnemonic, { path: "m/44'/60'/0'/0" }).getHdKey();
    const privateKey = bytesToHex(root.deriveChild(roles[role]).privateKey);
    accounts.set(role, Object.assign(privateKeyToAccount(privateKey), { privateKey }));
  }
  return accounts.get(role);
}

/// Signs with explicit nonces and remembers what was sent, so that mine() can check every receipt.
export class Sender {
  constructor(rpc, account, chainId, nonce) {
    this.rpc_ = rpc;
    this.account_ = account;
    this.chainId_ = chainId;
    this.nonce_ = nonce;
    this.signed_ = [];
  }

  static async open(rpc, role, chainId = 31337) {
    const account = roleAccount(role);
    return new Sender(rpc, account, chainId, Number(await rpc('eth_getTransactionCount', account.address, 'pending')));
  }

  get address() {
    return this.account_.address;
  }

  /// The next transaction gets this nonce; nothing may be queued.
  continueAt(nonce) {
    this.nonce_ = nonce;
  }

  /// Queues a transaction; gas is the limit. Nothing reaches the node before flush().
  add({ to, data, gas, label, value = 0n }) {
    const transaction = {
      type: 'eip1559', chainId: this.chainId_, nonce: this.nonce_++, to, data, value, gas: BigInt(gas),
      maxFeePerGas: 1_000_000_000_000n, maxPriorityFeePerGas: 1_000_000_000n,
    };
    this.signed_.push({ label, raw: this.account_.signTransaction(transaction), request: { from: this.address, to, data, gas: toHex(gas) } });
  }

  /// Queues a creation and returns the address it will have.
  deploy({ abi, bytecode }, args, { gas = 8_000_000, label }) {
    const address = getContractAddress({ from: this.address, nonce: BigInt(this.nonce_) });
    this.add({ data: encodeDeployData({ abi, bytecode, args }), gas, label: `deploy ${label}` });
    return address;
  }

  call(address, abi, functionName, args, { gas = 2_000_000, label = functionName } = {}) {
    this.add({ to: address, data: encodeFunctionData({ abi, functionName, args }), gas, label });
  }

  /// Sends everything queued, in order; returns [{hash, label, request}].
  async flush() {
    const queued = this.signed_.splice(0);
    const raws = await Promise.all(queued.map(({ raw }) => raw));
    const hashes = await this.rpc_.batch(raws.map((raw) => ['eth_sendRawTransaction', raw]));
    return queued.map(({ label, request }, i) => ({ hash: hashes[i], label, request }));
  }
}

async function explain(rpc, { request }, blockNumber) {
  try {
    await rpc('eth_call', request, toHex(blockNumber - 1n));
    return 'succeeds when called at the block before';
  } catch (error) {
    return error.message;
  }
}

/// Mines one block (at `timestamp` if given) and returns {number, hash, timestamp, receipts}.
/// Throws if one of `sent` is missing from it or reverted, unless mayRevert.
export async function mine(rpc, sent, { timestamp, mayRevert = false } = {}) {
  await rpc('evm_mine', ...(timestamp === undefined ? [] : [{ timestamp: Number(timestamp), blocks: 1 }]));
  const block = await rpc('eth_getBlockByNumber', 'latest', false);
  const receipts = (await rpc('eth_getBlockReceipts', block.number)) ?? [];
  const byHash = new Map(receipts.map((receipt) => [receipt.transactionHash, receipt]));
  for (const transaction of sent) {
    const receipt = byHash.get(transaction.hash);
    if (!receipt) throw new Error(`${transaction.label}: not in block ${Number(block.number)}`);
    if (receipt.status === '0x1' || mayRevert) continue;
    throw new Error(`${transaction.label}: reverted with ${Number(receipt.gasUsed)} gas, ${await explain(rpc, transaction, BigInt(block.number))}`);
  }
  return { number: Number(block.number), hash: block.hash, timestamp: Number(block.timestamp), receipts };
}
