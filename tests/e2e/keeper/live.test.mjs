// SPDX-License-Identifier: Apache-2.0
// A price gap, live: what the keeper earned, checked by programs that share no code with it.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import { requireFromDevnet } from '../../../chain/contracts/compile.mjs';
import { playGap, withMiner } from '../../devnet/devnet.mjs';
import { Probe, toHead } from '../parity/probe.mjs';
import { full, variants } from '../variants.mjs';
import { bruteForce, compareTotals } from '../verify/brute_force.mjs';
import { checkReport } from '../verify/receipts.mjs';
import { openStage } from './stage.mjs';

const { decodeFunctionData, parseAbi } = requireFromDevnet()('viem');
const executorAbi = JSON.parse(readFileSync(new URL('../../../chain/contracts/Executor.json', import.meta.url), 'utf8')).abi;
const poolAbi = parseAbi(['function liquidationCall(address collateral, address debt, address user, uint256 cover, bool receiveAToken)']);
const liquidationTopic = '0xe413a321e8681d831f4dbccbca790d2952b56f977908e45be37335533e005286';
const minimum = 5n * 10n ** 8n;

for (const aave of variants) {
  const small = aave !== variants[0] && !full;
  const [borrowers, atLeast] = small ? [100, 10] : [250, 30];

  describe(`Aave ${aave}`, () => {
    let stage;
    let report;
    let range;
    let state;
    let people = [];
    let deaf = false; // whether questions about accounts wait
    let unheard = 0;
    let sentUnheard = 0;
    const aboutAccounts = ({ method, params }) => method === 'eth_call' && people.some((address) => params[0].data.toLowerCase().includes(address));
    const hold = (request) => {
      const waits = deaf && aboutAccounts(request);
      unheard += waits ? 1 : 0;
      return waits;
    };
    before(async () => {
      stage = await openStage({ aave, borrowers, seed: 1, hold });
      people = [...stage.devnet.manifest.borrowers, ...stage.devnet.manifest.savers].map((address) => address.slice(2).toLowerCase());
    });
    after(() => stage?.stop());

    test(`a gap of a quarter: at least ${atLeast} liquidations, none reverted`, async (context) => {
      const { rpc, manifest } = stage.devnet;
      const from = await withMiner(rpc, async () => {
        state = await rpc('anvil_dumpState');
        return Number(await rpc('eth_blockNumber'));
      });
      const keeper = await stage.start(['run', '--live']);
      await new Promise((resolve) => setTimeout(resolve, 3000)); // whom the first reading did not compare is compared now
      deaf = true;
      await playGap(rpc, manifest, { change: -0.25 });
      await keeper.line(/event=won/, 60);
      sentUnheard = stage.wire.requests.filter(({ method }) => method === 'eth_sendRawTransaction').length;
      deaf = false;
      stage.wire.release();
      await stage.untilQuiet(keeper);
      range = { from, to: Number(await rpc('eth_blockNumber')) };
      assert.deepEqual(await keeper.stop('SIGTERM'), { code: 0, signal: null });
      await rpc('evm_setIntervalMining', 0);
      report = stage.report();
      assert.ok(report.won >= atLeast, `${report.won} won`);
      assert.equal(report.reverted, 0);
      assert.equal(report.missed.not_indexed, 0);
      context.diagnostic(`${report.found} found, ${report.won} won, skipped ${JSON.stringify(report.skipped)}`);
    });

    test('every reported amount is what the chain says', async () => {
      const { rpc, manifest } = stage.devnet;
      const { failures } = await checkReport(rpc, manifest, report, { ...range, atLeast });
      assert.deepEqual(failures, []);
    });

    test('nothing worth taking is left, and the total is within two per cent of an independent liquidator', async (context) => {
      const { rpc, manifest } = stage.devnet;
      const { left } = await bruteForce(rpc, manifest, { block: range.to, minimum });
      assert.deepEqual(left, []);
      const { ratio } = await compareTotals(rpc, manifest, { from: range.from, to: range.to, minimum, state });
      context.diagnostic(`keeper over independent liquidator: ${ratio}`);
      assert.ok(Math.abs(ratio - 1) <= 0.02, `ratio ${ratio}`);
    });

    test('gas used is between 0.9 and 1.15 times what was expected', (context) => {
      const off = report.liquidations.filter(({ gas_used: used, gas_expected: expected }) => used < expected * 0.9 || used > expected * 1.15);
      assert.deepEqual(off.map(({ hash, gas_used: used, gas_expected: expected }) => `${hash}: used ${used}, expected ${expected}`), []);
      const shares = report.liquidations.map(({ gas_used: used, gas_expected: expected }) => used / expected);
      context.diagnostic(`from ${Math.min(...shares).toFixed(3)} to ${Math.max(...shares).toFixed(3)}`);
    });

    test('no send waits for an account to be read', (context) => {
      assert.ok(sentUnheard >= atLeast / 2, `${sentUnheard} sends while no question about an account was answered`);
      context.diagnostic(`${sentUnheard} sends while ${unheard} questions about accounts waited`);
    });

    // The calldata of the venue's call inside the Executor's plan.
    async function venueCall(rpc, hash) {
      const { input } = await rpc('eth_getTransactionByHash', hash);
      const { args: [plan] } = decodeFunctionData({ abi: executorAbi, data: input });
      return decodeFunctionData({ abi: poolAbi, data: plan.calls[0].data }).args;
    }

    test('each quote, valued again at its place in its block, is its LiquidationCall to the unit', async () => {
      const { rpc, manifest } = stage.devnet;
      const probe = new Probe(rpc);
      try {
        const blockAt = (number) => rpc('eth_getBlockByNumber', `0x${number.toString(16)}`, false);
        await probe.bootstrap({ pool: manifest.aave.pool, startBlock: manifest.deployBlock, head: toHead(await blockAt(range.from)) });
        let compared = 0;
        for (let number = range.from + 1; number <= range.to; number++) {
          const block = await blockAt(number);
          const logs = await probe.logsOf(block.hash);
          for (const event of logs.filter(({ topics }) => topics[0] === liquidationTopic)) {
            await probe.seal(toHead(block), logs.filter(({ transactionIndex }) => Number(transactionIndex) < Number(event.transactionIndex)));
            const [collateral, debt, account, cover] = await venueCall(rpc, event.transactionHash);
            const { liquidation } = await probe.ask({ op: 'quote', account, collateral, debt, cover: cover.toString(), timestamp: Number(block.timestamp) });
            assert.ok(liquidation, `the venue did not expect the liquidation of ${account}`);
            assert.equal(BigInt(liquidation.repaid), BigInt(`0x${event.data.slice(2, 66)}`), `repaid of ${account}`);
            assert.equal(BigInt(liquidation.seized), BigInt(`0x${event.data.slice(66, 130)}`), `seized of ${account}`);
            await probe.ask({ op: 'undo', hash: block.hash });
            compared += 1;
          }
          await probe.seal(toHead(block), logs);
        }
        assert.equal(compared, report.won);
      } finally {
        probe.stop();
      }
    });
  });
}
