// SPDX-License-Identifier: Apache-2.0
// Finds the project's own files. Works without git, because a source archive has none.
import { readFileSync, readdirSync } from 'node:fs';
import { extname, join, relative, sep } from 'node:path';

const skipped = new Set(['.git', 'build', 'node_modules', '.cache', '.plimsoll', '.vscode', '.idea']);
const binary = new Set(['.png', '.ico', '.zst', '.gz', '.br', '.bin', '.wasm']);

/** Every file below `root`, as paths relative to it with forward slashes. */
export function listFiles(root, folder = root) {
  const found = [];
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) {
      if (!skipped.has(entry.name)) found.push(...listFiles(root, path));
    } else if (entry.isFile() && !entry.name.endsWith('.swp') && entry.name !== 'compile_commands.json') {
      found.push(relative(root, path).split(sep).join('/'));
    }
  }
  return found.sort();
}

/** What the checks look at: names, and text on demand. */
export class Sources {
  constructor(root, files = listFiles(root)) {
    this.root = root;
    this.files = files;
    this.texts = new Map();
  }

  /** Files whose name ends in one of the endings. */
  withEnding(...endings) {
    return this.files.filter((file) => endings.includes(extname(file)));
  }

  /** C++ of the product and of its tests. */
  cpp() {
    return this.withEnding('.cpp', '.hpp');
  }

  textFiles() {
    return this.files.filter((file) => !binary.has(extname(file)));
  }

  text(file) {
    if (!this.texts.has(file)) this.texts.set(file, readFileSync(join(this.root, file), 'utf8'));
    return this.texts.get(file);
  }

  lines(file) {
    return this.text(file).split('\n');
  }
}
