// SPDX-License-Identifier: Apache-2.0
// One function per kind of thing users do; each draws {sender, to, data}, or nothing if the drawn account cannot do it.
// Borrowers act through their factory; `driver` is one of its operators.
import { encodeFunctionData, maxUint256, parseAbi } from 'viem';
import { compileContracts } from '../lib/compile.mjs';
import { assets, symbols, versions } from '../lib/parameters.mjs';
import { everyone, readTruth } from '../lib/truth.mjs';
import { readPositions } from '../estimate.mjs';

const abi = parseAbi([
  'function borrow(address asset, uint256 amount, uint256 rateMode, uint16 referralCode, address onBehalfOf)',
  'function repay(address asset, uint256 amount, uint256 rateMode, address onBehalfOf) returns (uint256)',
  'function withdraw(address asset, uint256 amount, address to) returns (uint256)',
  'function setUserUseReserveAsCollateral(address asset, bool use)',
  'function setUserEMode(uint8 category)',
  'function liquidationCall(address collateral, address debt, address user, uint256 debtToCover, bool receiveAToken)',
  'function mintToTreasury(address[] assets)',
  'function transfer(address to, uint256 amount) returns (bool)',
  'function approve(address spender, uint256 amount)',
]);
const encode = (functionName, args) => encodeFunctionData({ abi, functionName, args });
const part = (amount, random, low, high) => (amount * BigInt(Math.floor(random.between(low, high) * 10_000))) / 10_000n;

function through({ manifest, driver }, account, steps) {
  const { abi: shape } = compileContracts().BorrowerFactory;
  const actions = steps.map(([target, data]) => ({ account, target, data }));
  return { sender: driver, to: manifest.devnet.borrowerFactory, data: encodeFunctionData({ abi: shape, functionName: 'perform', args: [actions] }) };
}

async function positionOf({ rpc, manifest }, account) {
  const [position] = await readPositions(rpc, manifest, [{ account, healthFactor: 0n }]);
  return position;
}

const pickAccount = ({ manifest, random }) => random.pick(everyone(manifest));
const pickKey = (random, map) => (Object.keys(map).length > 0 ? random.pick(Object.keys(map)) : undefined);

async function supply({ manifest, random, driver }) {
  const symbol = random.pick(symbols.filter((name) => !assets[name].frozen));
  const { abi: shape } = compileContracts().BorrowerFactory;
  const amount = 10n ** BigInt(assets[symbol].decimals) * BigInt(random.integer(1, 5000)) / BigInt(random.integer(1, 997));
  const args = [pickAccount({ manifest, random }), symbols.indexOf(symbol), amount];
  return { sender: driver, to: manifest.devnet.borrowerFactory, data: encodeFunctionData({ abi: shape, functionName: 'supplyFor', args }) };
}

async function borrow(context) {
  const { manifest, random, rpc } = context;
  const account = pickAccount(context);
  const truth = await readTruth(rpc, manifest, { accounts: [account] });
  const symbol = random.pick(['WETH', 'USDC', 'USDT', 'DAI', 'WBTC', 'LINK']);
  const dollars = part(truth.accounts[0].availableBorrowsBase, random, 0.05, 0.95);
  if (dollars === 0n) return undefined;
  const rough = { WETH: 2500n, USDC: 1n, USDT: 1n, DAI: 1n, WBTC: 60_000n, LINK: 15n }[symbol];
  const amount = (dollars * 10n ** BigInt(assets[symbol].decimals)) / (rough * 10n ** 8n);
  if (amount === 0n) return undefined;
  return through(context, account, [[manifest.aave.pool, encode('borrow', [manifest.tokens[symbol].address, amount, 2n, 0, account])]]);
}

