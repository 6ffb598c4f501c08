// SPDX-License-Identifier: Apache-2.0
// Checks that run a tool of LLVM 14 over the C++ files, a few processes at a time.
import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const query = fileURLToPath(new URL('coroutines.query', import.meta.url));
const workers = typeof availableParallelism === 'function' ? availableParallelism() : cpus().length;

/** {code, output}; never rejects. */
function run(command, args, cwd) {
  return new Promise((resolve) => {
    execFile(command, args, { cwd, maxBuffer: 1 << 28 }, (error, stdout, stderr) => {
      const code = error ? (typeof error.code === 'number' ? error.code : 127) : 0;
      resolve({ code, output: `${stdout}${stderr}${code === 127 ? error.message : ''}` });
    });
  });
}

/** Calls `work` on every item, `workers` at a time; answers in order. */
async function parallel(items, work) {
  const answers = new Array(items.length);
  let next = 0;
  const worker = async () => {
    while (next < items.length) {
      const index = next++;
      answers[index] = await work(items[index]);
    }
  };
  await Promise.all(Array.from({ length: workers }, worker));
  return answers;
}

function chunks(items, size) {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, i) => items.slice(i * size, (i + 1) * size));
}

export async function checkFormat(sources) {
  const answers = await parallel(chunks(sources.cpp(), 40), (files) => run('clang-format', ['--dry-run', '-Werror', ...files], sources.root));
  const places = answers.filter(({ code }) => code !== 0).flatMap(({ output }) => output.match(/^[^\s:]+:\d+(?=:\d+: error: )/gm) ?? []);
  const files = new Set(places.map((place) => place.split(':')[0]));
  const lines = [...files].map((file) => `${places.find((place) => place.startsWith(`${file}:`))}: run clang-format -i on this file`);
  const failedSilently = answers.some(({ code }) => code !== 0) && lines.length === 0;
  return failedSilently ? [answers.find(({ code }) => code !== 0).output] : lines;
}

/** Files in which GCC 12 could miscompile a coroutine. */
export function coroutineFiles(sources) {
  return sources.withEnding('.cpp').filter((file) => /\bco_await\b/.test(sources.text(file)));
}

/** Lists of files of one folder, which are read as one: most of the time goes into what they include. */
function groups(files) {
  const folders = new Map();
  for (const file of files) folders.set(dirname(file), [...(folders.get(dirname(file)) ?? []), file]);
  return [...folders.values()].flatMap((members) => chunks(members, 6));
}

/**
 * `build` holds the compile_commands.json of a clang build; files that are not in it are read with a neighbour's flags.
 * Files that cannot be compiled together are read one by one.
 */
export async function checkCoroutines(sources, build) {
  if (!existsSync(join(build, 'compile_commands.json'))) return [`${build}: no compile_commands.json; build the preset asan first`];
  const extra = ['-Wno-everything', '-fsyntax-only', `-I${sources.root}`, `-I${resolve(build, 'generated')}`].map((argument) => `--extra-arg=${argument}`);
  const ask = (file) => run('clang-query-14', ['-p', build, '-f', query, ...extra, file], sources.root);
  const folder = mkdtempSync(join(build, 'coroutines-'));
  const askTogether = async (files, name) => {
    const together = join(folder, `${name}.cpp`);
    writeFileSync(together, files.map((file) => `#include "${join(sources.root, file)}"\n`).join(''));
    return ask(together);
  };
  const askGroup = async ({ files, name }) => {
    const answer = files.length > 1 ? await askTogether(files, name) : undefined;
    if (answer?.code === 0 && !/ error: /.test(answer.output)) return [answer];
    const answers = [];
    for (const file of files) answers.push(await ask(join(sources.root, file)));
    return answers;
  };
  try {
    const answers = (await parallel(groups(coroutineFiles(sources)).map((files, name) => ({ files, name })), askGroup)).flat();
    return answers.flatMap(({ code, output }) => {
      const hits = output.split('\n').filter((line) => /"[a-z_]+" binds here|: error: |\bfatal error\b/.test(line));
      return code !== 0 && hits.length === 0 ? [`clang-query failed: ${output.slice(-400)}`] : hits;
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
}
