// SPDX-License-Identifier: Apache-2.0
// Brings the whole devnet up: node, contracts, feeds, pools, borrowers. One chain state per (version, seed, borrowers).
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Sender, mine, roleAccount, roles } from './lib/accounts.mjs';
import { startAnvil } from './lib/anvil.mjs';
import { compileContracts } from './lib/compile.mjs';
import { startPacer } from './lib/pacer.mjs';
import { multicall3, readContracts } from './lib/multicall.mjs';
import { assetPrices, assets, etherPerWrappedShare, feeds as feedTable } from './lib/parameters.mjs';
import { toHex } from './lib/rpc.mjs';
import { readTruth } from './lib/truth.mjs';
import { assignEModes, closeLate, configureReserves, deployMarket, deployOracle, listReserves, loadVersion, setLoanToValue } from './deploy/aave.mjs';
import { deployBalancer } from './deploy/balancer.mjs';
import { deployMorpho } from './deploy/morpho.mjs';
import { deployFeeds, deploySources } from './deploy/feeds.mjs';
import { approvePool, backWrappedEther, deployTokens, fillLenders, grantMinting } from './deploy/tokens.mjs';
import { deployPools, deployRouter02, deployUniswap } from './deploy/uniswap.mjs';
import { accountAddresses, openPositions, provideLiquidity } from './seed/borrowers.mjs';
import { startTraffic } from './traffic.mjs';
import { planBorrowers, planLiquidity } from './seed/plan.mjs';

const blockGasLimit = 60_000_000;
const firstBaseFee = 10_000_000_000n;
const setUpSeconds = 600; // chain time set aside for deploying; one second a block, so it bounds the number of set-up blocks
const blocksOfBatches = 5;

function firstPrices() {
  const answers = Object.fromEntries(Object.entries(feedTable).map(([name, { answer }]) => [name, answer]));
  return assetPrices(answers, etherPerWrappedShare);
}

// Set-up state: the node, the admin's sender and a clock that steps one second a block, so that all indices repeat exactly.
async function openSetUp(options) {
  const parts = await loadVersion(options.aave);
  const start = Math.floor(Date.now() / 1000) - setUpSeconds;
  const extraArguments = options.ipc === undefined ? [] : ['--ipc', options.ipc];
  const node = await startAnvil({ port: options.port, history: options.history, timestamp: start, extraArguments });
  try {
    await node.rpc('evm_setBlockGasLimit', toHex(2n ** 40n));
    const admin = await Sender.open(node.rpc, 'admin');
    const rival = await Sender.open(node.rpc, 'rival');
    let time = start;
    const mineAll = async () => mine(node.rpc, [...(await admin.flush()), ...(await rival.flush())], { timestamp: ++time });
    return { node, parts, rpc: node.rpc, admin, rival, contracts: compileContracts(), mineAll, start };
  } catch (error) {
    await node.stop();
    throw error;
  }
}

async function deployProtocols({ rpc, parts, admin, contracts, mineAll }, prices, depthScale) {
  await rpc('anvil_setCode', multicall3, contracts.Multicall3.deployedBytecode);
  const transmitter = roleAccount('transmitter').address;
  const { tokens, stakedEther } = deployTokens(admin, contracts, transmitter);
  const feeds = deployFeeds(admin, contracts, [transmitter]);
  deploySources(admin, contracts, tokens, feeds, stakedEther);
  const aave = deployMarket(admin, parts);
  const { number: deployBlock } = await mineAll();
  deployOracle(admin, parts, aave, tokens);
  listReserves(admin, parts, aave, tokens);
  setLoanToValue(admin, parts, aave, tokens, true);
  configureReserves(admin, parts, aave, tokens);
  assignEModes(admin, parts, aave, tokens);
  await mineAll();
  const uniswap = deployUniswap(admin, tokens.WETH.address);
  const operators = [[admin.address, transmitter]];
  const poolDriver = admin.deploy(contracts.PoolDriver, operators, { label: 'PoolDriver' });
  const borrowerFactory = admin.deploy(contracts.BorrowerFactory, [aave.pool, ...operators], { label: 'BorrowerFactory' });
  const traffic = admin.deploy(contracts.Traffic, [], { label: 'Traffic' });
  grantMinting(admin, contracts, tokens, [poolDriver, borrowerFactory, transmitter], { holders: [roleAccount('rival').address] });
  await backWrappedEther(rpc, tokens);
  const flash = { balancerVault: deployBalancer(admin, tokens.WETH.address), morpho: deployMorpho(admin) };
  fillLenders(admin, contracts, tokens, prices, Object.values(flash));
  const pools = deployPools(admin, contracts, { uniswap, poolDriver, tokens, prices, depthScale });
  uniswap.router02 = deployRouter02(admin, uniswap.factory, tokens.WETH.address);
  await mineAll();
  return { deployBlock, tokens, feeds, stakedEther, aave, uniswap, flash, pools, poolDriver, borrowerFactory, traffic };
}

