// SPDX-License-Identifier: Apache-2.0
// Real Uniswap V3 pools on a bare anvil, in which random people provide, withdraw and swap.
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { compileFile, requireFromDevnet } from '../../../chain/contracts/compile.mjs';
import { Sender, mine } from '../../devnet/lib/accounts.mjs';
import { startAnvil } from '../../devnet/lib/anvil.mjs';
import { loadArtifact } from '../../devnet/lib/artifacts.mjs';
import { compileContracts } from '../../devnet/lib/compile.mjs';
import { multicall3, readContracts } from '../../devnet/lib/multicall.mjs';
import { toHex } from '../../devnet/lib/rpc.mjs';

const { getAddress, getContractAddress, keccak256, encodeAbiParameters, parseAbiParameters } = requireFromDevnet()('viem');
const here = dirname(fileURLToPath(import.meta.url));
const poolArtifact = loadArtifact('core', 'UniswapV3Pool');
const factoryArtifact = loadArtifact('core', 'UniswapV3Factory');

/// What is known of a pool at first: that many words of the bitmap on both sides of the price. Wide spacings are known whole.
export const shapes = [
  { fee: 100, spacing: 1, reach: 6 },
  { fee: 500, spacing: 10, reach: 4 },
  { fee: 3000, spacing: 60, reach: 200 },
  { fee: 10000, spacing: 200, reach: 200 },
];
const lastTick = 887272;

const wordOf = (tick, spacing) => Math.floor(tick / spacing) >> 8;
const sqrtPriceOf = (tick) => BigInt(Math.floor(1.0001 ** (tick / 2) * 2 ** 48)) << 48n;

/// Starts everything; answers {rpc, quoter, pools, act, read, stop}. Each pool has an own first price and first positions.
export async function startSwapWorld(random) {
  const node = await startAnvil({ timestamp: Math.floor(Date.now() / 1000) });
  try {
    const world = new SwapWorld(node, random, await Sender.open(node.rpc, 'admin'));
    await world.open();
    return world;
  } catch (error) {
    await node.stop();
    throw error;
  }
}

class SwapWorld {
  constructor(node, random, sender) {
    Object.assign(this, { node, rpc: node.rpc, random, sender, stop: node.stop });
  }

  async open() {
    const { contracts } = compileFile(join(here, 'contracts', 'PoolActor.sol'), { optimizer: { enabled: false }, viaIR: false });
    this.actorAbi = contracts.PoolActor.abi;
    await this.rpc('anvil_setCode', multicall3, compileContracts().Multicall3.deployedBytecode);
    const { sender } = this;
    this.factory = sender.deploy(factoryArtifact, [], { label: 'UniswapV3Factory' });
    sender.call(this.factory, factoryArtifact.abi, 'enableFeeAmount', [100, 1]);
    const tokens = ['a', 'b'].map((name) => sender.deploy(contracts.FreeToken, [], { label: `token ${name}` }));
    const [token0, token1] = tokens.map((token) => getAddress(token)).sort((a, b) => (BigInt(a) < BigInt(b) ? -1 : 1));
    this.actor = sender.deploy(contracts.PoolActor, [], { label: 'PoolActor' });
    this.quoter = sender.deploy(loadArtifact('periphery', 'lens/QuoterV2'), [this.factory, token0], { label: 'QuoterV2' });
    Object.assign(this, { token0, token1 });
    this.pools = shapes.map((shape) => this.openPool(shape));
    await mine(this.rpc, await sender.flush());
  }

  openPool(shape) {
    const { sender, random, token0, token1 } = this;
    const salt = keccak256(encodeAbiParameters(parseAbiParameters('address, address, uint24'), [token0, token1, shape.fee]));
    const address = getContractAddress({ opcode: 'CREATE2', from: this.factory, salt, bytecodeHash: keccak256(poolArtifact.bytecode) });
    const tick = random.below(80_000) - 40_000;
    const pool = { ...shape, address, start: tick, positions: [] };
    sender.call(this.factory, factoryArtifact.abi, 'createPool', [token0, token1, shape.fee], { gas: 6_000_000 });
    sender.call(address, poolArtifact.abi, 'initialize', [sqrtPriceOf(tick)], { gas: 500_000 });
    for (let i = 0; i < 30; i += 1) this.provide(pool, tick);
    return pool;
  }

