// SPDX-License-Identifier: Apache-2.0
// Every read the endpoint offers, and a transaction, over both transports against a real anvil; viem is the judge.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { compileContracts } from '../../devnet/lib/compile.mjs';
import { multicall3 } from '../../devnet/lib/multicall.mjs';
import { Probe } from './probe.mjs';
import { startWorld, viem } from './world.mjs';

const multicallCode = compileContracts().Multicall3.deployedBytecode;
let world;
before(async () => {
  world = await startWorld();
});
after(() => world?.stop());

async function askAll(url, address) {
  const probe = new Probe(['ask', url, address]);
  await probe.until(() => probe.field('execute') ?? probe.field('connect'), 'answers');
  return probe;
}

for (const scheme of ['http', 'ws']) {
  test(`reads over ${scheme}`, async () => {
    if (scheme === 'ws') await world.rpc('anvil_setCode', multicall3, multicallCode);
    await world.mine();
    const [emitter] = world.addresses;
    const latest = await world.latest();
    const probe = await askAll(`${scheme}://127.0.0.1:${world.node.port}`, emitter);
    const value = (name) => probe.field(name).value;
    assert.match(value('version'), /^anvil\//);
    assert.equal(value('chain'), '31337');
    assert.equal(value('latest'), latest.hash);
    assert.equal(value('by_number'), latest.hash);
    assert.equal(value('by_hash'), String(latest.number));
    assert.equal(probe.field('beyond').code, 'not_found');
    assert.equal(value('balance'), '0');
    assert.equal(value('nonce'), '1');
    assert.equal(value('code'), await world.reader.getCode({ address: emitter }));
    assert.equal(value('unknown_receipt'), 'none');
    assert.equal(BigInt(value('call')), 42n);
    assert.equal(value('revert'), `reverted ${viem.encodeErrorResult({ abi: world.abi, errorName: 'Refused', args: [5n] })}`);
    const data = viem.encodeFunctionData({ abi: world.abi, functionName: 'twice', args: [21n] });
    assert.equal(value('gas'), String(await world.reader.estimateGas({ account: viem.zeroAddress, to: emitter, data })));
    assert.equal(probe.field('no_gas').code, 'reverted');
    // 600 calls in chunks (over http call by call: no Multicall3 yet), every hundredth refused.
    const odd = [99, 199, 299, 399, 499, 599].reduce((sum, i) => sum + 2 * i, 0);
    assert.deepEqual(probe.field('execute'), { field: 'execute', value: String(599 * 600 - odd), refused: '6', id: '9' });

    const sent = await sendAndLand(probe);
    const logs = await probe.ask(`logs 0 ${(await world.latest()).number} ${emitter}`, 'logs');
    const expected = await world.reader.getLogs({ address: emitter, fromBlock: 0n, toBlock: 'latest' });
    assert.equal(Number(logs.value), expected.length);
    assert.ok(expected.some((log) => log.transactionHash === sent));
    assert.equal(await probe.stop(), 0);
  });
}

async function sendAndLand(probe) {
  const data = viem.encodeFunctionData({ abi: world.abi, functionName: 'note', args: [2n, 300n] });
  const nonce = await world.reader.getTransactionCount({ address: world.account.address });
  const fees = { maxFeePerGas: 40_000_000_000n, maxPriorityFeePerGas: 1_000_000_000n };
  const raw = await world.account.signTransaction({ chainId: 31337, type: 'eip1559', nonce, to: world.addresses[0], data, gas: 500_000n, ...fees });
  const hash = viem.keccak256(raw);
  assert.deepEqual(await probe.ask(`send ${raw}`, 'send'), { field: 'send', value: 'none', hash, text: '' });
  assert.equal((await probe.ask(`send ${raw}`, 'send')).value, 'already_known');
  assert.equal((await probe.ask(`receipt ${hash}`, 'receipt')).value, 'none');
  await world.mine();
  const told = await probe.ask(`receipt ${hash}`, 'receipt');
  const receipt = await world.reader.getTransactionReceipt({ hash });
  assert.deepEqual(told, {
    field: 'receipt', value: 'succeeded', gas: String(receipt.gasUsed), price: String(receipt.effectiveGasPrice),
    block: receipt.blockHash, number: String(receipt.blockNumber), logs: '2',
  });
  assert.equal((await probe.ask(`send ${raw}`, 'send')).value, 'nonce_too_low');
  return hash;
}

test('a dead endpoint and a wrong chain are told', async () => {
  const dead = new Probe(['ask', 'ws://127.0.0.1:1', viem.zeroAddress]);
  await dead.until(() => dead.field('connect'), 'error');
  assert.equal(dead.field('connect').code, 'disconnected');
  assert.match(dead.field('connect').context, /^connect to ws:\/\/127\.0\.0\.1:1: Connection refused/);
  await dead.stop();
  await world.rpc('anvil_setChainId', 1);
  const wrong = new Probe(['ask', `http://127.0.0.1:${world.node.port}`, viem.zeroAddress]);
  await wrong.until(() => wrong.field('connect'), 'error');
  await world.rpc('anvil_setChainId', 31337);
  assert.equal(wrong.field('connect').code, 'wrong_chain');
  await wrong.stop();
});