async function addReserveTokens({ rpc, parts }, deployed) {
  const { abi } = parts.artifacts.dataProvider;
  const entries = Object.entries(deployed.tokens);
  const reads = entries.map(([, { address }]) => {
    return { to: deployed.aave.dataProvider, abi, functionName: 'getReserveTokensAddresses', args: [address] };
  });
  const answers = await readContracts(rpc, reads);
  entries.forEach(([symbol, token], i) => {
    const [aToken, stableDebtToken, variableDebtToken] = answers[i];
    Object.assign(token, { aToken, stableDebtToken, variableDebtToken, frozen: Boolean(assets[symbol].frozen), isolated: Boolean(assets[symbol].debtCeilingUsd) });
  });
}

async function seedBorrowers({ rpc, parts, admin, rival, contracts, mineAll }, deployed, plans, prices) {
  const { borrowerFactory: factory, tokens, aave } = deployed;
  provideLiquidity(admin, contracts, { factory, tokens, amounts: planLiquidity(plans, prices) });
  approvePool(rival, contracts, tokens, aave.pool);
  await mineAll();
  const all = [...plans.borrowers, ...plans.savers];
  const perBlock = blocksOfBatches * 20;
  for (let first = 0; first < all.length; first += perBlock) {
    openPositions(admin, contracts, factory, all.slice(first, first + perBlock), first);
    await mineAll();
  }
  setLoanToValue(admin, parts, aave, tokens, false);
  closeLate(admin, parts, aave, tokens);
  await mineAll();
  const accounts = await accountAddresses(rpc, contracts, factory, all.length);
  return { borrowers: accounts.slice(0, plans.borrowers.length), savers: accounts.slice(plans.borrowers.length) };
}

// Mines whenever something waits in the pool, until `work` is done. Also mines an empty block twice a second: viem looks for a receipt
// only when the block number changes, and now and then anvil announces the number before the receipt can be had.
async function mineDuring(rpc, work) {
  let open = true;
  const finished = work.finally(() => {
    open = false;
  });
  const miner = async () => {
    for (let last = Date.now(); open; ) {
      const { pending } = await rpc('txpool_status');
      if (Number(pending) > 0 || Date.now() - last > 500) {
        await rpc('evm_mine');
        last = Date.now();
      } else await new Promise((resolve) => setTimeout(resolve, 20));
    }
  };
  const [result] = await Promise.all([finished, miner()]);
  return result;
}

// The keeper's contract comes from the product's own deploy script, which waits for its receipt.
async function addExecutor({ rpc, node }, manifest) {
  const script = fileURLToPath(new URL('../../chain/contracts/deploy.mjs', import.meta.url));
  if (!existsSync(script)) return;
  const { deployExecutor } = await import(script);
  const { owner, operator, receiver } = manifest.accounts;
  const { privateKey } = roleAccount('admin');
  const { address } = await mineDuring(rpc, deployExecutor({ http: node.http, privateKey, owner, operator, receiver }));
  manifest.executor = address;
}

