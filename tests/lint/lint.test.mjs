// SPDX-License-Identifier: Apache-2.0
// Each check must find a planted violation and accept what is right.
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { checkIncludes } from './arrows.mjs';
import { checkHeaders, checkLength, checkLicence, checkLockFiles, checkReadmes, checkWords } from './files.mjs';
import { Sources } from './sources.mjs';
import { checkCoroutines, checkFormat } from './tools.mjs';

const spdx = '// SPDX-License-Identifier: Apache-2.0\n';

/** Runs `use` on a tree made of {path: text}. */
async function withTree(files, use) {
  const root = mkdtempSync(join(tmpdir(), 'plimsoll-lint-'));
  try {
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), text);
    }
    return await use(new Sources(root), root);
  } finally {
    rmSync(root, { recursive: true });
  }
}

const wrongIncludes = (files) => withTree(files, (sources) => checkIncludes(sources));

test('an include against the arrows is found', async () => {
  const files = { 'strategy/a.cpp': '#include "chain/rpc/b.hpp"\n', 'chain/rpc/b.hpp': '#pragma once\n' };
  assert.deepEqual(await wrongIncludes(files), ['strategy/a.cpp:1: strategy must not include chain/rpc']);
  assert.equal((await wrongIncludes({ 'chain/rpc/a.cpp': '#include "bot/b.hpp"\n', 'bot/b.hpp': '' })).length, 1);
  assert.equal((await wrongIncludes({ 'strategy/a.cpp': '#include "signer/b.hpp"\n', 'signer/b.hpp': '' })).length, 1);
  assert.equal((await wrongIncludes({ 'chain/primitives/a.cpp': '#include "chain/codec/b.hpp"\n', 'chain/codec/b.hpp': '' })).length, 1);
});

test('an include along the arrows is accepted', async () => {
  const files = {
    'strategy/book/a.cpp': '#include "strategy/b.hpp"\n#include "chain/primitives/c.hpp"\n#include <vector>\n',
    'strategy/b.hpp': '', 'chain/primitives/c.hpp': '', 'bot/d.cpp': '#include "strategy/b.hpp"\n#include <boost/asio/io_context.hpp>\n',
    'tests/unit/e_test.cpp': '#include "bot/f.hpp"\n#include <boost/multiprecision/cpp_int.hpp>\n', 'bot/f.hpp': '',
  };
  assert.deepEqual(await wrongIncludes(files), []);
});

test('a library outside its place, and an include that is not from the root, are found', async () => {
  assert.equal((await wrongIncludes({ 'strategy/a.cpp': '#include <boost/asio/io_context.hpp>\n' })).length, 1);
  assert.equal((await wrongIncludes({ 'config/url.cpp': '#include <toml++/toml.h>\n' })).length, 1);
  assert.equal((await wrongIncludes({ 'bot/keeper.cpp': '#include <secp256k1.h>\n' })).length, 1);
  assert.equal((await wrongIncludes({ 'config/a.cpp': '#include "b.hpp"\n', 'config/b.hpp': '' })).length, 1);
});

test('a pure module that looks at a clock or a file is found', async () => {
  assert.equal((await wrongIncludes({ 'strategy/a.cpp': '#include <fstream>\n' })).length, 1);
  assert.equal((await wrongIncludes({ 'strategy/a.cpp': 'auto t = std::chrono::steady_clock::now();\n' })).length, 1);
  assert.equal((await wrongIncludes({ 'bot/a.cpp': 'auto t = std::chrono::steady_clock::now();\n' })).length, 0);
});

test('a source without its licence line is found', async () => {
  const wrong = await withTree({ 'a/b.cpp': 'int x;\n', 'a/c.cpp': spdx, 'a/run': '#!/bin/sh\n', 'a/notes.md': 'free\n' }, checkLicence);
  assert.deepEqual(wrong.map((line) => line.split(':')[0]), ['a/b.cpp', 'a/run']);
});

test('a file that is too long is found', async () => {
  const wrong = await withTree({ 'a/b.cpp': 'x\n'.repeat(401), 'a/c.cpp': 'x\n'.repeat(400), 'a/d.json': 'x\n'.repeat(900) }, checkLength);
  assert.deepEqual(wrong, ['a/b.cpp:401: 401 lines, at most 400']);
});

