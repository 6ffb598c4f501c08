// SPDX-License-Identifier: Apache-2.0
// Feed and engine follow a market over the wire; after every block the pool is asked about every account. The wire counts.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { playActivity, readTruth, startDevnet } from '../../devnet/devnet.mjs';
import { toHex } from '../../devnet/lib/rpc.mjs';
import { scenarios } from '../scenarios.mjs';
import { full, variants } from '../variants.mjs';
import { Process, program } from './process.mjs';
import { startWire } from './wire.mjs';

const never = 2n ** 256n - 1n;

// The first variant gets the longest look.
function sizes(aave) {
  const small = aave !== variants[0] && !full;
  return {
    blocks: Number(process.env.PLIMSOLL_PARITY_BLOCKS ?? (small ? 20 : 40)) + 5,
    borrowers: Number(process.env.PLIMSOLL_PARITY_BORROWERS ?? (small ? 100 : 300)),
  };
}

for (const aave of variants) {
  const { blocks, borrowers } = sizes(aave);

  describe(`Aave ${aave}`, () => {
    let devnet;
    let wire;
    let probe;
    let bootstrapped;
    const told = new Map(); // block hash → Map(account → health factor)

    before(async () => {
      devnet = await startDevnet({ aave, borrowers, seed: 7 });
      wire = await startWire(devnet.manifest.ws);
      const { aave: market, uniswap, tokens, deployBlock, chainId } = devnet.manifest;
      const args = [wire.url, chainId, market.pool, deployBlock, uniswap.factory, uniswap.quoter, uniswap.router, tokens.WETH.address].map(String);
      probe = new Process('follow probe', program.replace(/plimsoll$/, 'tests/e2e/keeper/plimsoll_follow_probe'), args, {
        onLine(line) {
          const said = JSON.parse(line);
          if (said.hash) told.set(said.hash, new Map(said.accounts.map(([account, factor]) => [account.toLowerCase(), BigInt(factor)])));
        },
      });
      await probe.line(/"hash"/, 60);
      bootstrapped = wire.requests.length;
    });

    after(async () => {
      await probe?.stop('SIGKILL');
      await wire?.stop();
      await devnet?.stop();
    });

    // Anvil may answer a call at the head's hash from the next block if that is mined meanwhile, so none is before the last one was told.
    async function toldHead() {
      const { hash } = await devnet.rpc('eth_getBlockByNumber', 'latest', false);
      for (const limit = Date.now() + 60_000; !told.has(hash); ) {
        if (Date.now() > limit) throw new Error(`nothing was told of ${hash}`);
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
    }
    const patient = () => {
      const rpc = async (method, ...params) => {
        if (method === 'evm_mine' || method === 'anvil_reorg') await toldHead();
        return devnet.rpc(method, ...params);
      };
      return { ...devnet, rpc: Object.assign(rpc, devnet.rpc) };
    };

    async function compare(hash) {
      const ours = told.get(hash);
      const truth = await readTruth(devnet.rpc, devnet.manifest, { block: hash });
      for (const { account, healthFactor } of truth.accounts) {
        assert.equal(ours.get(account.toLowerCase()) ?? never, healthFactor, `health factor of ${account} at block ${truth.block.number}`);
      }
      return truth.accounts.length;
    }

    // Compares what was told of the blocks after `first`, the head included; answers {blocks, compared, accounts}.
    async function compareSince(first) {
      const head = await devnet.rpc('eth_getBlockByNumber', 'latest', false);
      await toldHead();
      const numbers = Array.from({ length: Number(head.number) - first }, (_, i) => first + 1 + i);
      const hashes = (await devnet.rpc.batch(numbers.map((number) => ['eth_getBlockByNumber', toHex(number), false]))).map(({ hash }) => hash);
      const known = hashes.filter((hash) => told.has(hash));
      let accounts = 0;
      for (const hash of known) accounts = await compare(hash);
      return { blocks: hashes.length, compared: known.length, accounts };
    }

    const headNumber = async () => Number(await devnet.rpc('eth_blockNumber'));

    test('every account is exact after every block of a busy market', async (context) => {
      const first = await headNumber();
      const { counts } = await playActivity(patient().rpc, devnet.manifest, { blocks, seed: 'wire' });
      const { compared, accounts } = await compareSince(first);
      context.diagnostic(`${compared} of ${blocks} blocks, ${accounts} accounts, ${JSON.stringify(counts)}`);
      assert.equal(compared, blocks);
      assert.ok(accounts >= borrowers);
    });

    for (const [name, play] of scenarios) {
      test(`every account is exact through ${name}`, async (context) => {
        const first = await headNumber();
        let orphan;
        const seen = async ({ hash }) => {
          await toldHead();
          await compare(hash);
          orphan = hash;
        };
        const { replacement } = await play(patient(), { seen });
        const { blocks: all, compared, accounts } = await compareSince(first);
        context.diagnostic(`${compared} of ${all} blocks, ${accounts} accounts`);
        assert.equal(compared, all);
        assert.equal(orphan !== undefined, replacement !== undefined, 'an orphan is seen before it is taken back');
      });
    }

    test('no account was read after bootstrap, but for the totals that it is compared by', () => {
      const people = [...devnet.manifest.borrowers, ...devnet.manifest.savers].map((address) => address.slice(2).toLowerCase());
      const reads = wire.requests.slice(bootstrapped).filter(({ method }) => method === 'eth_call');
      assert.ok(reads.length > 0, 'prices are read');
      const about = reads.map(({ params }) => params[0].data.toLowerCase()).filter((data) => people.some((address) => data.includes(address)));
      // getUserConfiguration and scaledBalanceOf: what a reading of the market asks about each account.
      assert.equal(about.filter((data) => /4417a583|1da24f3e/.test(data)).length, 0);
      assert.equal(about.filter((data) => !data.includes('bf92857c')).length, 0, 'getUserAccountData and nothing else');
    });
  });
}
