// SPDX-License-Identifier: Apache-2.0
// The commands that only look, against a real market: what they tell is what the contracts say, and `check` answers what `run` would.
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { startDevnet, withMiner } from '../../devnet/devnet.mjs';
import { keeperConfig } from '../keeper/config.mjs';
import { program, runToEnd } from '../keeper/process.mjs';
import { startRelay } from '../keys/relay.mjs';
import { makeKeystore } from '../keys/wallet.mjs';

const { decodeFunctionResult, encodeFunctionData, parseAbi } = createRequire(new URL('../../devnet/package.json', import.meta.url))('viem');
const poolAbi = parseAbi(['function getUserAccountData(address) view returns (uint256, uint256, uint256, uint256, uint256, uint256)']);
const folder = mkdtempSync(join(tmpdir(), 'plimsoll-commands-'));
const operatorKey = '0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80'; // the first of every development node
const nobody = '0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed';
let devnet;
before(async () => {
  devnet = await startDevnet({ borrowers: 12, blockTime: 1 });
});
after(async () => {
  await devnet?.stop();
  rmSync(folder, { recursive: true, force: true });
});

let files = 0;
function config(options = {}) {
  const file = join(folder, `${++files}.toml`);
  writeFileSync(file, keeperConfig(devnet.manifest, { dataDir: join(folder, `data${files}`), ...options }), { mode: 0o600 });
  return file;
}

/** Standard output and exit code. */
async function run(...args) {
  const { code, output } = await runToEnd(program, args);
  return { code, output };
}
async function json(...args) {
  const { code, output } = await run(...args, '--json');
  return { code, document: JSON.parse(output.split('\n').find((line) => line.startsWith('{'))) };
}

test('config init writes a file for every network that config show reads back, and never writes over one', async () => {
  for (const network of ['mainnet', 'arbitrum', 'base', 'optimism']) {
    const file = join(folder, `${network}.toml`);
    assert.equal((await run('config', 'init', '--network', network, '--out', file)).code, 0);
    assert.equal(statSync(file).mode & 0o777, 0o600);
    assert.equal((await run('config', 'init', '--network', network, '--out', file)).code, 73);
    const { code, document } = await json('config', 'show', '--config', file);
    assert.equal(code, 0);
    assert.equal(document.schema, 'plimsoll.config-show.v1');
    assert.equal(document.values.find((one) => one.key === 'chain.network').value, `"${network}"`);
    assert.equal(document.values.find((one) => one.key === 'venue.0.pool').origin, 'network');
    assert.equal((await run('check', '--offline', '--config', file)).code, 0);
  }
});

test('a secret is never shown', async () => {
  const file = config({ ws: 'ws://user:secret@127.0.0.1:1/KEY' });
  for (const args of [['config', 'show', '--origin'], ['config', 'show', '--json'], ['check', '--offline'], ['check', '--endpoint.0.startup-timeout', '1s']]) {
    const { output } = await run(...args, '--config', file);
    assert.doesNotMatch(output, /secret|KEY/);
  }
});

test('positions are what getUserAccountData says at that block', async () => {
  const { code, document } = await json('positions', '--config', config());
  assert.equal(code, 0);
  assert.equal(document.schema, 'plimsoll.positions.v1');
  assert.ok(document.positions.length >= 12);
  const wad = (text, decimals) => {
    const [whole, fraction = ''] = text.split('.');
    return BigInt(whole + fraction.padEnd(decimals, '0'));
  };
  const { pool } = devnet.manifest.aave;
  // While the chain stands still: anvil may answer a call at its newest block with the next one's clock if that is mined meanwhile.
  await withMiner(devnet.rpc, async () => {
    for (const one of document.positions) {
      const data = encodeFunctionData({ abi: poolAbi, functionName: 'getUserAccountData', args: [one.account] });
      const answer = await devnet.rpc('eth_call', { to: pool, data }, `0x${document.block.toString(16)}`);
      const [collateral, debt, , , , health] = decodeFunctionResult({ abi: poolAbi, functionName: 'getUserAccountData', data: answer });
      assert.deepEqual([wad(one.collateral_usd, 8), wad(one.debt_usd, 8), wad(one.health_factor, 18)], [collateral, debt, health], one.account);
    }
  });
  const factors = document.positions.map((one) => Number(one.health_factor));
  assert.deepEqual(factors, [...factors].sort((a, b) => a - b));
  // In the middle of the widest gap: interest moves every factor a little with each block.
  const widest = factors.reduce((best, factor, i) => (i > 1 && factor - factors[i - 1] > factors[best] - factors[best - 1] ? i : best), 1);
  const limit = ((factors[widest - 1] + factors[widest]) / 2).toFixed(6);
  const below = await json('positions', '--config', config(), '--hf-below', limit);
  assert.equal(below.document.positions.length, widest);
  const { output } = await run('positions', '--config', config(), '--csv');
  assert.match(output, /^venue,block,account,health_factor,collateral_usd,debt_usd$/m);
});

