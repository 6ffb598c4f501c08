// SPDX-License-Identifier: Apache-2.0
// Who got what, from the chain alone.
import { createRequire } from 'node:module';
import { toHex } from '../../devnet/lib/rpc.mjs';
import { operatorTransactions, readBlocks, settledTotal } from '../../e2e/verify/settled.mjs';

const { getAddress } = createRequire(new URL('../../devnet/package.json', import.meta.url))('viem');
const liquidationCall = '0xe413a321e8681d831f4dbccbca790d2952b56f977908e45be37335533e005286';

/** Every LiquidationCall of the blocks: [{hash, block, account, winner}], addresses with checksums. */
async function liquidations(rpc, { aave }, from, to) {
  const logs = await rpc('eth_getLogs', { address: aave.pool, topics: [liquidationCall], fromBlock: toHex(from), toBlock: toHex(to) });
  return logs.map(({ transactionHash, blockNumber, topics, data }) => ({
    hash: transactionHash, block: Number(blockNumber), account: getAddress(`0x${topics[3].slice(26)}`), winner: getAddress(`0x${data.slice(2 + 128 + 24, 2 + 192)}`),
  }));
}

/** The accounts that one side's reverted transactions were about, with their blocks: [{hash, block, account}]. */
async function reverts(rpc, manifest, blocks) {
  const own = await operatorTransactions(rpc, manifest, blocks);
  const people = manifest.borrowers.map((address) => [address.slice(2).toLowerCase(), getAddress(address)]);
  return own.filter(({ receipt }) => receipt.status !== '0x1').map(({ transaction, number }) => (
    { hash: transaction.hash, block: number, account: people.find(([digits]) => transaction.input.includes(digits))?.[1] }));
}

/** {taken, plimsoll, bot}: all liquidations of the blocks, and for each side count, reverted, gross, cost, net (USD, 8 decimals) and reverts. */
export async function outcome(rpc, manifest, { executor, from, to }) {
  const blocks = await readBlocks(rpc, from, to);
  const { operator, rival } = manifest.accounts;
  const as = (sender, contract) => ({ ...manifest, executor: contract, accounts: { ...manifest.accounts, operator: sender } });
  const side = async (sender, contract) => ({
    executor: getAddress(contract), ...(await settledTotal(rpc, as(sender, contract), from, to)), reverts: await reverts(rpc, as(sender, contract), blocks),
  });
  return { taken: await liquidations(rpc, manifest, from, to), plimsoll: await side(operator, manifest.executor), bot: await side(rival, executor) };
}
