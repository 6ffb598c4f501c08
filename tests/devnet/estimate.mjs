// SPDX-License-Identifier: Apache-2.0
// A plain estimate of what liquidating each account would bring right now. Not part of any proof: it tells whether a scenario is as
// rich as intended (enough candidates that pay, enough that do not, enough whose best pair changes because of depth).
import { decodeFunctionResult, encodeFunctionData, parseAbi } from 'viem';
import { mine } from './lib/accounts.mjs';
import { compileContracts } from './lib/compile.mjs';
import { loadArtifact } from './lib/artifacts.mjs';
import { readContracts, readMany } from './lib/multicall.mjs';
import { assetPrices, assets, flashPremium, versions } from './lib/parameters.mjs';
import { valueOf } from './seed/plan.mjs';
import { readTruth } from './lib/truth.mjs';
import { Market, readMarket } from './scenarios/market.mjs';

const wad = 10n ** 18n;
const poolAbi = parseAbi(['function getUserEMode(address) view returns (uint256)']);
const percent = (value, basisPoints) => (value * BigInt(basisPoints) + 5000n) / 10_000n;
const unit = (symbol) => 10n ** BigInt(assets[symbol].decimals);

/// Reads positions of accounts: [{account, healthFactor, eMode, collaterals: {symbol: amount}, debts: {symbol: amount}}].
export async function readPositions(rpc, manifest, accounts) {
  const { abi } = loadArtifact('aave', 'misc/AaveProtocolDataProvider');
  const symbols = Object.keys(manifest.tokens);
  const reads = accounts.flatMap(({ account }) => [
    { to: manifest.aave.pool, abi: poolAbi, functionName: 'getUserEMode', args: [account] },
    ...symbols.map((symbol) => {
      return { to: manifest.aave.dataProvider, abi, functionName: 'getUserReserveData', args: [manifest.tokens[symbol].address, account] };
    }),
  ]);
  const answers = await readContracts(rpc, reads);
  return accounts.map(({ account, healthFactor }, i) => {
    const [eMode, ...rows] = answers.slice(i * (symbols.length + 1), (i + 1) * (symbols.length + 1));
    const position = { account, healthFactor, eMode: Number(eMode), collaterals: {}, supplies: {}, debts: {} };
    symbols.forEach((symbol, j) => {
      const [supplied, , debt, , , , , , used] = rows[j];
      if (supplied > 0n) position.supplies[symbol] = supplied;
      if (supplied > 0n && used) position.collaterals[symbol] = supplied;
      if (debt > 0n) position.debts[symbol] = debt;
    });
    return position;
  });
}

// The most that may be repaid: in 3.0.2 by health alone; in 3.6 half of all debts, unless the pair is small.
function mostRepaid(position, collateral, debt, prices, version) {
  const owed = position.debts[debt];
  if (position.healthFactor <= (wad * 95n) / 100n) return owed;
  if (version === '3.0.2') return percent(owed, 5000);
  const small = 2000n * 10n ** 8n;
  if (valueOf(debt, owed, prices) < small || valueOf(collateral, position.collaterals[collateral], prices) < small) return owed;
  const total = Object.entries(position.debts).reduce((sum, [symbol, amount]) => sum + valueOf(symbol, amount, prices), 0n);
  const half = ((total / 2n) * unit(debt)) / prices[debt];
  return half < owed ? half : owed;
}

// Amounts of one (collateral, debt, share of the allowed maximum).
function amounts(position, collateral, debt, share, { prices, version }) {
  const { bonus: own, protocolFee } = assets[collateral];
  const category = versions[version].eModes[position.eMode];
  const bonus = category?.collateral.includes(collateral) ? category.bonus : own;
  let repaid = percent(mostRepaid(position, collateral, debt, prices, version), 10_000 * share);
  let seized = percent((prices[debt] * repaid * unit(collateral)) / (prices[collateral] * unit(debt)), bonus);
  if (seized > position.collaterals[collateral]) {
    seized = position.collaterals[collateral];
    repaid = ((prices[collateral] * seized * unit(debt)) / (prices[debt] * unit(collateral))) * 10_000n / BigInt(bonus);
  }
  const fee = percent(seized - (seized * 10_000n) / BigInt(bonus), protocolFee);
  return { account: position.account, collateral, debt, share, repaid, received: seized - fee };
}

function options(position, market) {
  const list = [];
  for (const collateral of Object.keys(position.collaterals)) {
    for (const debt of Object.keys(position.debts)) {
      for (const share of [1, 0.5]) list.push(amounts(position, collateral, debt, share, market));
    }
  }
  return list.filter(({ repaid, received }) => repaid > 0n && received > 0n);
}