  /// A position near the price, or the whole range now and then.
  provide(pool, tick) {
    const { random } = this;
    const edge = Math.floor(lastTick / pool.spacing) * pool.spacing;
    const width = 1 + random.below(random.pick([3, 20, 100]));
    const centre = Math.round(tick / pool.spacing) + random.below(61) - 30;
    const [lower, upper] = random.below(10) === 0
      ? [-edge, edge]
      : [Math.max(-edge, (centre - random.below(width + 1)) * pool.spacing), Math.min(edge, (centre + width) * pool.spacing)];
    const amount = 1n + (BigInt(random.bytes(32)) % 10n ** BigInt(16 + random.below(5)));
    pool.positions.push({ lower, upper, amount });
    this.sender.call(this.actor, this.actorAbi, 'mint', [pool.address, lower, upper, amount], { gas: 1_500_000, label: 'mint' });
  }

  /// Takes a part or the whole of a position away, or only settles its fees.
  withdraw(pool) {
    const { random } = this;
    const at = random.below(pool.positions.length);
    const position = pool.positions[at];
    const amount = [position.amount, position.amount / 2n, 0n][random.below(3)];
    position.amount -= amount;
    if (position.amount === 0n) pool.positions.splice(at, 1);
    this.sender.call(this.actor, this.actorAbi, 'burn', [pool.address, position.lower, position.upper, amount], { gas: 1_500_000, label: 'burn' });
  }

  /// One block of random events in every pool; answers the pools' logs, in order.
  async act() {
    const { random, rpc } = this;
    const slots = await this.slots();
    this.pools.forEach((pool, i) => {
      for (let n = random.below(4); n >= 0; n -= 1) {
        const kind = random.below(8);
        if (kind < 2) this.provide(pool, slots[i][1]);
        else if (kind < 4 && pool.positions.length > 6) this.withdraw(pool);
        else this.trade(pool, slots[i]);
      }
    });
    const { number } = await mine(rpc, await this.sender.flush());
    const logs = await rpc('eth_getLogs', { address: this.pools.map(({ address }) => address), fromBlock: toHex(number), toBlock: toHex(number) });
    return logs;
  }

  /// A swap that moves the price by some percent at most, more often back to where it was first.
  trade(pool, [price, tick]) {
    const { random } = this;
    const amount = this.amount(24) * (random.below(3) === 0 ? -1n : 1n);
    const zeroForOne = (tick > pool.start) === random.below(4) > 0;
    const limit = (price * BigInt(zeroForOne ? 1000 - random.below(30) : 1000 + random.below(30))) / 1000n;
    this.sender.call(this.actor, this.actorAbi, 'swap', [pool.address, zeroForOne, amount, limit], { gas: 20_000_000, label: 'swap' });
  }

  /// From one unit to 10^digits.
  amount(digits) {
    return 1n + (BigInt(this.random.bytes(32)) % 10n ** BigInt(this.random.below(digits + 1)));
  }

  slots() {
    return readContracts(this.rpc, this.pools.map(({ address }) => ({ to: address, abi: poolArtifact.abi, functionName: 'slot0' })));
  }

  /// What the probe is told once: price, liquidity, and the initialised ticks within reach.
  async read(pool) {
    const ask = (functionName, args = []) => ({ to: pool.address, abi: poolArtifact.abi, functionName, args });
    const [slot, liquidity] = await readContracts(this.rpc, [ask('slot0'), ask('liquidity')]);
    const firstWord = Math.max(wordOf(-lastTick, pool.spacing), wordOf(slot[1], pool.spacing) - pool.reach);
    const lastWord = Math.min(wordOf(lastTick, pool.spacing), wordOf(slot[1], pool.spacing) + pool.reach);
    const words = Array.from({ length: lastWord - firstWord + 1 }, (_, i) => firstWord + i);
    const bitmaps = await readContracts(this.rpc, words.map((word) => ask('tickBitmap', [word])));
    const initialised = words.flatMap((word, i) => (
      Array.from({ length: 256 }, (_, bit) => bit).filter((bit) => (bitmaps[i] >> BigInt(bit)) & 1n).map((bit) => (word * 256 + bit) * pool.spacing)));
    const ticks = await readContracts(this.rpc, initialised.map((tick) => ask('ticks', [tick])));
    return {
      pool: pool.address, fee: pool.fee, spacing: pool.spacing, price: `${slot[0]}`, tick: slot[1], liquidity: `${liquidity}`, firstWord, lastWord,
      ticks: initialised.map((tick, i) => ({ tick, gross: `${ticks[i][0]}`, net: `${ticks[i][1]}` })),
    };
  }
}
