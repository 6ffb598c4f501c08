// SPDX-License-Identifier: Apache-2.0
// The whole keeper over wss with an authority of one's own, and over a node's Unix socket; and a server that is not whom it says it is.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { playGap } from '../../devnet/devnet.mjs';
import { makeCertificates, startTlsFront } from '../rpc/tls_front.mjs';
import { variants } from '../variants.mjs';
import { checkReport } from '../verify/receipts.mjs';
import { keeperConfig } from './config.mjs';
import { program, runToEnd } from './process.mjs';
import { openStage } from './stage.mjs';

const secrets = { NODE_HEADER: 'header-key-0123456789', NODE_USER: 'user-4711', NODE_PASSWORD: 'password-0815', NODE_QUERY: 'query-key-9876543210' };
const basic = Buffer.from(`${secrets.NODE_USER}:${secrets.NODE_PASSWORD}`).toString('base64');
const certificates = makeCertificates();
let stage;
before(async () => {
  stage = await openStage({ aave: variants[0], borrowers: 40, seed: 2, blockTime: 0.4 });
});
after(async () => {
  await stage?.stop();
  certificates.remove();
});

/** The endpoint's lines for a TLS server on `port`, all that is secret by reference. */
function encrypted(port) {
  return `ws = "wss://\${NODE_USER}:\${NODE_PASSWORD}@localhost:${port}/?apikey=\${NODE_QUERY}"
ca_file = "${certificates.path('ca.pem')}"
headers = ["X-Api-Key: \${NODE_HEADER}"]
startup_timeout = "10s"`;
}

/** Options of keeperConfig that put these lines in the place of the endpoint's address. */
const reaching = (lines) => ({ ws: 'ws://replaced', overrides: [['ws = "ws://replaced"', lines]] });

function assertNothingSecret(text, where) {
  for (const secret of [...Object.values(secrets), basic]) assert.ok(!text.includes(secret), `${where} tells ${secret}`);
}

const filesBelow = (folder) => readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
  const path = join(folder, entry.name);
  return entry.isDirectory() ? filesBelow(path) : [path];
});

/** A gap while a live keeper watches: what it reports is what the chain says, and nothing it wrote holds a secret. */
async function liquidateOver(name, lines, change) {
  const { rpc, manifest } = stage.devnet;
  const from = Number(await rpc('eth_blockNumber'));
  const dataDir = join(stage.folder, name);
  const keeper = await stage.start(['run', '--live'], { dataDir, env: secrets, ...reaching(lines) });
  await playGap(rpc, manifest, { change });
  await keeper.line(/event=won/, 60);
  await stage.untilQuiet(keeper, 2);
  const to = Number(await rpc('eth_blockNumber'));
  assert.deepEqual(await keeper.stop('SIGTERM'), { code: 0, signal: null });
  const report = JSON.parse(readFileSync(join(dataDir, 'report.json'), 'utf8'));
  const { failures } = await checkReport(rpc, manifest, report, { from, to, atLeast: 3 });
  assert.deepEqual(failures, []);
  assertNothingSecret(keeper.lines.join('\n'), 'the log');
  for (const file of filesBelow(dataDir)) assertNothingSecret(readFileSync(file, 'latin1'), file);
  return { keeper, report };
}

test('over wss: each connection is verified and carries the header, and no secret is told', async (context) => {
  const front = await startTlsFront(stage.devnet.node.port, certificates, 'good');
  try {
    const { report } = await liquidateOver('over-wss', encrypted(front.port), -0.25);
    assert.ok(front.heads.length >= 3, `${front.heads.length} connections: one to read, one to follow, one to send`);
    for (const head of front.heads) {
      assert.ok(head.startsWith(`GET /?apikey=${secrets.NODE_QUERY} `), head);
      assert.ok(head.includes(`\r\nX-Api-Key: ${secrets.NODE_HEADER}`) && head.includes(`\r\nAuthorization: Basic ${basic}`), head);
    }
    assert.ok(!stage.wire.requests.length, 'nothing went past the encryption');
    context.diagnostic(`${report.won} won over wss`);
  } finally {
    await front.stop();
  }
});

test('over the node\'s own socket', async (context) => {
  const { report } = await liquidateOver('over-ipc', `ipc = "${stage.ipc}"`, -0.2);
  context.diagnostic(`${report.won} won over ipc`);
});

test('a certificate of another authority or for another host: 76 at once, for the keeper and for check, and nothing is sent', async () => {
  for (const [name, said] of [['unknown_ca', /authority that is not known here/], ['wrong_host', /another host \(DNS:node\.example\.org\), not for localhost/]]) {
    const bad = await startTlsFront(stage.devnet.node.port, certificates, name);
    const file = join(stage.folder, `${name}.toml`);
    writeFileSync(file, keeperConfig(stage.devnet.manifest, { dataDir: join(stage.folder, name), level: 'debug', ...reaching(encrypted(bad.port)) }), { mode: 0o600 });
    try {
      const begun = Date.now();
      for (const args of [['run', '--live'], ['check', '--live']]) {
        const { code, output } = await runToEnd(program, [...args, '--config', file], { env: secrets });
        assert.equal(code, 76, output);
        assert.match(output, said);
        assert.match(output, /endpoint \\?"devnet\\?"/);
        assertNothingSecret(output, args[0]);
      }
      assert.ok(Date.now() - begun < 8_000, 'waiting does not mend it');
      assert.deepEqual(bad.heads, []);
    } finally {
      await bad.stop();
    }
  }
});