// Adds {sold, pool, after} of the best direct pool to each option; a pair of one asset needs no swap.
async function quoteAll(rpc, manifest, list) {
  const { abi } = loadArtifact('periphery', 'lens/QuoterV2');
  const asked = list.flatMap((option) => {
    const [tokenIn, tokenOut] = [manifest.tokens[option.collateral].address, manifest.tokens[option.debt].address];
    const fits = manifest.pools.filter(({ token0, token1 }) => [token0, token1].includes(tokenIn) && [token0, token1].includes(tokenOut));
    return tokenIn === tokenOut ? [] : fits.map((pool) => ({ option, pool, tokenIn, tokenOut }));
  });
  const calls = asked.map(({ option, pool, tokenIn, tokenOut }) => {
    const args = [{ tokenIn, tokenOut, amountIn: option.received, fee: pool.fee, sqrtPriceLimitX96: 0n }];
    return { to: manifest.uniswap.quoter, data: encodeFunctionData({ abi, functionName: 'quoteExactInputSingle', args }) };
  });
  const answers = await readMany(rpc, calls, { chunk: 40 });
  for (const option of list) if (option.collateral === option.debt) option.sold = option.received;
  asked.forEach(({ option, pool }, i) => {
    if (!answers[i].success) return;
    const [sold, after] = decodeFunctionResult({ abi, functionName: 'quoteExactInputSingle', data: answers[i].returnData });
    if (option.sold === undefined || sold > option.sold) Object.assign(option, { sold, pool: pool.address, after });
  });
  return list.filter(({ sold }) => sold !== undefined);
}

const dollars = (symbol, amount, prices) => Number(valueOf(symbol, amount, prices)) / 1e8;

function price(option, prices, gasUsd) {
  const premium = percent(option.repaid, flashPremium.total);
  option.onBonus = dollars(option.collateral, option.received, prices) - dollars(option.debt, option.repaid, prices);
  option.net = dollars(option.debt, option.sold, prices) - dollars(option.debt, option.repaid + premium, prices) - gasUsd;
  return option;
}

const best = (list, key) => list.reduce((a, b) => (a === undefined || b[key] > a[key] ? b : a), undefined);

/// Estimates every liquidatable account on its own, at the head's prices and pools: {liquidatable, withCollateral, profitable,
/// unprofitable, changedByDepth, netUsd, rows}. Gas is `gas` units at `gwei`.
export async function estimate(rpc, manifest, { gas = 650_000, gwei = 10 } = {}) {
  const { answers, etherPerShare } = await readMarket(rpc, manifest);
  const prices = assetPrices(answers, etherPerShare);
  const gasUsd = (gas * gwei * 1e-9 * Number(prices.WETH)) / 1e8;
  const truth = await readTruth(rpc, manifest);
  const positions = await readPositions(rpc, manifest, truth.accounts.filter(({ healthFactor }) => healthFactor < wad));
  const quoted = await quoteAll(rpc, manifest, positions.flatMap((position) => options(position, { prices, version: manifest.aave.version })));
  const rows = positions.map((position) => {
    const own = quoted.filter(({ account }) => account === position.account).map((option) => price(option, prices, gasUsd));
    return { position, best: best(own, 'net'), byBonus: best(own, 'onBonus') };
  });
  const paying = rows.filter((row) => row.best?.net > 0);
  const pair = ({ collateral, debt }) => `${collateral}/${debt}`;
  return {
    liquidatable: rows.length, profitable: paying.length, unprofitable: rows.length - paying.length,
    changedByDepth: paying.filter((row) => pair(row.best) !== pair(row.byBonus)).length,
    netUsd: paying.reduce((sum, row) => sum + row.best.net, 0), rows,
  };
}

// One account's best option at the head's pools.
async function requote(rpc, manifest, position, prices, gasUsd) {
  const quoted = await quoteAll(rpc, manifest, options(position, { prices, version: manifest.aave.version }));
  return best(quoted.map((option) => price(option, prices, gasUsd)), 'net');
}

/// How many of the estimated candidates still pay when they are taken one after another, best first, each swap moving its pool for those
/// behind it: {won, netUsd}. Plays on a snapshot and reverts it, so nothing else may use the node meanwhile.
export async function simulateSequence(rpc, manifest, { rows }, { gas = 650_000, gwei = 10 } = {}) {
  const snapshot = await rpc('evm_snapshot');
  const { answers, etherPerShare } = await readMarket(rpc, manifest);
  const prices = assetPrices(answers, etherPerShare);
  const gasUsd = (gas * gwei * 1e-9 * Number(prices.WETH)) / 1e8;
  const { sender } = await Market.open(rpc, manifest);
  const { abi } = compileContracts().PoolDriver;
  const total = { won: 0, netUsd: 0 };
  for (const { position } of rows.filter((row) => row.best?.net > 0).sort((a, b) => b.best.net - a.best.net)) {
    const option = await requote(rpc, manifest, position, prices, gasUsd);
    if (option.net <= 0) continue;
    total.won += 1;
    total.netUsd += option.net;
    if (option.pool) sender.call(manifest.devnet.poolDriver, abi, 'moveTo', [[option.pool], [option.after]], { gas: 6_000_000 });
    await mine(rpc, await sender.flush());
  }
  await rpc('evm_revert', snapshot);
  return total;
}