test('contract: status, verify, and a creation that is simulated, refused, or sent and then verified', async () => {
  const { executor, accounts, tokens } = devnet.manifest;
  const status = await json('contract', 'status', '--config', config());
  assert.equal(status.code, 0);
  assert.equal(status.document.operator, accounts.operator);
  assert.equal(status.document.matches, true);
  assert.equal((await run('contract', 'verify', '--config', config())).code, 0);
  const other = await json('contract', 'verify', '--config', config(), '--executor.address', Object.values(tokens)[0].address);
  assert.equal(other.code, 2);
  assert.equal((await run('contract', 'verify', '--config', config(), '--executor.address', nobody)).code, 76);
  assert.equal((await run('contract', 'deploy', '--live', '--config', config({ mode: 'dry-run' }))).code, 77);

  const dry = await json('contract', 'deploy', '--config', config(), '--receiver', accounts.rival);
  assert.equal(dry.code, 0);
  assert.equal(dry.document.deployed, false);
  assert.equal(await devnet.rpc('eth_getCode', dry.document.executor, 'latest'), '0x');
  const live = await json('contract', 'deploy', '--live', '--config', config(), '--receiver', accounts.rival);
  assert.equal(live.code, 0);
  assert.equal(live.document.executor, dry.document.executor);
  const again = await json('contract', 'status', '--config', config(), '--executor.address', live.document.executor);
  assert.equal(again.document.matches, true);
  assert.equal(again.document.receiver, accounts.rival);
});

