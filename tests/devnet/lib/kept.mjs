// SPDX-License-Identifier: Apache-2.0
// What takes long to compile is kept in .cache under the hash of all that went into it.
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const folder = fileURLToPath(new URL('../.cache', import.meta.url));

/// The JSON value that was kept for `name` and `inputs`, or what `make()` answers, kept from now on. Several processes may ask at once.
export function kept(name, inputs, make) {
  const hash = createHash('sha256').update(JSON.stringify(inputs)).digest('hex').slice(0, 32);
  const file = join(folder, `${name}-${hash}.json`);
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    const value = make();
    mkdirSync(folder, { recursive: true });
    const draft = `${file}.${process.pid}`;
    writeFileSync(draft, JSON.stringify(value));
    renameSync(draft, file);
    return value;
  }
}
