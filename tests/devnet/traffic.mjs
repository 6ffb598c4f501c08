// SPDX-License-Identifier: Apache-2.0
// Keeps blocks about half full, as on a busy chain, so that the base fee neither decays to nothing nor explodes.
import { Sender } from './lib/accounts.mjs';

const gasPerBlock = 30_000_000;

/// Sends one transaction after every new block, to be in the next. Ends by stop() or when the node fails. Answers {stop}.
export async function startTraffic(rpc, contract) {
  const sender = await Sender.open(rpc, 'traffic');
  let open = true;
  let seen = '';
  const step = async () => {
    const number = await rpc('eth_blockNumber');
    if (number === seen) return;
    seen = number;
    // One still waiting means that the last block had no room: another one would only pile up.
    const [mined, queued] = await rpc.batch([
      ['eth_getTransactionCount', sender.address, 'latest'], ['eth_getTransactionCount', sender.address, 'pending'],
    ]);
    if (mined !== queued) return;
    sender.continueAt(Number(mined)); // a block that was taken back takes its transactions along
    sender.add({ to: contract, data: '0x', gas: gasPerBlock, label: 'traffic' });
    await sender.flush();
  };
  const loop = async () => {
    while (open) {
      await step().catch((error) => {
        if (open) console.error(`no more traffic: ${error.message}`);
        open = false;
      });
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  };
  const done = loop();
  return {
    stop: () => {
      open = false;
      return done;
    },
  };
}
