// SPDX-License-Identifier: Apache-2.0
// Which lines of each parser its fuzzer's corpus reaches, counted by clang.
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
const kLeast = 80; // per cent of the lines of each file

/** Fuzzer → the parsers it is for. */
export const parsers = {
  json_rpc: ['chain/rpc/message_reader.cpp', 'chain/rpc/json_values.cpp', 'chain/rpc/error_dialects.cpp'],
  relay: ['chain/rpc/error_dialects.cpp', 'bot/remote_answer.cpp'],
  json_framer: ['chain/rpc/json_framer.cpp'],
  url: ['chain/rpc/url.cpp', 'chain/rpc/http_header.cpp', 'chain/rpc/redactor.cpp', 'chain/rpc/hex_quantity.cpp'],
  hints: ['chain/rpc/retry_hint.cpp', 'chain/rpc/log_range_hint.cpp'],
  snapshot: ['strategy/snapshot/snapshot_reader.cpp', 'strategy/snapshot/envelope.cpp', 'strategy/engine_snapshot.cpp', 'strategy/book/book_snapshot.cpp',
    'strategy/prices/price_leaves_snapshot.cpp', 'strategy/routes/pool_table_snapshot.cpp', 'strategy/routes/routes_snapshot.cpp',
    'strategy/venues/aave_v3/venue_snapshot.cpp'],
  rlp: ['chain/codec/rlp_reader.cpp'],
  event_codec: ['chain/codec/event_codec.cpp', 'chain/codec/log_codec.cpp'],
  abi: ['chain/codec/abi_reader.cpp', 'chain/codec/multicall.cpp', 'chain/codec/revert.cpp'],
  keystore: ['signer/keys/keystore_json.cpp'],
  transaction: ['signer/transaction.cpp', 'signer/remote_signing.cpp'],
  journal: ['bot/journal/load_state.cpp', 'bot/journal/attempt_codec.cpp', 'bot/journal/witness.cpp', 'signer/machine_start.cpp'],
  transmission: ['strategy/prices/transmission.cpp'],
  aave_events: ['strategy/venues/aave_v3/log_applier.cpp', 'strategy/venues/aave_v3/log_applier_cash.cpp',
    'strategy/venues/aave_v3/log_applier_market.cpp', 'strategy/venues/aave_v3/token_event.cpp'],
};

/** Runs the corpus in `seeds` once. One result {name, good, text} for each parser of the fuzzer. */
export async function coverageOf(build, name, seeds, work, runProgram) {
  const program = join(build, 'fuzz', name);
  const raw = join(work, `${name}.profraw`);
  const merged = join(work, `${name}.profdata`);
  const wrong = (text) => [{ name: `coverage of ${name}`, good: false, text }];
  const ran = await runProgram(program, ['-runs=0', '-verbosity=0', seeds], { LLVM_PROFILE_FILE: raw });
  if (ran.code !== 0) return wrong(ran.output);
  const merging = await runProgram('llvm-profdata-14', ['merge', '-o', merged, raw]);
  if (merging.code !== 0) return wrong(merging.output);
  const files = (parsers[name] ?? []).map((file) => join(root, file));
  const exported = await runProgram('llvm-cov-14', ['export', '-summary-only', `-instr-profile=${merged}`, program, ...files]);
  if (exported.code !== 0 || files.length === 0) return wrong(exported.output || 'no parser is named for this fuzzer');
  const told = JSON.parse(exported.output.slice(exported.output.indexOf('{'))).data[0].files;
  return parsers[name].map((file) => {
    const lines = told.find(({ filename }) => filename === join(root, file))?.summary.lines;
    const percent = lines?.count > 0 ? (100 * lines.covered) / lines.count : 0;
    return { name: `${file} by the corpus of ${name}`, good: percent >= kLeast, text: `${percent.toFixed(1)} % of ${lines?.count ?? 0} lines, at least ${kLeast}` };
  });
}
