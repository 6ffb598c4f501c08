// SPDX-License-Identifier: Apache-2.0
// Feed and engine follow a busy market over the wire; after every block the pool is asked about every account. The wire counts.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { playActivity, readTruth, startDevnet } from '../../devnet/devnet.mjs';
import { Process, program } from './process.mjs';
import { startWire } from './wire.mjs';

const blocks = Number(process.env.PLIMSOLL_PARITY_BLOCKS ?? 40) + 5;
const borrowers = Number(process.env.PLIMSOLL_PARITY_BORROWERS ?? 300);
const never = 2n ** 256n - 1n;

let devnet;
let wire;
let probe;
const told = new Map(); // block hash → Map(account → health factor)

before(async () => {
  devnet = await startDevnet({ borrowers, seed: 7 });
  wire = await startWire(devnet.manifest.ws);
  const { aave, uniswap, tokens, deployBlock, chainId } = devnet.manifest;
  const args = [wire.url, chainId, aave.pool, deployBlock, uniswap.factory, uniswap.quoter, uniswap.router, tokens.WETH.address].map(String);
  probe = new Process('follow probe', program.replace(/plimsoll$/, 'tests/e2e/keeper/plimsoll_follow_probe'), args, {
    onLine(line) {
      const said = JSON.parse(line);
      if (said.hash) told.set(said.hash, new Map(said.accounts.map(([account, factor]) => [account.toLowerCase(), BigInt(factor)])));
    },
  });
});

after(async () => {
  await probe?.stop('SIGKILL');
  await wire?.stop();
  await devnet?.stop();
});

async function compare(block) {
  const ours = told.get(block.hash);
  const truth = await readTruth(devnet.rpc, devnet.manifest, { block: block.hash });
  for (const { account, healthFactor } of truth.accounts) {
    assert.equal(ours.get(account.toLowerCase()) ?? never, healthFactor, `health factor of ${account} at block ${block.number}`);
  }
  return truth.accounts.length;
}

test('every account is exact after every block of a busy market, and none is read after bootstrap', async (context) => {
  await probe.line(/"hash"/, 60);
  const bootstrapped = wire.requests.length;
  const played = await playActivity(devnet.rpc, devnet.manifest, { blocks, seed: 'wire' });
  const last = played.blocks.at(-1);
  await probe.line(new RegExp(last.hash), 60);

  let compared = 0;
  let accounts = 0;
  for (const block of played.blocks.filter(({ hash }) => told.has(hash))) {
    accounts = await compare(block);
    compared += 1;
  }
  context.diagnostic(`${compared} of ${played.blocks.length} blocks, ${accounts} accounts, ${JSON.stringify(played.counts)}`);
  assert.ok(compared >= Math.min(40, blocks), `${compared} blocks`);
  assert.ok(accounts >= borrowers);

  const people = [...devnet.manifest.borrowers, ...devnet.manifest.savers].map((address) => address.slice(2).toLowerCase());
  const reads = wire.requests.slice(bootstrapped).filter(({ method }) => method === 'eth_call');
  assert.ok(reads.length > 0, 'prices are read');
  assert.equal(reads.filter(({ params }) => people.some((address) => params[0].data.toLowerCase().includes(address))).length, 0);
});