test('a folder without README is found', async () => {
  const wrong = await withTree({ 'a/README.md': '', 'a/b/c.cpp': '', '.ci/run': '' }, checkReadmes);
  assert.deepEqual(wrong, ['a/b: no README.md']);
});

test('forbidden words are found', async () => {
  const words = ['TO' + 'DO: later', 'https://registry' + '.npmjs' + '.org/x', 'see /wor' + 'k/main', 'TEST(A, DIS' + 'ABLED_B)', "test.on" + "ly('x')"];
  for (const word of words) assert.equal((await withTree({ 'a/b.md': `${word}\n` }, checkWords)).length, 1, word);
  assert.deepEqual(await withTree({ 'a/b.md': 'the work is done; registry of accounts; a network/framework\n' }, checkWords), []);
});

test('a download address in a lock file is found', async () => {
  const lock = (entry) => JSON.stringify({ packages: { '': {}, 'node_modules/a': entry } });
  const check = (entry) => withTree({ 'a/package-lock.json': lock(entry) }, checkLockFiles);
  assert.equal((await check({ integrity: 'sha512-x', resolved: 'https://somewhere' })).length, 1);
  assert.equal((await check({})).length, 1);
  assert.deepEqual(await check({ integrity: 'sha512-x' }), []);
});

test('a header without guard or with a using directive is found', async () => {
  assert.equal((await withTree({ 'a/b.hpp': 'int x;\n' }, checkHeaders)).length, 1);
  assert.equal((await withTree({ 'a/b.hpp': '#pragma once\nusing namespace std;\n' }, checkHeaders)).length, 1);
  assert.deepEqual(await withTree({ 'a/b.hpp': '#pragma once\n' }, checkHeaders), []);
});

test('code that is not formatted is found', async () => {
  const style = 'BasedOnStyle: Google\n';
  assert.equal((await withTree({ '.clang-format': style, 'a.cpp': 'int   x ;\n' }, checkFormat)).length > 0, true);
  assert.deepEqual(await withTree({ '.clang-format': style, 'a.cpp': 'int x;\n' }, checkFormat), []);
});

const coroutine = (body) => `#include <coroutine>
struct Task {
  struct promise_type {
    Task get_return_object();
    std::suspend_never initial_suspend();
    std::suspend_never final_suspend() noexcept;
    void return_void();
    void unhandled_exception();
  };
};
struct Pair { int a; int b; };
std::suspend_never wait(Pair pair);
Task work(bool flag) { ${body} }
`;

const checkTree = (files) => withTree(files, (sources, root) => {
  const commands = [{ directory: root, file: 'a.cpp', command: 'clang++ -std=c++20 -c a.cpp' }];
  writeFileSync(join(root, 'compile_commands.json'), JSON.stringify(commands));
  return checkCoroutines(sources, root);
});

test('a coroutine that GCC 12 miscompiles is found', async () => {
  const check = (body) => checkTree({ 'a.cpp': coroutine(body) });
  assert.equal((await check('co_await wait(Pair{1, 2});')).length > 0, true);
  assert.equal((await check('co_await (flag ? wait(p()) : wait(p()));'.replaceAll('p()', 'Pair()'))).length > 0, true);
  assert.deepEqual(await check('Pair pair{1, 2}; co_await wait(pair);'), []);
  assert.equal((await check('co_await this is not C++')).length > 0, true);
});

test('so it is among files that are read together, and among files that cannot be', async () => {
  const good = 'Pair pair{1, 2}; co_await wait(pair);';
  const bad = 'co_await wait(Pair{1, 2});';
  const inside = (name, body) => coroutine(body).replace('struct Task', `namespace ${name} {\nstruct Task`) + '}\n';
  for (const place of [(_, body) => coroutine(body), inside]) {
    assert.deepEqual(await checkTree({ 'a.cpp': place('a', good), 'b.cpp': place('b', good) }), []);
    const found = await checkTree({ 'a.cpp': place('a', good), 'b.cpp': place('b', bad) });
    assert.ok(found.length > 0 && found.every((line) => /b\.cpp/.test(line)), found.join('\n'));
  }
});

test('without a clang build the coroutine check fails instead of passing', async () => {
  assert.equal((await withTree({ 'a.cpp': coroutine('co_return;') }, (sources, root) => checkCoroutines(sources, root))).length, 1);
});
