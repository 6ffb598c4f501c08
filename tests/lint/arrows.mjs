// SPDX-License-Identifier: Apache-2.0
// Who may include whom. The table is the design; a new module is a new row.

/** Module folder → module folders it may include besides itself. The longest matching folder holds. */
export const arrows = {
  'chain/primitives': [],
  'chain/codec': ['chain/primitives'],
  'chain/fees': ['chain/primitives'],
  'chain/async': ['chain/primitives'],
  'chain/rpc': ['chain/async', 'chain/codec', 'chain/primitives'],
  'chain/feed': ['chain/rpc', 'chain/async', 'chain/codec', 'chain/primitives'],
  strategy: ['chain/codec', 'chain/fees', 'chain/primitives'],
  signer: ['chain/codec', 'chain/fees', 'chain/primitives'],
  config: ['chain/primitives'],
  bot: ['chain', 'strategy', 'signer', 'config'],
  tests: ['chain', 'strategy', 'signer', 'config', 'bot'],
};

/** Library → the places that may include it. What is not named here may be included anywhere. */
export const libraries = {
  'boost/asio': ['chain/async', 'chain/rpc', 'chain/feed', 'bot', 'tests'],
  'boost/beast': ['chain/rpc', 'bot', 'tests'],
  boost: ['chain/async', 'chain/rpc', 'chain/feed', 'bot', 'tests'],
  openssl: ['chain/rpc', 'signer', 'tests'],
  simdjson: ['chain/rpc', 'chain/feed', 'signer/keys', 'tests'],
  'toml++': ['config/document.cpp'],
  CLI: ['bot/cli.cpp'],
  spdlog: ['bot/logger.cpp'],
  sqlite3: ['bot/journal', 'tests'],
  secp256k1: ['signer', 'tests'],
  gtest: ['tests'],
  gmock: ['tests'],
  rapidcheck: ['tests'],
};

/** Pure modules: no clock, thread, random number, file or stream. */
const pure = ['chain/primitives', 'chain/codec', 'chain/fees', 'strategy'];
const impureHeaders = ['thread', 'mutex', 'condition_variable', 'future', 'random', 'fstream', 'iostream', 'filesystem', 'atomic', 'unistd.h'];
const impureCalls = /\b(system_clock|steady_clock|high_resolution_clock)::now\b|\bstd::(rand|getenv)\b|\bgettimeofday\b/;

const isBelow = (path, place) => path === place || path.startsWith(`${place}/`);

function longest(candidates, path) {
  return candidates.filter((place) => isBelow(path, place)).sort((a, b) => b.length - a.length)[0];
}

function quotedInclude(sources, file, target) {
  const own = longest(Object.keys(arrows), file);
  const theirs = longest(Object.keys(arrows), target);
  if (!sources.files.includes(target) && !/version_facts|executor_code/.test(target)) return `"${target}" is no file; includes are written from the root`;
  if (own === undefined) return 'this folder has no row in the table of arrows';
  if (theirs === own || arrows[own].some((place) => isBelow(target, place))) return undefined;
  return `${own} must not include ${theirs ?? target}`;
}

function angleInclude(file, target) {
  const places = Object.keys(libraries).filter((name) => isBelow(target, name) || target.replace(/(_recovery|_ecdh)?\.h$/, '') === name);
  const library = places.sort((a, b) => b.length - a.length)[0];
  if (library !== undefined && !libraries[library].some((place) => isBelow(file, place))) {
    const multiprecisionOracle = isBelow(file, 'tests');
    return multiprecisionOracle ? undefined : `<${target}> belongs into ${libraries[library].join(', ')}`;
  }
  if (pure.some((place) => isBelow(file, place)) && impureHeaders.includes(target)) return `<${target}>: this module is pure`;
  return undefined;
}

/** Violations of the table, as "file:line: why". */
export function checkIncludes(sources) {
  const wrong = [];
  for (const file of sources.cpp()) {
    sources.lines(file).forEach((line, index) => {
      const include = /^\s*#\s*include\s*([<"])([^>"]+)[>"]/.exec(line);
      let problem;
      if (include) problem = include[1] === '"' ? quotedInclude(sources, file, include[2]) : angleInclude(file, include[2]);
      else if (impureCalls.test(line) && pure.some((place) => isBelow(file, place))) problem = 'a pure module asks the world for time or chance';
      if (problem) wrong.push(`${file}:${index + 1}: ${problem}`);
    });
  }
  return wrong;
}
