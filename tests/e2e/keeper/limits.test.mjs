// SPDX-License-Identifier: Apache-2.0
// What the operator allows to be spent: by the key's own balance on chain, whatever the keeper says.
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { requireFromDevnet } from '../../../chain/contracts/compile.mjs';
import { playGap, playRatio } from '../../devnet/devnet.mjs';
import { variants } from '../variants.mjs';
import { openStage } from './stage.mjs';

const { decodeEventLog, decodeFunctionData } = requireFromDevnet()('viem');
const executorAbi = JSON.parse(readFileSync(new URL('../../../chain/contracts/Executor.json', import.meta.url), 'utf8')).abi;
const sleep = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));
const ether = 10n ** 18n;
let stage;
let untouched;
before(async () => {
  stage = await openStage({ aave: variants.at(-1), borrowers: 40, seed: 5 });
  untouched = await stage.devnet.rpc('evm_snapshot');
});
after(() => stage?.stop());

const keep = (risk, dataDir) => stage.start(['run', '--live'], { dataDir: join(stage.folder, dataDir), overrides: [['[log]\n', `[risk]\n${risk}\n\n[log]\n`]] });
const balance = async () => BigInt(await stage.devnet.rpc('eth_getBalance', stage.devnet.manifest.accounts.operator, 'latest'));
const sent = () => stage.wire.requests.filter(({ method }) => method === 'eth_sendRawTransaction').length;
const stop = async (keeper) => assert.deepEqual(await keeper.stop('SIGTERM'), { code: 0, signal: null });

test('below its floor the balance pays for nothing, and the reason is said', async () => {
  const keeper = await keep('min_gas_balance = "1000000 eth"', 'poor');
  await playGap(stage.devnet.rpc, stage.devnet.manifest, { change: -0.3 });
  await keeper.line(/event=skip .*reason=gas_balance_low/, 60);
  await keeper.line(/event=limit .*limit=balance/, 10);
  await stop(keeper);
  assert.equal(sent(), 0);
});

test('an hour never costs more than its budget, across a restart too', async (context) => {
  const budget = (ether * 6n) / 100n;
  const risk = 'max_spend_per_hour = "0.06 eth"';
  const before = await balance();
  const keeper = await keep(risk, 'hour');
  await keeper.line(/event=won/, 60);
  await keeper.line(/event=skip .*reason=spend_budget/, 60);
  await stage.untilQuiet(keeper, 2);
  await stop(keeper);
  const spent = before - (await balance());
  assert.ok(spent > 0n && spent <= budget, `${spent} wei of ${budget}`);
  const again = await keep(risk, 'hour');
  await again.line(/event=skip .*reason=spend_budget/, 60);
  // An hour is an hour of this machine, whatever the timestamps of blocks say.
  await stage.devnet.rpc('evm_increaseTime', 90_000);
  const { timestamp } = await stage.devnet.rpc('eth_getBlockByNumber', 'latest', false);
  while (Number((await stage.devnet.rpc('eth_getBlockByNumber', 'latest', false)).timestamp) < Number(timestamp) + 90_000) await sleep(100);
  await sleep(4000);
  await stage.untilQuiet(again, 2);
  await stop(again);
  const total = before - (await balance());
  assert.ok(total <= budget, `${total} wei of ${budget}`);
  context.diagnostic(`${spent} wei, then ${total} wei, of ${budget}`);
});

test('a transaction that could cost more than one may is not sent', async () => {
  const sentBefore = sent();
  const keeper = await keep('max_spend_per_tx = "0.0001 eth"', 'dear');
  await keeper.line(/event=skip .*reason=spend_per_tx/, 60);
  await stop(keeper);
  assert.equal(sent(), sentBefore);
});

test('a pause costs no account its turn: once resumed, it is sent at the next block', async () => {
  const dataDir = join(stage.folder, 'held');
  mkdirSync(dataDir, { recursive: true });
  writeFileSync(join(dataDir, 'paused'), '');
  const sentBefore = sent();
  const keeper = await keep('', 'held');
  await keeper.line(/event=skip .*reason=paused/, 60);
  await stage.devnet.rpc('anvil_mine', '0xc');
  await sleep(1000);
  assert.equal(sent(), sentBefore);
  rmSync(join(dataDir, 'paused'));
  await keeper.line(/event=hold .*resumed/, 5);
  await keeper.line(/event=won/, 5);
  await stop(keeper);
});

