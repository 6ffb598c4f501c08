// SPDX-License-Identifier: Apache-2.0
// A TLS server of Node's own before a port in clear text, with certificates that are made afresh.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer } from 'node:tls';
import { fileURLToPath } from 'node:url';

const maker = fileURLToPath(new URL('../../faults/make_certificates', import.meta.url));

/** A folder of certificates, good and bad: {path(name), remove()}. */
export function makeCertificates() {
  const folder = mkdtempSync(join(tmpdir(), 'plimsoll-tls-'));
  execFileSync(maker, [folder]);
  return { path: (name) => join(folder, name), remove: () => rmSync(folder, { recursive: true, force: true }) };
}

/** Passes what it decrypts on to 127.0.0.1:target. Answers {port, heads, cut(), stop()}; `heads` are the HTTP heads that connections began with. */
export async function startTlsFront(target, certificates, name) {
  const sockets = new Set();
  const heads = [];
  const options = { cert: readFileSync(certificates.path(`${name}.pem`)), key: readFileSync(certificates.path(`${name}.key`)) };
  const server = createServer(options, (client) => {
    const upstream = connect(target, '127.0.0.1');
    let head = '';
    const take = (data) => {
      head += data.toString('latin1');
      if (!head.includes('\r\n\r\n')) return;
      heads.push(head.split('\r\n\r\n')[0]);
      client.off('data', take);
    };
    client.on('data', take);
    client.pipe(upstream).pipe(client);
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on('error', () => {}).on('close', () => {
        sockets.delete(socket);
        client.destroy();
        upstream.destroy();
      });
    }
  });
  server.on('tlsClientError', () => {});
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: server.address().port,
    heads,
    cut: () => [...sockets].forEach((socket) => socket.destroy()),
    stop: () => new Promise((resolve) => {
      [...sockets].forEach((socket) => socket.destroy());
      server.close(resolve);
    }),
  };
}
