// SPDX-License-Identifier: Apache-2.0
// A remote signer of Node's own: eth_signTransaction over TLS 1.3 with client certificates, signed by viem. It may lie, refuse or be away.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { createServer } from 'node:https';

const require = createRequire(new URL('../../devnet/package.json', import.meta.url));
const { privateKeyToAccount } = require('viem/accounts');
const otherKey = `0x${'77'.repeat(32)}`;

/** What it signs instead of what it was asked for. */
const lies = {
  fee: (fields) => ({ ...fields, maxFeePerGas: fields.maxFeePerGas + 1n }),
  nonce: (fields) => ({ ...fields, nonce: fields.nonce + 1 }),
  target: (fields) => ({ ...fields, to: `0x${'11'.repeat(20)}` }),
  value: (fields) => ({ ...fields, value: 1n }),
};

const fieldsOf = (asked) => ({
  type: 'eip1559', chainId: Number(asked.chainId), nonce: Number(asked.nonce), to: asked.to, data: asked.data, value: BigInt(asked.value),
  gas: BigInt(asked.gas), maxFeePerGas: BigInt(asked.maxFeePerGas), maxPriorityFeePerGas: BigInt(asked.maxPriorityFeePerGas),
});

async function answer(mode, key, { id, method, params }) {
  if (method !== 'eth_signTransaction') return { jsonrpc: '2.0', id, error: { code: -32601, message: 'no such method' } };
  if (mode === 'refuse') return { jsonrpc: '2.0', id, error: { code: -32000, message: 'the operator said no' } };
  const fields = (lies[mode] ?? ((same) => same))(fieldsOf(params[0]));
  const raw = await privateKeyToAccount(mode === 'other key' ? otherKey : key).signTransaction(fields);
  if (mode === 'nonsense') return { jsonrpc: '2.0', id, result: '0x02c0' };
  return { jsonrpc: '2.0', id, result: mode === 'object' ? { raw, tx: {} } : raw };
}

/**
 * Listens on 127.0.0.1 with good.pem of `certificates` and wants a certificate of its authority. Answers {port, seen: [{protocol, client, asked}],
 * mode, stop()}: `mode` is 'honest' or 'object' (another form of the same), a lie ('fee', 'nonce', 'target', 'value', 'other key', 'nonsense'),
 * 'refuse', 'broken' (HTTP 502) or 'away' (hangs up).
 */
export async function startRemoteSigner(key, certificates) {
  const read = (name) => readFileSync(certificates.path(name));
  const options = { cert: read('good.pem'), key: read('good.key'), ca: read('ca.pem'), requestCert: true, rejectUnauthorized: true };
  const signer = { mode: 'honest', seen: [], refused: 0 };
  const sockets = new Set();
  const server = createServer(options, (request, response) => {
    let body = '';
    request.on('data', (piece) => { body += piece; });
    request.on('end', async () => {
      if (signer.mode === 'away') {
        request.socket.destroy();
        return;
      }
      const asked = JSON.parse(body);
      signer.seen.push({ protocol: request.socket.getProtocol(), client: request.socket.getPeerCertificate().subject?.CN, path: request.url, asked });
      if (signer.mode === 'broken') response.writeHead(502).end('<html>bad gateway</html>');
      else response.end(JSON.stringify(await answer(signer.mode, key, asked)));
    });
  });
  server.on('tlsClientError', () => { signer.refused += 1; });
  server.on('connection', (socket) => sockets.add(socket.on('close', () => sockets.delete(socket))));
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  signer.port = server.address().port;
  signer.stop = () => new Promise((resolve) => {
    sockets.forEach((socket) => socket.destroy());
    server.close(resolve);
  });
  return signer;
}
