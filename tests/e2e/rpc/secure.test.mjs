// SPDX-License-Identifier: Apache-2.0
// The endpoint and the feed over wss, https and ipc against a real anvil: Node's TLS stands before it, its own Unix socket beside. viem judges.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { compileContracts } from '../../devnet/lib/compile.mjs';
import { multicall3 } from '../../devnet/lib/multicall.mjs';
import { Probe } from './probe.mjs';
import { makeCertificates, startTlsFront } from './tls_front.mjs';
import { expectedChain, startWorld, toldChain, viem } from './world.mjs';

const folder = mkdtempSync(join(tmpdir(), 'plimsoll-ipc-'));
const socket = join(folder, 'node.ipc');
const header = 'X-Api-Key: hidden-0123456789';
const certificates = makeCertificates();
const started = [];
let world;
let front;
before(async () => {
  world = await startWorld({ ipc: socket });
  await world.rpc('anvil_setCode', multicall3, compileContracts().Multicall3.deployedBytecode);
  await world.mine();
  front = await startTlsFront(world.node.port, certificates, 'good');
});
after(async () => {
  for (const probe of started) await probe.stop();
  await front?.stop();
  await world?.stop();
  certificates.remove();
  rmSync(folder, { recursive: true, force: true });
});

function start(args, ca = 'ca') {
  const probe = new Probe(args, { PROBE_CA: ca === '' ? '' : certificates.path(`${ca}.pem`), PROBE_HEADER: header });
  started.push(probe);
  return probe;
}

const urls = {
  wss: () => `wss://localhost:${front.port}/v2/pathkey-0123456789`,
  https: () => `https://localhost:${front.port}/v2/pathkey-0123456789`,
  ipc: () => `ipc://${socket}`,
};

for (const scheme of ['wss', 'https', 'ipc']) {
  test(`reads and sends over ${scheme}`, async () => {
    // Anvil serves its root only; the front does not rewrite paths, so the key goes into the header alone here.
    const url = urls[scheme]().replace('/v2/pathkey-0123456789', '');
    const probe = start(['ask', url, world.addresses[0]]);
    await probe.until(() => probe.field('execute') ?? probe.field('connect'), 'answers');
    assert.equal(probe.field('chain').value, '31337', JSON.stringify(probe.lines));
    assert.equal(probe.field('latest').value, (await world.latest()).hash);
    assert.equal(probe.field('code').value, await world.reader.getCode({ address: world.addresses[0] }));
    assert.equal(BigInt(probe.field('call').value), 42n);
    const nonce = await world.reader.getTransactionCount({ address: world.account.address });
    const data = viem.encodeFunctionData({ abi: world.abi, functionName: 'note', args: [2n, 300n] });
    const raw = await world.account.signTransaction({
      chainId: 31337, type: 'eip1559', nonce, to: world.addresses[0], data, gas: 500_000n, maxFeePerGas: 40_000_000_000n, maxPriorityFeePerGas: 1_000_000_000n,
    });
    assert.equal((await probe.ask(`send ${raw}`, 'send')).hash, viem.keccak256(raw));
    await world.mine();
    await world.resetNonce();
    assert.equal((await probe.ask(`receipt ${viem.keccak256(raw)}`, 'receipt')).value, 'succeeded');
    assert.equal(await probe.stop(), 0);
    if (scheme === 'ipc') return;
    assert.ok(front.heads.length > 0);
    for (const head of front.heads) assert.ok(head.includes(`\r\n${header}`), `the header arrives with every connection: ${JSON.stringify(head)}`);
    front.heads.length = 0;
  });
}

// https has no subscriptions: its newest block is asked for again and again.
for (const scheme of ['wss', 'ipc', 'https']) {
  test(`follows the chain over ${scheme}`, async () => {
    const probe = start(['feed', urls[scheme]().replace('/v2/pathkey-0123456789', ''), 60_000, 60_000, ...world.addresses]);
    await probe.sealed((await world.latest()).hash);
    for (let i = 0; i < 8; ++i) {
      await world.note(i % 2, 1 + (i % 3), i * 50);
      await world.mine();
      if (i === 4 && scheme === 'wss') front.cut();
    }
    await probe.sealed((await world.latest()).hash);
    assert.deepEqual(toldChain(probe), await expectedChain(world, probe, world.addresses));
    if (scheme === 'wss') assert.ok(probe.lines.some((line) => line.error === 'trouble'), 'the cut was noticed');
  });
}

test('a certificate that is not believed is refused by name, and no secret is told', async () => {
  const cases = [['expired', 'ca', /the certificate expired on /], ['wrong_host', 'ca', /another host \(DNS:node\.example\.org\), not for localhost/],
    ['unknown_ca', 'ca', /authority that is not known here/], ['self_signed', '', /self-signed/], ['good', '', /authority that is not known here/]];
  for (const [name, ca, expected] of cases) {
    const bad = await startTlsFront(world.node.port, certificates, name);
    for (const scheme of ['wss', 'https']) {
      const probe = start(['ask', urls[scheme]().replace(`:${front.port}`, `:${bad.port}`), viem.zeroAddress], ca);
      await probe.until(() => probe.field('connect'), 'refusal');
      const told = probe.field('connect');
      assert.equal(told.code, 'refused', JSON.stringify(told));
      assert.match(told.context, expected);
      assert.ok(!/pathkey|hidden/.test(JSON.stringify(probe.lines)), 'no secret is told');
    }
    assert.deepEqual(bad.heads, [], 'nothing was sent to it');
    await bad.stop();
  }
});