async function repay(context) {
  const { manifest, random } = context;
  const account = pickAccount(context);
  const { debts } = await positionOf(context, account);
  const symbol = pickKey(random, debts);
  if (!symbol) return undefined;
  const { address } = manifest.tokens[symbol];
  // A full repayment needs the interest too, which the account has only if it earned some; those that cannot pay fail the trial call.
  const amount = random.chance(0.15) ? maxUint256 : part(debts[symbol], random, 0.02, 0.9);
  return through(context, account, [
    [address, encode('approve', [manifest.aave.pool, 0n])],
    [address, encode('approve', [manifest.aave.pool, maxUint256])],
    [manifest.aave.pool, encode('repay', [address, amount, 2n, account])],
    [address, encode('approve', [manifest.aave.pool, 0n])],
  ]);
}

async function withdraw(context) {
  const { manifest, random } = context;
  const account = pickAccount(context);
  const { supplies } = await positionOf(context, account);
  const symbol = pickKey(random, supplies);
  if (!symbol) return undefined;
  const amount = random.chance(0.2) ? maxUint256 : part(supplies[symbol], random, 0.005, 0.3);
  return through(context, account, [[manifest.aave.pool, encode('withdraw', [manifest.tokens[symbol].address, amount, account])]]);
}

async function transferAToken(context) {
  const { manifest, random } = context;
  const account = pickAccount(context);
  const { supplies } = await positionOf(context, account);
  const symbol = pickKey(random, supplies);
  if (!symbol) return undefined;
  const amount = random.chance(0.2) ? supplies[symbol] : part(supplies[symbol], random, 0.005, 0.3);
  const data = encode('transfer', [random.chance(0.1) ? account : pickAccount(context), amount]);
  return through(context, account, [[manifest.tokens[symbol].aToken, data]]);
}

async function switchEMode(context) {
  const { manifest, random } = context;
  const account = pickAccount(context);
  const { eMode } = await positionOf(context, account);
  const categories = [0, ...Object.keys(versions[manifest.aave.version].eModes).map(Number)];
  const next = random.pick(categories.filter((id) => id !== eMode));
  return through(context, account, [[manifest.aave.pool, encode('setUserEMode', [next])]]);
}

async function toggleCollateral(context) {
  const { manifest, random } = context;
  const account = pickAccount(context);
  const { supplies, collaterals } = await positionOf(context, account);
  const symbol = pickKey(random, supplies);
  if (!symbol) return undefined;
  const use = collaterals[symbol] === undefined;
  return through(context, account, [[manifest.aave.pool, encode('setUserUseReserveAsCollateral', [manifest.tokens[symbol].address, use])]]);
}

async function mintToTreasury({ manifest, random, driver }) {
  const list = random.shuffle(symbols).slice(0, 3).map((symbol) => manifest.tokens[symbol].address);
  return { sender: driver, to: manifest.aave.pool, data: encode('mintToTreasury', [list]) };
}

async function liquidate(context) {
  const { rpc, manifest, random, rival } = context;
  const truth = await readTruth(rpc, manifest);
  const below = truth.accounts.filter(({ healthFactor, totalCollateralBase }) => healthFactor < 10n ** 18n && totalCollateralBase > 0n);
  if (below.length === 0) return undefined;
  const [position] = await readPositions(rpc, manifest, [random.pick(below)]);
  const [collateral, debt] = [pickKey(random, position.collaterals), pickKey(random, position.debts)];
  if (!collateral || !debt) return undefined;
  const amount = random.chance(0.5) ? maxUint256 : part(position.debts[debt], random, 0.05, 0.6);
  const args = [manifest.tokens[collateral].address, manifest.tokens[debt].address, position.account, amount, random.chance(0.3)];
  return { sender: rival, to: manifest.aave.pool, data: encode('liquidationCall', args) };
}

/// Kinds by the name they have in the scenario's counts.
export const userActions = {
  supply, borrow, repay, withdraw, 'aToken transfer': transferAToken, 'eMode switch': switchEMode, 'collateral toggle': toggleCollateral,
  'mint to treasury': mintToTreasury, liquidation: liquidate,
};