test('check says what run would answer', async () => {
  const { uniswap, aave, accounts, executor } = devnet.manifest;
  const open = join(folder, 'open');
  const gone = join(folder, 'gone');
  writeFileSync(open, 'x', { mode: 0o644 });
  const broken = [
    ['an unknown key', 78, ['--config', config({ overrides: [['mode =', 'mdoe =']] })]],
    ['no such file', 66, ['--config', join(folder, 'none.toml')]],
    ['a bad flag', 64, ['--config', config(), '--log.level', 'loud']],
    ['another chain', 76, ['--config', config({ signer: 'none', mode: 'dry-run', overrides: [['id = 31337', 'id = 1']] })]],
    ['no pool there', 76, ['--config', config({ overrides: [[aave.pool, nobody]] })]],
    ['another provider', 76, ['--config', config(), '--venue.0.provider', uniswap.factory]],
    ['another factory', 76, ['--config', config(), '--uniswap-v3.factory', uniswap.quoter]],
    ['another router', 76, ['--config', config(), '--uniswap-v3.router', uniswap.quoter]],
    ['another wrapped coin', 76, ['--config', config(), '--chain.wrapped-native', nobody]],
    ['another operator', 77, ['--config', config(), '--executor.operator', accounts.rival]],
    ['nobody listens', 69, ['--config', config({ ws: 'ws://127.0.0.1:9' }), '--endpoint.0.startup-timeout', '1s']],
    ['a folder that cannot be', 73, ['--config', config(), '--keeper.data-dir', join(config(), 'below-a-file')]],
    ['a key whose password lies open', 77, ['--config', config(), '--live', '--signer.type', 'keystore', '--signer.keystore', open, '--signer.password-file', open]],
    ['no key there', 66, ['--config', config(), '--live', '--signer.type', 'keystore', '--signer.keystore', gone, '--signer.password-file', gone]],
    ['live without an Executor', 78, ['--config', config({ overrides: [[`address = "${executor}"`, '']] }), '--live']],
    ['live in one place only', 77, ['--config', config({ mode: 'dry-run' }), '--live']],
  ];
  for (const [name, expected, args] of broken) {
    const checked = await run('check', ...args);
    assert.equal(checked.code, expected, `check, ${name}: ${checked.output}`);
    const ran = await run('run', ...args);
    assert.equal(ran.code, expected, `run, ${name}: ${ran.output}`);
  }
  const good = await json('check', '--config', config());
  assert.equal(good.code, 0, JSON.stringify(good.document));
  assert.equal(good.document.schema, 'plimsoll.check.v1');
  assert.ok(good.document.checks.length > 12);

  const neither = await run('check', '--config', config(), '--uniswap-v3.router', uniswap.quoter);
  assert.match(neither.output, /kind of uniswap_v3\.router: .*neither Uniswap's SwapRouter nor SwapRouter02/);
  for (const [router, name] of [[uniswap.router, 'SwapRouter'], [uniswap.router02, 'SwapRouter02']]) {
    const { code, document } = await json('check', '--config', config(), '--uniswap-v3.router', router);
    assert.equal(code, 0, JSON.stringify(document));
    assert.equal(document.checks.find((row) => row.name === 'kind of uniswap_v3.router').detail, name);
  }
});

/** Everything that live beyond this machine wants, but for what `without` takes away. */
function ready({ lanes = '', without } = {}) {
  const secret = (name, text) => {
    writeFileSync(join(folder, name), text, { mode: 0o600 });
    return join(folder, name);
  };
  const keystore = secret('live.json', makeKeystore(operatorKey, 'a long password', { kdf: 'scrypt', kdfparams: { n: 4096, r: 8, p: 1 } }));
  const spends = ['max_spend_per_tx = "0.1 eth"', 'max_spend_per_hour = "1 eth"', 'max_spend_per_day = "2 eth"', 'max_loss_per_hour = "100 usd"', 'min_gas_balance = "0.5 eth"'];
  const text = readFileSync(config({
    endpoints: [{ name: 'one', ws: devnet.manifest.ws }, { name: 'two', http: devnet.manifest.http }],
    keys: { keeper: { witness: join(folder, 'elsewhere', 'witness') } },
    overrides: [
      ['type = "dev"', `type = "keystore"\nkeystore = "${keystore}"\npassword_file = "${secret('live.password', 'a long password')}"`],
      ['max_clock_skew = "0s"', 'max_clock_skew = "2m"'],
      ['max_pending = 16', 'max_pending = 16\nmax_fee_per_gas = "150 gwei"'],
      ['[log]\n', `[risk]\n${spends.join('\n')}\n\n${lanes}\n[log]\n`],
    ],
  }), 'utf8');
  if (without) assert.ok(text.includes(without), without);
  return secret(`ready${++files}.toml`, without ? text.replace(without, '') : text);
}

test('check --for-live: a row for each thing; a configuration with nothing missing passes, each gap has its row, its remedy and its exit code', async () => {
  const relay = await startRelay();
  const key = join(folder, 'relay.key');
  writeFileSync(key, `0x${'42'.repeat(32)}`, { mode: 0o600 });
  const lane = (port) => `[[lane]]\nname = "all"\ntype = "public"\n\n[[lane]]\nname = "builder"\ntype = "bundle"\nurl = "http://127.0.0.1:${port}/token"\nauth_key_file = "${key}"\n`;
  const check = async (options) => {
    const { code, document } = await json('check', '--for-live', '--config', ready(options));
    return { code, rows: new Map(document.checks.map((row) => [row.name, row])), failing: document.checks.filter(({ status }) => status === 'fail').map(({ name }) => name) };
  };
  try {
    const good = await check({ lanes: lane(relay.port) });
    assert.deepEqual([good.code, good.failing], [0, []]);
    for (const name of ['execution.max_fee_per_gas', 'risk.max_spend_per_day', 'signer.type', 'encryption', 'keeper.kill_switch', 'core dumps', 'signer']) assert.equal(good.rows.get(name)?.status, 'ok', name);
    assert.match(good.rows.get('relay "builder"').detail, /^answers: /);
    assert.deepEqual(relay.seen.map(({ method, signature }) => [method, /^0x[0-9a-fA-F]{40}:0x/.test(signature)]), [['web3_clientVersion', true]], 'asked once, signed, and nothing else');
    // The witness may lie on the same disk: then it says so. /dev/shm is another one, where there is one.
    const places = [...(existsSync('/dev/shm') ? ['/dev/shm'] : []), folder];
    for (const place of places) {
      const { document } = await json('check', '--for-live', '--config', ready(), '--keeper.witness', join(place, 'plimsoll-witness-of-a-test'));
      const row = document.checks.find(({ name, detail }) => name === 'keeper.witness' && !/operator/.test(detail));
      assert.equal(row.status, statSync(place).dev === statSync(folder).dev ? 'warn' : 'ok', JSON.stringify(row));
    }

    relay.says = () => 'error in signature check';
    const refusing = await check({ lanes: lane(relay.port) });
    assert.deepEqual([refusing.code, refusing.failing], [77, ['relay "builder"']]);
    assert.match(refusing.rows.get('relay "builder"').fix, /auth_key_file/);
    const gaps = [
      [{ lanes: lane(9) }, 69, 'relay "builder"', /url of this lane/],
      [{ lanes: lane(relay.port).replace(key, `${key}.gone`) }, 66, 'relay "builder"', /auth_key_file/],
      [{ without: 'max_spend_per_day = "2 eth"' }, 77, 'risk.max_spend_per_day', /set risk\.max_spend_per_day/],
      [{ without: 'max_fee_per_gas = "150 gwei"' }, 77, 'execution.max_fee_per_gas', /set execution\.max_fee_per_gas/],
      [{ without: 'max_clock_skew = "2m"' }, 0],
      [{ without: `[[endpoint]]\nname = "two"\nhttp = "${devnet.manifest.http}"` }, 77, 'endpoints', /add another \[\[endpoint\]\]/],
    ];
    for (const [options, code, name, fix] of gaps) {
      const found = await check(options);
      assert.deepEqual([found.code, found.failing], [code, name ? [name] : []], JSON.stringify([...found.rows.values()].filter(({ status }) => status === 'fail')));
      if (name) assert.match(found.rows.get(name).fix, fix);
    }
    const { code, output } = await run('check', '--for-live', '--config', config());
    assert.equal(code, 77);
    for (const name of ['execution.max_fee_per_gas', 'risk.max_spend_per_tx', 'signer.type', 'endpoints', 'chain.max_clock_skew']) assert.match(output, new RegExp(`^fail {2}${name.replace('.', '\\.')}: .*\n {6}fix: `, 'm'));
  } finally {
    await relay.stop();
  }
});

test('every command has help with two examples, and the shells are told of all of them', async () => {
  const { output: script } = await run('completion', 'bash');
  const file = join(folder, 'completion.bash');
  writeFileSync(file, script);
  execFileSync('bash', ['-n', file]);
  const complete = (...words) => execFileSync('bash', ['-c', `source "$1"; shift; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _plimsoll; echo "\${COMPREPLY[@]}"`, 'bash', file, ...words], { encoding: 'utf8' }).trim();
  assert.equal(complete('plimsoll', 'posi'), 'positions');
  assert.equal(complete('plimsoll', 'config', 'in'), 'init');
  assert.equal(complete('plimsoll', 'config', 'init', '--network', 'opt'), 'optimism');
  assert.match((await run('completion', 'zsh')).output, /^#compdef plimsoll/);
  assert.match((await run('completion', 'fish')).output, /complete -c plimsoll .*-a positions/);
  const firsts = complete('plimsoll', '').split(' ');
  for (const first of firsts) {
    const seconds = complete('plimsoll', first, '').split(' ').filter((word) => word !== '' && !word.startsWith('-'));
    const names = ['config', 'contract', 'keys'].includes(first) ? seconds.map((second) => [first, second]) : [[first]];
    for (const name of names) {
      const { code, output } = await run(...name, '--help');
      assert.equal(code, 0);
      const examples = output.slice(output.indexOf('Examples:')).split('\n').filter((line) => /^ {2}\S/.test(line));
      assert.ok(examples.length >= 2, output);
    }
  }
});
