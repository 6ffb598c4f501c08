// SPDX-License-Identifier: Apache-2.0
// The owner's functions, Ether, and the committed artifact.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { artifactPath, buildArtifact, differingFields } from '../../../chain/contracts/build.mjs';
import { readExecutorArtifact } from '../../../chain/contracts/deploy.mjs';
import { devAccount, viem } from './chain.mjs';
import { ZERO, executorAbi, expectRevert } from './plan.mjs';
import { operator, owner, receiver, startWorld, stranger } from './world.mjs';

let world;
before(async () => {
  world = await startWorld();
});
after(() => world?.stop());

const dataOf = (functionName, args = []) => viem.encodeFunctionData({ abi: executorAbi, functionName, args });
const refusedFor = (from, functionName, args, error) =>
  expectRevert(world.node, from, world.executor.address, dataOf(functionName, args), error, []);

test('the committed artifact is what the source compiles to', () => {
  assert.deepEqual(differingFields(readFileSync(artifactPath, 'utf8'), buildArtifact()), []);
  const changed = JSON.stringify({ ...readExecutorArtifact(), bytecode: '0x00' });
  assert.deepEqual(differingFields(changed, buildArtifact()), ['bytecode']);
});

test('version, and the addresses it was deployed with', async () => {
  assert.equal(await world.read(world.executor, 'version'), 3n);
  assert.equal(await world.read(world.executor, 'owner'), owner);
  assert.equal(await world.read(world.executor, 'operator'), operator);
  assert.equal(await world.read(world.executor, 'receiver'), viem.getAddress(receiver));
});

test('no deployment without an owner or a receiver', async () => {
  const { bytecode } = readExecutorArtifact();
  for (const args of [[ZERO, operator, receiver], [owner, operator, ZERO]]) {
    const data = viem.encodeDeployData({ abi: executorAbi, bytecode, args });
    await expectRevert(world.node, stranger, undefined, data, 'ZeroAddress', []);
  }
});

test("the owner's functions are the owner's only", async () => {
  for (const from of [stranger, operator, receiver]) {
    await refusedFor(from, 'setOperator', [from], 'NotOwner');
    await refusedFor(from, 'setReceiver', [from], 'NotOwner');
    await refusedFor(from, 'transferOwnership', [from], 'NotOwner');
    await refusedFor(from, 'sweep', [world.debt.address, from], 'NotOwner');
    await refusedFor(from, 'acceptOwnership', [], 'NotPendingOwner');
  }
  await refusedFor(owner, 'setReceiver', [ZERO], 'ZeroAddress');
  await refusedFor(owner, 'sweep', [world.debt.address, ZERO], 'ZeroAddress');
});

test('ownership moves in two steps', async () => {
  const next = devAccount(4).address;
  await world.send(world.executor, 'transferOwnership', [next], 1);
  assert.equal(await world.read(world.executor, 'owner'), owner);
  await refusedFor(stranger, 'acceptOwnership', [], 'NotPendingOwner');
  await refusedFor(next, 'setOperator', [next], 'NotOwner');
  await world.send(world.executor, 'acceptOwnership', [], 4);
  assert.equal(await world.read(world.executor, 'owner'), next);
  assert.equal(await world.read(world.executor, 'pendingOwner'), ZERO);
  await refusedFor(owner, 'setOperator', [owner], 'NotOwner');
  await refusedFor(next, 'acceptOwnership', [], 'NotPendingOwner');
  await world.send(world.executor, 'transferOwnership', [owner], 4);
  await world.send(world.executor, 'acceptOwnership', [], 1);
});

test('a replaced operator is out, the new one is in, none is a stop', async () => {
  await world.send(world.executor, 'setOperator', [stranger], 1);
  await world.refused(world.plan(), 'NotOperator', []);
  await world.send(world.executor, 'execute', [world.plan()], 3);
  await world.send(world.executor, 'setOperator', [ZERO], 1);
  await world.refused(world.plan(), 'NotOperator', [], { from: stranger });
  await world.send(world.executor, 'setOperator', [operator], 1);
  await world.execute(world.plan());
});

test('a new receiver gets the profit and the leftovers, a contract too', async () => {
  const next = await world.make('Refuser');
  await world.send(world.executor, 'setReceiver', [next.address], 1);
  await world.execute(world.plan({ swaps: [world.swap(world.collateral, world.debt, 1050n)] }));
  assert.equal(await world.balance(world.debt, next.address), 49n);
  assert.equal(await world.balance(world.collateral, next.address), 50n);
  await world.send(world.executor, 'setReceiver', [receiver], 1);
});

test('what was sent by mistake is swept: tokens, USDT, Ether', async () => {
  const usdt = await world.token('usdt');
  for (const token of [world.debt, usdt]) {
    await world.send(token, 'mint', [world.executor.address, 77n]);
    await world.send(world.executor, 'sweep', [token.address, stranger], 1);
    assert.equal(await world.balance(token, stranger), 77n);
    assert.equal(await world.balance(token), 0n);
  }
  const target = '0x00000000000000000000000000000000000cafe2';
  await world.node.test.setBalance({ address: world.executor.address, value: 5n });
  await world.send(world.executor, 'sweep', [ZERO, target], 1);
  assert.equal(await world.node.reader.getBalance({ address: target }), 5n);
  assert.equal(await world.node.reader.getBalance({ address: world.executor.address }), 0n);
});

test('a sweep of Ether that its target refuses is refused', async () => {
  const refuser = await world.make('Refuser');
  await world.node.test.setBalance({ address: world.executor.address, value: 5n });
  await refusedFor(owner, 'sweep', [ZERO, refuser.address], 'EtherTransferFailed');
  await world.send(world.executor, 'sweep', [ZERO, stranger], 1);
});

test('Ether is not taken, neither from people nor from venues within a plan', async () => {
  const call = { from: stranger, to: world.executor.address, value: '0x1' };
  await assert.rejects(
    world.node.reader.request({ method: 'eth_call', params: [call, 'latest'] }),
    (error) => error.walk((inner) => inner.data === '0x5bb8e485') !== null,
  );
  await world.node.test.setBalance({ address: world.venue.address, value: 1n });
  const calls = [world.call(world.venue, 'sendEther', [world.executor.address])];
  await world.refused(world.plan({ calls }), 'UnexpectedEther', []);
});
