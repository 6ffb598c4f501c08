// SPDX-License-Identifier: Apache-2.0
// The venue follows a busy market by logs alone; after every block the pool is asked about every account, and each liquidation is held
// against what the venue said it would be.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { requireFromDevnet } from '../../../chain/contracts/compile.mjs';
import { Sender, mine, playActivity, playGap, readTruth, startDevnet } from '../../devnet/devnet.mjs';
import { Random } from '../../devnet/lib/random.mjs';
import { simulateLiquidations } from './liquidations.mjs';
import { Probe, toHead } from './probe.mjs';

const { decodeFunctionData, parseAbi } = requireFromDevnet()('viem');
const liquidationTopic = '0xe413a321e8681d831f4dbccbca790d2952b56f977908e45be37335533e005286';
const poolAbi = parseAbi(['function liquidationCall(address collateral, address debt, address user, uint256 cover, bool receiveAToken)']);
const actionAbi = parseAbi([
  'function borrow(address asset, uint256 amount, uint256 rateMode, uint16 referralCode, address onBehalfOf)',
  'function repay(address asset, uint256 amount, uint256 rateMode, address onBehalfOf) returns (uint256)',
  'function withdraw(address asset, uint256 amount, address to) returns (uint256)',
  'function approve(address spender, uint256 amount)',
  'function configureReserveAsCollateral(address asset, uint256 ltv, uint256 threshold, uint256 bonus)',
  'function setLiquidationProtocolFee(address asset, uint256 fee)',
  'function setEModeCategory(uint8 id, uint16 ltv, uint16 threshold, uint16 bonus, address source, string label)',
  'function setAssetEModeCategory(address asset, uint8 id)',
  'function setReservePause(address asset, bool paused)',
]);
const blocks = Number(process.env.PLIMSOLL_PARITY_BLOCKS ?? 40);
const borrowers = Number(process.env.PLIMSOLL_PARITY_BORROWERS ?? 300);

let devnet;
let probe;

before(async () => {
  devnet = await startDevnet({ borrowers, seed: 7 });
  probe = new Probe(devnet.rpc);
});

after(async () => {
  probe?.stop();
  await devnet?.stop();
});

const blockAt = (number) => devnet.rpc('eth_getBlockByNumber', `0x${number.toString(16)}`, false);

// Every account the venue knows, and every one the devnet made, against the pool at the block's own timestamp.
async function compareHealth(block) {
  const { accounts } = await probe.ask({ op: 'health', timestamp: Number(block.timestamp) });
  const ours = new Map(accounts.map(([account, factor]) => [account.toLowerCase(), BigInt(factor)]));
  const names = new Set([...devnet.manifest.borrowers, ...devnet.manifest.savers, ...Object.values(devnet.manifest.accounts)]);
  const everybody = new Set([...ours.keys(), ...[...names].map((name) => name.toLowerCase())]);
  const truth = await readTruth(devnet.rpc, devnet.manifest, { block: block.hash, accounts: [...everybody] });
  for (const { account, healthFactor } of truth.accounts) {
    const known = ours.get(account) ?? 2n ** 256n - 1n;
    assert.equal(known, healthFactor, `health factor of ${account} at block ${Number(block.number)}`);
  }
  await compareCandidates(truth, block);
  return truth.accounts.length;
}

async function compareCandidates(truth, block) {
  const { accounts } = await probe.ask({ op: 'liquidatable', timestamp: Number(block.timestamp) });
  const expected = truth.accounts.filter(({ healthFactor, totalCollateralBase }) => healthFactor < 10n ** 18n && totalCollateralBase > 0n);
  const sorted = (list) => list.map((account) => account.toLowerCase()).sort();
  assert.deepEqual(sorted(accounts), sorted(expected.map(({ account }) => account)), `candidates at block ${Number(block.number)}`);
}

// What the venue says about a liquidation right before it happened: the block's earlier transactions only, at the block's timestamp.
async function compareLiquidation(block, logs, event) {
  const earlier = logs.filter(({ transactionIndex }) => Number(transactionIndex) < Number(event.transactionIndex));
  await probe.seal(toHead(block), earlier);
  const transaction = await devnet.rpc('eth_getTransactionByHash', event.transactionHash);
  const { args } = decodeFunctionData({ abi: poolAbi, data: transaction.input });
  const [collateral, debt, account, cover] = args;
  const { liquidation } = await probe.ask({
    op: 'quote', account, collateral, debt, cover: cover.toString(), timestamp: Number(block.timestamp),
  });
  assert.ok(liquidation, `the venue did not expect the liquidation of ${account}`);
  assert.equal(BigInt(liquidation.repaid), BigInt(`0x${event.data.slice(2, 66)}`), `repaid of ${account}`);
  assert.equal(BigInt(liquidation.seized), BigInt(`0x${event.data.slice(66, 130)}`), `seized of ${account}`);
  assert.deepEqual(await probe.ask({ op: 'undo', hash: block.hash }), { inStep: true });
}

async function followTo(last, compare) {
  const seen = { accounts: 0, liquidations: 0 };
  for (let number = followed + 1; number <= last; number++) {
    const block = await blockAt(number);
    const logs = await probe.logsOf(block.hash);
    for (const event of logs.filter(({ topics }) => topics[0] === liquidationTopic)) {
      await compareLiquidation(block, logs, event);
      seen.liquidations += 1;
    }
    await probe.seal(toHead(block), logs);
    if (compare) seen.accounts = await compareHealth(block);
    followed = number;
  }
  return seen;
}

