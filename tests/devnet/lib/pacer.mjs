// SPDX-License-Identifier: Apache-2.0
// Blocks at a pace that the node's own interval mining does not know: it counts in whole seconds.
const pacers = new Map(); // by the node's URL

/// Mines a block every `seconds`, counted from the end of the last one; several may have one timestamp. Answers {seconds, hold(work), stop}: no block comes by itself while work runs.
export function startPacer(rpc, seconds) {
  let stopped = false;
  let held = 0;
  let timer;
  let under = Promise.resolve();
  const wait = () => {
    if (!stopped) timer = setTimeout(step, seconds * 1000);
  };
  const step = () => {
    under = (held > 0 ? Promise.resolve() : rpc('evm_mine')).catch((error) => {
      if (!stopped) console.error(`no more blocks: ${error.message}`);
      stopped = true;
    });
    under.then(wait);
  };
  const pacer = {
    seconds,
    async hold(work) {
      held += 1;
      await under;
      try {
        return await work();
      } finally {
        held -= 1;
      }
    },
    async stop() {
      stopped = true;
      pacers.delete(rpc.url);
      clearTimeout(timer);
      await under;
    },
  };
  pacers.set(rpc.url, pacer);
  wait();
  return pacer;
}

/// The pacer of this node, if it has one.
export const pacerOf = (rpc) => pacers.get(rpc.url);
