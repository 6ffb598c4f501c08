// SPDX-License-Identifier: Apache-2.0
// A feed reports nonsense for a moment: what a keeper sends, lands and loses by it.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, beforeEach, describe, test } from 'node:test';
import { requireFromDevnet } from '../../../chain/contracts/compile.mjs';
import { mine, playGlitch, readContracts, roleAccount, Sender } from '../../devnet/devnet.mjs';
import { deployAggregator } from '../../devnet/deploy/feeds.mjs';
import { compileContracts } from '../../devnet/lib/compile.mjs';
import { variants } from '../variants.mjs';
import { openStage } from './stage.mjs';

const { decodeFunctionData, parseAbi } = requireFromDevnet()('viem');
const executorAbi = JSON.parse(readFileSync(new URL('../../../chain/contracts/Executor.json', import.meta.url), 'utf8')).abi;
const poolAbi = parseAbi(['function liquidationCall(address collateral, address debt, address user, uint256 cover, bool receiveAToken)']);
const sleep = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));
const hex = (number) => `0x${number.toString(16)}`;

for (const aave of variants) {
  describe(`Aave ${aave}`, () => {
    let stage;
    let snapshot;
    let runs = 0;
    before(async () => {
      stage = await openStage({ aave, borrowers: 60, seed: 3 });
      await stage.devnet.rpc('evm_setIntervalMining', 0); // blocks come when a test wants them
      snapshot = await stage.devnet.rpc('evm_snapshot');
    });
    beforeEach(async () => {
      await stage.devnet.rpc('evm_revert', snapshot);
      snapshot = await stage.devnet.rpc('evm_snapshot');
      await mine(stage.devnet.rpc, []);
    });
    after(() => stage?.stop());

    /// Every transaction to the Executor from block `from` on, with its receipt.
    async function landed(from) {
      const { rpc, manifest } = stage.devnet;
      const head = Number(await rpc('eth_blockNumber'));
      const found = [];
      for (let number = from; number <= head; number++) {
        const { transactions } = await rpc('eth_getBlockByNumber', hex(number), true);
        for (const transaction of transactions.filter(({ to }) => to?.toLowerCase() === manifest.executor.toLowerCase())) {
          found.push({ ...transaction, receipt: await rpc('eth_getTransactionReceipt', transaction.hash) });
        }
      }
      return found;
    }

    /// Whom a transaction to the Executor would liquidate.
    function accountOf(input) {
      const { args: [plan] } = decodeFunctionData({ abi: executorAbi, data: input });
      return decodeFunctionData({ abi: poolAbi, data: plan.calls[0].data }).args[2];
    }

    /// How many of the keeper's transactions the pool holds.
    async function waiting() {
      const { rpc, manifest } = stage.devnet;
      const { pending } = await rpc('txpool_content');
      const ours = Object.keys(pending).find((sender) => sender.toLowerCase() === manifest.accounts.operator.toLowerCase());
      return ours === undefined ? 0 : Object.keys(pending[ours]).length;
    }

    /// Runs `action(keeper)` beside a live keeper, then mines until its transactions are through.
    async function withKeeper(options, action) {
      const { rpc } = stage.devnet;
      const from = Number(await rpc('eth_blockNumber')) + 1;
      const dataDir = join(stage.folder, `data-${runs++}`);
      const keeper = await stage.start(['run', '--live'], { dataDir, ...options });
      await action(keeper);
      for (let i = 0; i < 4 || (await waiting()) > 0; i++) {
        assert.ok(i < 30, 'the keeper keeps sending');
        await mine(rpc, []);
        await sleep(300);
      }
      assert.deepEqual(await keeper.stop('SIGTERM'), { code: 0, signal: null });
      return { keeper, dataDir, transactions: await landed(from) };
    }

    const sends = () => stage.wire.requests.filter(({ method }) => method === 'eth_sendRawTransaction').length;
    const count = (keeper, pattern) => keeper.lines.filter((line) => pattern.test(line)).length;

    test('outlier and correction in one block: nothing is sent', async () => {
      const already = sends();
      const { transactions } = await withKeeper({}, () => playGlitch(stage.devnet.rpc, stage.devnet.manifest, { kind: 'same-block' }));
      assert.equal(sends(), already);
      assert.deepEqual(transactions, []);
    });

    test('the outlier\'s block is taken back: what was sent is withdrawn, and nothing lands', async (context) => {
      const { rpc, manifest } = stage.devnet;
      const already = sends();
      let sent = 0;
      const { keeper, transactions } = await withKeeper({}, async (running) => {
        await playGlitch(rpc, manifest, {
          kind: 'reorged', by: 'anvil_reorg',
          seen: async () => {
            await running.line(/event=sent/, 20);
            await sleep(500);
            sent = sends() - already;
          },
        });
        await running.line(/event=withdraw/, 20);
        await sleep(1000);
      });
      assert.ok(sent > 0, 'the outlier was acted upon');
      assert.ok(count(keeper, /event=withdraw/) > 0); // the log thins out what repeats
      assert.equal(count(keeper, /event=replace.*cancelled on request/), sent);
      assert.deepEqual(transactions.map(({ hash }) => hash), []);
      context.diagnostic(`${sent} sent and withdrawn`);
    });

    test('an outlier beyond the allowed deviation from a second source: skipped, and said so', async () => {
      const { rpc, manifest } = stage.devnet;
      const contracts = compileContracts();
      const admin = await Sender.open(rpc, 'admin', manifest.chainId);
      const exposed = Object.values(manifest.tokens).filter(({ feeds }) => feeds?.includes('ETH/USD'));
      const prices = await readContracts(rpc, exposed.map(({ source }) => ({ to: source, abi: contracts.FeedProxy.abi, functionName: 'latestAnswer' })));
      const guards = exposed.map(({ address }, i) => {
        const second = deployAggregator(admin, contracts, `second ${address}`, prices[i], [roleAccount('transmitter').address]);
        return `[[price_guard]]\nasset = "${address}"\nsource = "${second}"\n`;
      });
      await mine(rpc, await admin.flush());
      const overrides = [['[log]\n', `[prices]\nmax_deviation = "5%"\n\n${guards.join('\n')}\n[log]\n`]];
      const already = sends();
      const { keeper, transactions } = await withKeeper({ overrides }, async (running) => {
        await playGlitch(rpc, manifest, { kind: 'one-block' });
        await running.line(/event=skip.*reason=price_guard/, 20);
      });
      assert.equal(sends(), already);
      assert.deepEqual(transactions, []);
      assert.ok(count(keeper, /event=skip.*reason=price_guard/) > 0);
    });

    test('an outlier that stands for one block costs at most the gas of one failure an account', async (context) => {
      const { rpc, manifest } = stage.devnet;
      const { dataDir, transactions } = await withKeeper({}, async (running) => {
        await playGlitch(rpc, manifest, { kind: 'one-block' });
        await running.line(/event=sent/, 20);
      });
      const failed = transactions.filter(({ receipt }) => receipt.status === '0x0');
      assert.ok(transactions.length > 0, 'the outlier was acted upon');
      const accounts = failed.map(({ input }) => accountOf(input));
      assert.equal(new Set(accounts).size, accounts.length, 'one account failed twice');
      assert.equal(JSON.parse(readFileSync(join(dataDir, 'report.json'), 'utf8')).reverted, failed.length);
      context.diagnostic(`${transactions.length} landed, ${failed.length} of them reverted`);
    });
  });
}
