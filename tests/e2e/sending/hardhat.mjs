// SPDX-License-Identifier: Apache-2.0
// Hardhat's node of tests/devnet's packages, on a free port of 127.0.0.1.
import { spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const devnet = join(here, '..', '..', 'devnet');

async function freePort() {
  const server = createServer();
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** {http, ws, rpc(method, ...params), stop()} */
export async function startHardhat() {
  const port = await freePort();
  const program = join(devnet, 'node_modules', 'hardhat', 'internal', 'cli', 'bootstrap.js');
  const child = spawn(process.execPath, [program, '--config', join(here, 'hardhat.config.cjs'), 'node', '--hostname', '127.0.0.1', '--port', String(port)],
    { cwd: devnet, env: { ...process.env, HARDHAT_DISABLE_TELEMETRY_PROMPT: 'true', CI: 'true' }, stdio: ['ignore', 'pipe', 'pipe'] });
  const exited = new Promise((resolve) => child.on('exit', resolve));
  let said = '';
  const up = new Promise((resolve, reject) => {
    const take = (text) => {
      said += text;
      if (said.includes('Started HTTP and WebSocket')) resolve();
    };
    child.stdout.on('data', take);
    child.stderr.on('data', take);
    exited.then((code) => reject(new Error(`hardhat ended with ${code}: ${said.slice(0, 2000)}`)));
    setTimeout(() => reject(new Error(`hardhat does not start: ${said.slice(0, 2000)}`)), 120_000).unref();
  });
  const http = `http://127.0.0.1:${port}`;
  const stop = async () => {
    child.kill('SIGKILL');
    await exited;
  };
  await up.catch(async (error) => {
    await stop();
    throw error;
  });
  const rpc = async (method, ...params) => {
    const response = await fetch(http, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }) });
    const answer = await response.json();
    if (answer.error) throw new Error(`${method}: ${answer.error.message}`);
    return answer.result;
  };
  return { http, ws: `ws://127.0.0.1:${port}`, rpc, stop };
}
