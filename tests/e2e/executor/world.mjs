// SPDX-License-Identifier: Apache-2.0
// An Executor among test contracts that misbehave on demand, on a bare anvil.
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { compileFile } from '../../../chain/contracts/compile.mjs';
import { deployExecutor } from '../../../chain/contracts/deploy.mjs';
import { deploy, devAccount, send, startMiningNode, viem } from './chain.mjs';
import { WHOLE, encodedPlan, executorAbi, expectRevert, makePlan } from './plan.mjs';

const here = dirname(fileURLToPath(import.meta.url));
export const receiver = '0x00000000000000000000000000000000000cafe1';
export const owner = devAccount(1).address;
export const operator = devAccount(2).address;
export const stranger = devAccount(3).address;
export const styles = { plain: 0, usdt: 1, answersFalse: 2, charges: 3 };
export const manners = { honest: 0, noCallback: 1, foreignInitiator: 2, alteredPlan: 3, twice: 4, throughAnother: 5, pullsLess: 6 };

/** Starts anvil and deploys everything; answers a World. */
export async function startWorld() {
  const { contracts } = compileFile(join(here, 'contracts', 'Hostile.sol'), { optimizer: { enabled: false }, viaIR: false });
  const node = await startMiningNode();
  try {
    const { address } = await deployExecutor({ http: node.http, account: devAccount(0), owner, operator, receiver });
    const world = new World(node, contracts, { address, abi: executorAbi });
    await world.open();
    return world;
  } catch (error) {
    await node.stop();
    throw error;
  }
}

class World {
  constructor(node, contracts, executor) {
    Object.assign(this, { node, contracts, executor, stop: node.stop });
  }

  async open() {
    this.lender = await this.make('TestLender');
    this.venue = await this.make('TestVenue');
    this.router = await this.make('TestRouter');
    this.debt = await this.token('plain');
    this.collateral = await this.token('plain');
  }

  make(name, args = []) {
    return deploy(this.node, this.node.wallet(0), this.contracts[name], args);
  }

  /** A new token of this style, with plenty at the lender, the venue and the router. */
  async token(style) {
    const token = await this.make('TestToken', [styles[style]]);
    for (const holder of [this.lender, this.venue, this.router]) {
      await this.send(token, 'mint', [holder.address, 10n ** 30n]);
    }
    return token;
  }

  send(contract, functionName, args = [], account = 0) {
    return send(this.node, this.node.wallet(account), contract, functionName, args);
  }

  read(contract, functionName, args = []) {
    return this.node.reader.readContract({ ...contract, functionName, args });
  }

  balance(token, holder = this.executor.address) {
    return this.read(token, 'balanceOf', [holder]);
  }

  /** A venue call that pays `amountIn` of `takes` and brings `amountOut` of `gives`. */
  trade(takes, amountIn, gives, amountOut, approve = amountIn) {
    const args = [takes.address, amountIn, gives.address, amountOut];
    const data = viem.encodeFunctionData({ abi: this.venue.abi, functionName: 'trade', args });
    return { target: this.venue.address, approveToken: takes.address, approveAmount: approve, data };
  }

  call(target, functionName, args = []) {
    const data = viem.encodeFunctionData({ abi: target.abi, functionName, args });
    return { target: target.address, approveToken: viem.zeroAddress, approveAmount: 0n, data };
  }

  swap(tokenIn, tokenOut, amountIn = WHOLE, kind = 0) {
    const path = viem.encodePacked(['address', 'uint24', 'address'], [tokenIn.address, 500, tokenOut.address]);
    return { kind, router: this.router.address, tokenIn: tokenIn.address, amountIn, path };
  }

  /** Borrows 1,000 (premium 1), repays 1,000 at the venue, gets 1,100 of the collateral, swaps it: profit 99. */
  plan(fields = {}) {
    return makePlan({
      flashLender: this.lender.address,
      flashToken: this.debt.address,
      flashAmount: 1000n,
      calls: [this.trade(this.debt, 1000n, this.collateral, 1100n)],
      swaps: [this.swap(this.collateral, this.debt)],
      ...fields,
    });
  }

  execute(plan) {
    return this.send(this.executor, 'execute', [plan], 2);
  }

  /** Asserts that execute(plan), by `from`, reverts with this error. */
  refused(plan, name, args, { from = operator, abi = [] } = {}) {
    const data = viem.encodeFunctionData({ abi: executorAbi, functionName: 'execute', args: [plan] });
    return expectRevert(this.node, from, this.executor.address, data, name, args, abi);
  }

  /** Calldata of the lender's callback with this plan. */
  callback(plan, initiator = this.executor.address) {
    const args = [plan.flashToken, plan.flashAmount, 1n, initiator, encodedPlan(plan)];
    return viem.encodeFunctionData({ abi: executorAbi, functionName: 'executeOperation', args });
  }
}
