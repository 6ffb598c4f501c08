// SPDX-License-Identifier: Apache-2.0
// Uniswap V3 from the published artifacts, with concentrated liquidity around the oracle prices.
import { encodeAbiParameters, getContractAddress, keccak256, parseAbiParameters, zeroAddress } from 'viem';
import { loadArtifact } from '../lib/artifacts.mjs';
import { assets, pools as shapes } from '../lib/parameters.mjs';
import { ratioOf, sqrtPriceX96, usableTick } from '../lib/prices.mjs';
import { Random } from '../lib/random.mjs';

const tickSpacings = { 100: 1, 500: 10, 3000: 60 };

// [low, high, share of the depth, number of segments] as factors of the first price. Segments get uneven liquidity, so that a swap
// crosses initialised ticks and depth changes on the way.
const layers = {
  volatile: [[0.02, 50, 0.4, 1], [0.4, 2.2, 0.6, 12]],
  correlated: [[0.5, 2, 0.3, 1], [0.9, 1.12, 0.7, 6]],
  stable: [[0.5, 2, 0.1, 1], [0.96, 1.04, 0.9, 6]],
};

/// Queues factory, router and quoter.
export function deployUniswap(sender, weth) {
  const artifact = loadArtifact('core', 'UniswapV3Factory');
  const factory = sender.deploy(artifact, [], { label: 'UniswapV3Factory' });
  sender.call(factory, artifact.abi, 'enableFeeAmount', [100, 1]);
  const router = sender.deploy(loadArtifact('periphery', 'SwapRouter'), [factory, weth], { label: 'SwapRouter' });
  const quoter = sender.deploy(loadArtifact('periphery', 'lens/QuoterV2'), [factory, weth], { label: 'QuoterV2' });
  return { factory, router, quoter };
}

/// Queues SwapRouter02, the only router of some chains. Its second version's factory and its position manager stay zero: V3 swaps need neither.
export function deployRouter02(sender, factory, weth) {
  return sender.deploy(loadArtifact('routers', 'SwapRouter02'), [zeroAddress, factory, zeroAddress, weth], { label: 'SwapRouter02' });
}

function poolAddress(factory, token0, token1, fee) {
  const salt = keccak256(encodeAbiParameters(parseAbiParameters('address, address, uint24'), [token0, token1, fee]));
  const bytecodeHash = keccak256(loadArtifact('core', 'UniswapV3Pool').bytecode);
  return getContractAddress({ opcode: 'CREATE2', from: factory, salt, bytecodeHash });
}

function ranges(pool, depth, shape, random) {
  const ratio = ratioOf(pool.sqrtPrice);
  const spacing = tickSpacings[pool.fee];
  const result = [];
  for (const [low, high, share, segments] of layers[shape]) {
    const edge = (i) => usableTick(ratio * low * (high / low) ** (i / segments), spacing);
    for (let i = 0; i < segments; i++) {
      const uneven = segments === 1 ? 1 : random.between(0.6, 1.4);
      const liquidity = (depth * BigInt(Math.round(share * uneven * 1e6))) / 1_000_000n;
      result.push({ lower: edge(i), upper: edge(i + 1), liquidity });
    }
  }
  return result;
}

/// Queues creation, first price and liquidity of every pool; depthScale multiplies all depths. Returns [{address, token0, token1, fee}].
export function deployPools(sender, contracts, { uniswap, poolDriver, tokens, prices, depthScale }) {
  const factoryAbi = loadArtifact('core', 'UniswapV3Factory').abi;
  const poolAbi = loadArtifact('core', 'UniswapV3Pool').abi;
  const random = new Random('pool shapes');
  return shapes.map(([a, b, fee, depthMillions, shape]) => {
    const [low, high] = BigInt(tokens[a].address) < BigInt(tokens[b].address) ? [a, b] : [b, a];
    const [token0, token1] = [tokens[low].address, tokens[high].address];
    const address = poolAddress(uniswap.factory, token0, token1, fee);
    const sqrtPrice = sqrtPriceX96(prices[low], assets[low].decimals, prices[high], assets[high].decimals);
    const usd = BigInt(Math.round(depthMillions * depthScale * 1e6)) * 10n ** 8n;
    const virtual0 = (usd * 10n ** BigInt(assets[low].decimals)) / prices[low];
    const label = `${a}/${b} ${fee}`;
    sender.call(uniswap.factory, factoryAbi, 'createPool', [token0, token1, fee], { gas: 6_000_000, label: `create ${label}` });
    sender.call(address, poolAbi, 'initialize', [sqrtPrice], { gas: 500_000, label: `initialize ${label}` });
    const list = ranges({ sqrtPrice, fee }, (virtual0 * sqrtPrice) >> 96n, shape, random);
    sender.call(poolDriver, contracts.PoolDriver.abi, 'provide', [address, list], { gas: 12_000_000, label: `provide ${label}` });
    return { address, token0, token1, fee };
  });
}