/** What the Executor told of its executions since `block`: [{transactionHash, blockNumber, profitToken, profit, builderPaid, plan}] */
async function executions(block) {
  const { rpc, manifest } = stage.devnet;
  const logs = await rpc('eth_getLogs', { address: manifest.executor, fromBlock: block, toBlock: 'latest' });
  return Promise.all(logs.map(async ({ topics, data, transactionHash, blockNumber }) => {
    const { args } = decodeEventLog({ abi: executorAbi, topics, data });
    const { input } = await rpc('eth_getTransactionByHash', transactionHash);
    return { ...args, transactionHash, blockNumber, plan: decodeFunctionData({ abi: executorAbi, data: input }).args[0] };
  }));
}

/** What the block's builder got in it beside the tips, by balances and receipts. */
async function paidBesideTips(builder, blockNumber) {
  const { rpc } = stage.devnet;
  const at = async (number) => BigInt(await rpc('eth_getBalance', builder, `0x${number.toString(16)}`));
  const { baseFeePerGas, transactions } = await rpc('eth_getBlockByNumber', blockNumber, false);
  let paid = (await at(BigInt(blockNumber))) - (await at(BigInt(blockNumber) - 1n));
  for (const hash of transactions) {
    const { gasUsed, effectiveGasPrice } = await rpc('eth_getTransactionReceipt', hash);
    paid -= BigInt(gasUsed) * (BigInt(effectiveGasPrice) - BigInt(baseFeePerGas));
  }
  return paid;
}

test('a builder gets its share of what is won in wrapped ether, through the Executor', async (context) => {
  const { rpc, manifest } = stage.devnet;
  assert.equal(await rpc('evm_revert', untouched), true); // nobody who owes ether is taken yet
  const builder = '0x00000000000000000000000000000000b01de700';
  await rpc('anvil_setCoinbase', builder);
  const key = join(stage.folder, 'relay.key');
  writeFileSync(key, '11'.repeat(32), { mode: 0o600 });
  // Nobody listens at the builder's: the share is in the calldata, and whoever builds the block gets it.
  const lanes = `[[lane]]\nname = "everybody"\ntype = "public"\n\n[[lane]]\nname = "builder"\ntype = "bundle"\nurl = "http://127.0.0.1:9"\nauth_key_file = "${key}"\nbuilder_share = "40%"\n`;
  const from = await rpc('eth_blockNumber');
  const keeper = await stage.start(['run', '--live'], { dataDir: join(stage.folder, 'share'), overrides: [['[log]\n', `${lanes}\n[log]\n`]] });
  await playRatio(rpc, manifest, { change: -0.08 }); // whoever owes ether against staked ether
  await keeper.line(/event=won .*debt=WETH/, 60);
  await stop(keeper);
  const all = await executions(from);
  const shared = all.filter(({ builderPaid }) => builderPaid > 0n);
  assert.ok(shared.length > 0);
  for (const { profitToken, profit, builderPaid, plan } of all) {
    const ether = profitToken.toLowerCase() === manifest.tokens.WETH.address.toLowerCase();
    assert.equal(plan.builderShareBps, ether ? 4000 : 0);
    assert.equal(builderPaid, ((profit + builderPaid - plan.minProfit) * BigInt(plan.builderShareBps)) / 10_000n);
  }
  for (const blockNumber of new Set(shared.map((one) => one.blockNumber))) {
    const told = all.filter((one) => one.blockNumber === blockNumber).reduce((sum, one) => sum + one.builderPaid, 0n);
    assert.equal(await paidBesideTips(builder, blockNumber), told);
  }
  context.diagnostic(`${shared.length} of ${all.length} executions paid ${shared.reduce((sum, one) => sum + one.builderPaid, 0n)} wei`);
});
