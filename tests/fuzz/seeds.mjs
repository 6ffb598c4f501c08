// SPDX-License-Identifier: Apache-2.0
// A corpus is a text file, an input a line: a JSON string of bytes (each a character below 256), or hex.
import { readFileSync, writeFileSync } from 'node:fs';

const isText = (bytes) => bytes.every((byte, i) => i < 4 || (byte >= 0x20 && byte < 0x7f) || byte === 0x0a);
const escaped = (bytes) => JSON.stringify(bytes.toString('latin1')).replace(/[\u007f-\u00ff]/g, (c) => `\\u00${c.charCodeAt(0).toString(16)}`);

/** The inputs of a corpus file. */
export function readCorpus(file) {
  return readFileSync(file, 'utf8').split('\n').filter((line) => line !== '')
    .map((line) => (line.startsWith('"') ? Buffer.from(JSON.parse(line), 'latin1') : Buffer.from(line, 'hex')));
}

/** Writes inputs in a fixed order, each once. */
export function writeCorpus(file, inputs) {
  const lines = new Set(inputs.filter((bytes) => bytes.length > 0).map((bytes) => (isText(bytes) ? escaped(bytes) : bytes.toString('hex'))));
  writeFileSync(file, `${[...lines].sort((a, b) => a.length - b.length || (a < b ? -1 : 1)).join('\n')}\n`);
}
