// SPDX-License-Identifier: Apache-2.0
// What holds of every file: licence line, length, a README in every folder, words that have no place here.
import { extname, posix } from 'node:path';

const sourceEndings = ['.cpp', '.hpp', '.mjs', '.sol', '.cmake', '.query', '.js', '.css'];
const longestFile = 400;

/** Scripts without an ending are told by their first line. */
function isScript(sources, file) {
  return extname(file) === '' && sources.text(file).startsWith('#!');
}

const isSource = (sources, file) => sourceEndings.includes(extname(file)) || posix.basename(file) === 'CMakeLists.txt' || isScript(sources, file);

export function checkLicence(sources) {
  return sources.textFiles().filter((file) => isSource(sources, file))
    .filter((file) => !sources.lines(file).slice(0, 3).some((line) => line.includes('SPDX-License-Identifier: Apache-2.0')))
    .map((file) => `${file}:1: no SPDX-License-Identifier: Apache-2.0 in the first three lines`);
}

export function checkLength(sources) {
  return sources.textFiles().filter((file) => isSource(sources, file))
    .map((file) => [file, sources.lines(file).length - 1])
    .filter(([, lines]) => lines > longestFile)
    .map(([file, lines]) => `${file}:${longestFile + 1}: ${lines} lines, at most ${longestFile}`);
}

/** Every folder down to the second level that holds files says what it is for; deeper ones may leave it to their parent. */
export function checkReadmes(sources) {
  const folders = new Set();
  for (const file of sources.files) {
    const parts = file.split('/').slice(0, -1);
    for (let depth = 1; depth <= Math.min(parts.length, 2); ++depth) folders.add(parts.slice(0, depth).join('/'));
  }
  return [...folders].filter((folder) => !folder.startsWith('.')).sort()
    .filter((folder) => !sources.files.includes(`${folder}/README.md`))
    .map((folder) => `${folder}: no README.md`);
}

// Written so that this file does not match itself.
const forbidden = [
  [/\b(TO[D]O|FIX[M]E|X[X]X|HA[C]K)\b/, 'an unfinished thing'],
  [/\bregistry[.][a-z]/i, 'the address of a package registry'],
  [/(npmjs|yarnpkg|pypi)[.](org|com)/i, 'the address of a package registry'],
  [/(^|[^\w.])\/work\//, 'a path of one machine'],
  [/\bDIS[A]BLED_[A-Z]/, 'a test that is switched off'],
  [/\b(test|it|describe)[.](skip|only|todo)\(/, 'a test that is switched off, or switches others off'],
  [/-----BEGIN [A-Z ]*PRIVATE KEY/, 'a private key'],
];

export function checkWords(sources) {
  const wrong = [];
  for (const file of sources.textFiles().filter((name) => name !== 'LICENSE' && !name.startsWith('tests/vectors/'))) {
    sources.lines(file).forEach((line, index) => {
      const hit = forbidden.find(([pattern]) => pattern.test(line));
      if (hit) wrong.push(`${file}:${index + 1}: ${hit[1]}`);
    });
  }
  return wrong;
}

/** Lock files name versions and hashes, never download addresses. */
export function checkLockFiles(sources) {
  const wrong = [];
  for (const file of sources.files.filter((name) => posix.basename(name) === 'package-lock.json')) {
    for (const [name, entry] of Object.entries(JSON.parse(sources.text(file)).packages ?? {})) {
      if (entry.resolved !== undefined) wrong.push(`${file}: ${name} has a download address`);
      if (name !== '' && entry.integrity === undefined) wrong.push(`${file}: ${name} has no integrity hash`);
    }
  }
  return wrong;
}

/** Headers are guarded and do not spill names into who includes them. */
export function checkHeaders(sources) {
  const wrong = [];
  for (const file of sources.withEnding('.hpp')) {
    if (!sources.text(file).includes('#pragma once')) wrong.push(`${file}:1: no #pragma once`);
    sources.lines(file).forEach((line, index) => {
      if (/^\s*using namespace\b/.test(line)) wrong.push(`${file}:${index + 1}: using namespace in a header`);
    });
  }
  return wrong;
}