function describe({ node }, deployed, accounts, options) {
  const names = Object.keys(roles).map((role) => [role, roleAccount(role).address]);
  const { deployBlock, aave, uniswap, flash, tokens, feeds, pools, stakedEther, poolDriver, borrowerFactory, traffic } = deployed;
  return {
    chainId: 31337, http: node.http, ws: node.ws, deployBlock, accounts: Object.fromEntries(names), multicall3, aave, uniswap, flash, tokens, feeds, pools,
    devnet: { stakedEther, poolDriver, borrowerFactory, traffic }, ...accounts, seed: options.seed, scenario: { name: 'none' },
  };
}

// The last set-up block has a fixed distance from the first, so that positions repeat to the unit; then, if blocks come by themselves,
// the clock goes over to the wall's. Answers who makes the blocks, if the node does not.
async function goLive({ rpc, start }, { blockTime }) {
  await rpc('evm_setBlockGasLimit', toHex(blockGasLimit));
  await rpc('anvil_setNextBlockBaseFeePerGas', toHex(firstBaseFee));
  const latest = Number((await rpc('eth_getBlockByNumber', 'latest', false)).timestamp);
  await mine(rpc, [], { timestamp: Math.max(start + setUpSeconds, latest + 1) });
  if (blockTime === 0) return undefined;
  await rpc('evm_setTime', Math.floor(Date.now() / 1000));
  if (!Number.isInteger(blockTime)) return startPacer(rpc, blockTime);
  await rpc('evm_setIntervalMining', blockTime);
  return undefined;
}

/// Starts a devnet. Options: aave (version of the market, '3.0.2' or '3.6'; PLIMSOLL_AAVE where none is said), port (0 = free), borrowers, seed, blockTime in seconds (0 = blocks only when asked; parts of a second too), history in blocks,
/// ipc (where the node's Unix socket shall be), depthScale (multiplies pool depths), traffic (half-full blocks; by default with a blockTime of a second or more), say(step, milliseconds) for progress. Answers {manifest, node, rpc, stop}.
export async function startDevnet({
  aave = process.env.PLIMSOLL_AAVE ?? '3.0.2', port = 0, borrowers = 200, seed = 1, blockTime = 0, history = 640, depthScale = Math.max(1, borrowers / 500), traffic = blockTime >= 1,
  ipc, say = () => {},
} = {}) {
  let last = Date.now();
  const done = (step) => {
    say(step, Date.now() - last);
    last = Date.now();
  };
  const setUp = await openSetUp({ aave, port, history, ipc });
  let pacer;
  try {
    done('anvil and contracts compiled');
    const prices = firstPrices();
    const deployed = await deployProtocols(setUp, prices, depthScale);
    await addReserveTokens(setUp, deployed);
    done('Aave, Uniswap and feeds deployed');
    const accounts = await seedBorrowers(setUp, deployed, planBorrowers(seed, borrowers, prices, aave), prices);
    done(`${borrowers} borrowers and ${accounts.savers.length} savers seeded`);
    const manifest = describe(setUp, deployed, accounts, { seed });
    await addExecutor(setUp, manifest);
    pacer = await goLive(setUp, { blockTime });
    const unhealthy = (await readTruth(setUp.rpc, manifest)).accounts.filter(({ healthFactor }) => healthFactor < 10n ** 18n);
    if (unhealthy.length > 0) throw new Error(`${unhealthy.length} accounts are liquidatable before anything happened`);
    const others = traffic ? await startTraffic(setUp.rpc, deployed.traffic) : { stop: () => {} };
    done(manifest.executor ? 'executor deployed, positions checked' : 'positions checked');
    return { manifest, node: setUp.node, rpc: setUp.rpc, stop: () => Promise.all([others.stop(), pacer?.stop(), setUp.node.stop()]) };
  } catch (error) {
    await pacer?.stop();
    await setUp.node.stop();
    throw error;
  }
}
