// SPDX-License-Identifier: Apache-2.0
// Everybody who ever borrowed, from the pool's own logs.
import { requireFromDevnet } from '../../../chain/contracts/compile.mjs';
import { toHex } from '../../devnet/lib/rpc.mjs';

const { getAddress } = requireFromDevnet()('viem');

// keccak256("Borrow(address,address,address,uint256,uint8,uint256,uint16)"); the borrower is the second indexed argument.
const borrowTopic = '0xb3d084820fb1a9decffb176436bd02558d15fac9b0ddfed8c465bc7359d7dce0';

/** Addresses of all accounts that borrowed up to `block`, in the order of their first loan. */
export async function findBorrowers(rpc, manifest, block) {
  const filter = { address: manifest.aave.pool, topics: [borrowTopic], fromBlock: toHex(manifest.deployBlock), toBlock: toHex(block) };
  const logs = await rpc('eth_getLogs', filter);
  return [...new Set(logs.map(({ topics }) => getAddress(`0x${topics[2].slice(26)}`)))];
}
