// SPDX-License-Identifier: Apache-2.0
// Starts one anvil on 127.0.0.1 and makes sure that neither the process nor its files outlive us, however we end.
import { spawn } from 'node:child_process';
import { accessSync, chmodSync, constants, mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createRpc } from './rpc.mjs';

const require = createRequire(import.meta.url);
const running = new Set();

process.on('exit', () => {
  for (const node of running) node.killNow();
});

/// Path of the anvil binary npm installed for this platform; throws with what to do if there is none.
export function anvilBinary() {
  const names = { x64: 'amd64', arm64: 'arm64' };
  const name = `@foundry-rs/anvil-${process.platform}-${names[process.arch] ?? process.arch}`;
  let binary;
  try {
    binary = join(dirname(require.resolve(`${name}/package.json`)), 'bin', 'anvil');
  } catch {
    throw new Error(`${name} is not installed: run npm ci in tests/devnet (the lockfile names the platforms there are)`);
  }
  try {
    accessSync(binary, constants.X_OK);
  } catch {
    chmodSync(binary, 0o755);
  }
  return binary;
}

// A shell that waits for its standard input to close, which the kernel does even when we are killed with SIGKILL.
function startWatchdog(pid, folder) {
  const script = 'cat >/dev/null; kill -9 "$1" 2>/dev/null; rm -rf "$2"';
  const watchdog = spawn('sh', ['-c', script, 'sh', String(pid), folder], { stdio: ['pipe', 'ignore', 'ignore'], detached: true });
  watchdog.on('error', () => {});
  watchdog.stdin.on('error', () => {});
  watchdog.unref();
  watchdog.stdin.unref();
  return watchdog;
}

function waitForPort(child) {
  return new Promise((resolve, reject) => {
    let output = '';
    const timer = setTimeout(() => reject(new Error(`anvil did not start in 20 s: ${output.slice(-500)}`)), 20_000);
    const watch = (data) => {
      output += data;
      const match = /Listening on 127\.0\.0\.1:(\d+)/.exec(output);
      if (!match) return;
      clearTimeout(timer);
      resolve(Number(match[1]));
    };
    child.stdout.on('data', watch);
    child.stderr.on('data', watch);
    child.on('error', reject);
    child.on('exit', (code) => {
      clearTimeout(timer);
      reject(new Error(`anvil ended with code ${code}: ${output.slice(-500)}`));
    });
  });
}

function arguments_({ port, chainId, history, timestamp, extraArguments }) {
  return [
    '--host', '127.0.0.1', '--port', String(port), '--chain-id', String(chainId), '--no-mining', '--order', 'fifo',
    '--prune-history', String(history), '--gas-limit', '60000000', '--base-fee', '10000000000', '--balance', '1000000',
    '--timestamp', String(timestamp), '--no-request-size-limit', ...extraArguments,
  ];
}

/// Starts anvil without mining (blocks come by evm_mine or evm_setIntervalMining); port 0 takes a free one.
/// The last `history` block states stay readable. Returns {http, ws, port, pid, rpc, stop}.
export async function startAnvil({ port = 0, chainId = 31337, history = 640, timestamp, extraArguments = [] }) {
  const folder = mkdtempSync(join(tmpdir(), 'plimsoll-devnet-'));
  const options = arguments_({ port, chainId, history, timestamp, extraArguments });
  const environment = { ...process.env, HOME: folder, TMPDIR: folder };
  const child = spawn(anvilBinary(), options, { stdio: ['ignore', 'pipe', 'pipe'], env: environment });
  const ended = new Promise((resolve) => child.on('exit', resolve));
  const watchdog = startWatchdog(child.pid ?? 0, folder);
  const node = {
    killNow() {
      running.delete(node);
      child.kill('SIGKILL');
      rmSync(folder, { recursive: true, force: true });
    },
  };
  running.add(node);
  try {
    node.port = await waitForPort(child);
  } catch (error) {
    node.killNow();
    throw error;
  }
  child.stdout.removeAllListeners('data').resume();
  child.stderr.removeAllListeners('data').resume();
  node.http = `http://127.0.0.1:${node.port}`;
  node.ws = `ws://127.0.0.1:${node.port}`;
  node.pid = child.pid;
  node.rpc = createRpc(node.http);
  node.ended = ended;
  node.stop = async () => {
    node.killNow();
    await ended;
    watchdog.stdin.end();
  };
  return node;
}