let followed = 0;

test('bootstrap finds every account and its exact health', async () => {
  const head = await devnet.rpc('eth_getBlockByNumber', 'latest', false);
  const { aave, deployBlock } = devnet.manifest;
  const steps = await probe.bootstrap({ pool: aave.pool, startBlock: deployBlock, head: toHead(head) });
  assert.ok(steps.includes('finding accounts') && steps.includes('reading accounts'));
  followed = Number(head.number);
  assert.ok((await compareHealth(head)) >= borrowers);
  const { assets } = await probe.ask({ op: 'status' });
  const polled = assets.filter((asset) => asset.polled).map(({ symbol }) => symbol);
  assert.deepEqual(polled, ['wstETH'], 'only the asset priced by a silent ratio is polled');
});

test('every account stays exact through a busy market, without being read again', async (context) => {
  const readBefore = probe.accountReads;
  const played = await playActivity(devnet.rpc, devnet.manifest, { blocks, seed: 'parity' });
  const seen = await followTo(played.blocks.at(-1).number, true);
  context.diagnostic(`${played.blocks.length} blocks, ${seen.accounts} accounts, ${seen.liquidations} liquidations: ${JSON.stringify(played.counts)}`);
  assert.equal(probe.accountReads, readBefore, 'no account is read after bootstrap');
  assert.ok(seen.liquidations > 0, 'the scenario has liquidations');
  const { quarantined, demoted } = await probe.ask({ op: 'status' });
  assert.deepEqual({ quarantined, demoted }, { quarantined: 0, demoted: 0 });
});

// Mines what `sender` queued, `seconds` after the head, and compares everybody.
async function mineAndCompare(sender, seconds) {
  const head = await devnet.rpc('eth_getBlockByNumber', 'latest', false);
  const { number } = await mine(devnet.rpc, await sender.flush(), { timestamp: Number(head.timestamp) + seconds });
  await followTo(Number(number), true);
}

test('interest larger than what is withdrawn or repaid stays exact', async () => {
  const { aave, tokens } = devnet.manifest;
  const supplier = await Sender.open(devnet.rpc, 'supplier');
  const act = (to, name, args) => supplier.call(to, actionAbi, name, args);
  act(aave.pool, 'borrow', [tokens.USDC.address, 1_000_000_000n, 2n, 0, supplier.address]);
  act(tokens.USDC.address, 'approve', [aave.pool, 1_000_000n]);
  await mineAndCompare(supplier, 12);
  // A day's interest is far above these amounts, so that the tokens tell a Mint where something was burnt.
  act(aave.pool, 'withdraw', [tokens.WETH.address, 10n ** 12n, supplier.address]);
  act(aave.pool, 'repay', [tokens.USDC.address, 10n, 2n, supplier.address]);
  await mineAndCompare(supplier, 86_400);
  await mineAndCompare(supplier, 86_400);
});

test('what governance changes is followed', async () => {
  const { aave, tokens } = devnet.manifest;
  const admin = await Sender.open(devnet.rpc, 'admin');
  const set = (name, args) => admin.call(aave.configurator, actionAbi, name, args);
  set('configureReserveAsCollateral', [tokens.LINK.address, 6000n, 6900n, 10_750n]);
  set('setLiquidationProtocolFee', [tokens.LINK.address, 1500n]);
  set('setEModeCategory', [1, 9200, 9400, 10_150, `0x${'0'.repeat(40)}`, 'ether']);
  set('setAssetEModeCategory', [tokens.USDT.address, 0]);
  set('setReservePause', [tokens.ENS.address, true]);
  await mineAndCompare(admin, 12);
  set('setReservePause', [tokens.ENS.address, false]);
  set('setAssetEModeCategory', [tokens.USDT.address, 2]);
  await mineAndCompare(admin, 12);
});

test('undoing blocks and applying them again ends at the same state', async () => {
  const last = await blockAt(followed);
  const before = await probe.ask({ op: 'health', timestamp: Number(last.timestamp) });
  const depth = Math.min(blocks, 30);
  for (let number = followed; number > followed - depth; number--) {
    const { hash } = await blockAt(number);
    assert.deepEqual(await probe.ask({ op: 'undo', hash }), { inStep: true });
    if (number % 5 === 0) await compareHealth(await blockAt(number - 1));
  }
  const end = followed;
  followed -= depth;
  await followTo(end, false);
  const again = await probe.ask({ op: 'health', timestamp: Number(last.timestamp) });
  assert.deepEqual(new Map(again.accounts), new Map(before.accounts));
});

test('a thousand liquidations are what the pool would do', async (context) => {
  await playGap(devnet.rpc, devnet.manifest, { change: -0.25 });
  const head = await devnet.rpc('eth_getBlockByNumber', 'latest', false);
  await followTo(Number(head.number), false);
  await compareHealth(head);
  const result = await simulateLiquidations({ probe, devnet, head, random: new Random('quotes'), least: 1000 });
  context.diagnostic(`${result.equal} equal, ${result.refused} refused by both, ${result.fees} with a fee, ${result.halves} cut at the close factor`);
  assert.ok(result.equal >= 1000, `only ${result.equal} liquidations were possible`);
});
