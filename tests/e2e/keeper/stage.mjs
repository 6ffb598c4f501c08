// SPDX-License-Identifier: Apache-2.0
// A devnet with a keeper on it, seen through a wire.
import { createRequire } from 'node:module';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readPositions, startDevnet, withMiner } from '../../devnet/devnet.mjs';
import { Sender } from '../../devnet/lib/accounts.mjs';
import { keeperConfig } from './config.mjs';
import { Process, program } from './process.mjs';
import { startWire } from './wire.mjs';

const { encodeFunctionData, maxUint256, parseAbi } = createRequire(new URL('../../devnet/package.json', import.meta.url))('viem');
const poolAbi = parseAbi(['function liquidationCall(address collateral, address debt, address user, uint256 cover, bool receiveAToken)']);
const sleep = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/**
 * On a devnet of that Aave version: {devnet, ipc (the node's socket), wire, folder, dataDir, start(args, options), untilQuiet(keeper), blocks(count), takeAsRival(account),
 * report(file), has(file), stop()}. A block comes every `blockTime` seconds; with less than one the keeper's summaries come
 * more often too, and transactions have more blocks to land in.
 */
export async function openStage({ aave, borrowers = 60, seed = 1, blockTime = 1, swallow, hold, alter } = {}) {
  const pace = blockTime < 1 ? { summaryEvery: '1s', deadline: '30 blocks' } : { summaryEvery: '2s' };
  const folder = mkdtempSync(join(tmpdir(), 'plimsoll-stage-'));
  const ipc = join(folder, 'node.ipc');
  const devnet = await startDevnet({ aave, borrowers, seed, blockTime, ipc });
  const wire = await startWire(devnet.manifest.ws, { swallow, hold, alter });
  const dataDir = join(folder, 'data');
  const running = [];

  /** Starts the keeper through the wire, with variables of its own, and waits until it watches. */
  async function start(args, { env, ...options } = {}) {
    const file = join(folder, `${running.length}.toml`);
    writeFileSync(file, keeperConfig(devnet.manifest, { dataDir, ws: wire.url, ...pace, level: 'debug', format: 'logfmt', maxPending: 64, ...options }));
    const keeper = new Process('plimsoll', program, [...args, '--config', file], { env });
    keeper.configFile = file;
    running.push(keeper);
    const watching = () => keeper.line(/event=ready .*watching/, 120);
    // anvil may answer a question about its newest block with the next one's clock if that is mined meanwhile; fast blocks make that likely.
    await (blockTime < 1 ? withMiner(devnet.rpc, watching) : watching());
    return keeper;
  }

  /** Until the chain has so many blocks more. */
  async function blocks(count) {
    const number = async () => Number(await devnet.rpc('eth_blockNumber'));
    for (const last = (await number()) + count; (await number()) < last;) await sleep(30);
  }

  /** Until nothing is pending and, for as long as that many blocks take, nothing was found, sent or won. */
  async function untilQuiet(keeper, count = 5) {
    const limit = Date.now() + 180_000;
    let seen = 0;
    let since = Date.now();
    const busy = () => keeper.lines.filter((line) => /event=(found|sent|won|lost|would|expired)/.test(line)).length;
    const pending = () => !/ pending=0 /.test(keeper.lines.filter((line) => /event=summary/.test(line)).at(-1) ?? '');
    while (Date.now() - since < count * blockTime * 1000 || pending()) {
      if (Date.now() > limit) throw new Error('the keeper did not come to rest');
      await sleep(100);
      if (busy() === seen) continue;
      seen = busy();
      since = Date.now();
    }
  }

  /** The rival liquidates the account's largest debt in some pair that works; answers the transaction's hash. */
  async function takeAsRival(account) {
    const { manifest, rpc } = devnet;
    const [position] = await readPositions(rpc, manifest, [{ account }]);
    const rival = await Sender.open(rpc, 'rival', manifest.chainId);
    for (const collateral of Object.keys(position.collaterals)) {
      for (const debt of Object.keys(position.debts)) {
        const args = [manifest.tokens[collateral].address, manifest.tokens[debt].address, account, maxUint256, false];
        const data = encodeFunctionData({ abi: poolAbi, functionName: 'liquidationCall', args });
        const refused = await rpc('eth_call', { from: rival.address, to: manifest.aave.pool, data }, 'latest').then(() => false, () => true);
        if (refused) continue;
        rival.add({ to: manifest.aave.pool, data, gas: 2_000_000, label: 'liquidationCall' });
        return (await rival.flush())[0].hash;
      }
    }
    throw new Error(`the rival cannot liquidate ${account}`);
  }

  return {
    devnet, ipc, wire, folder, dataDir, start, untilQuiet, blocks, takeAsRival,
    report: (file = 'report.json') => JSON.parse(readFileSync(join(dataDir, file), 'utf8')),
    has: (file) => existsSync(join(dataDir, file)),
    async stop() {
      for (const keeper of running) if (keeper.child.exitCode === null && keeper.child.signalCode === null) await keeper.stop('SIGKILL');
      await wire.stop();
      await devnet.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
