// SPDX-License-Identifier: Apache-2.0
// node build.mjs          compile Executor.sol into Executor.json
// node build.mjs --check  compile and compare with the committed Executor.json; exit 1 on any difference
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { compileFile, contractsDir } from './compile.mjs';

export const artifactPath = join(contractsDir, 'Executor.json');

/** The text of Executor.json as the source and the pinned compiler give it. */
export function buildArtifact() {
  const { contracts, compiler, settings, sourceHash } = compileFile(join(contractsDir, 'Executor.sol'));
  const artifact = { contractName: 'Executor', compiler, settings, sourceHash, ...contracts.Executor };
  return `${JSON.stringify(artifact, null, 2)}\n`;
}

/** Names of the fields in which two artifact texts differ. */
export function differingFields(left, right) {
  const [a, b] = [JSON.parse(left), JSON.parse(right)];
  const fields = [...new Set([...Object.keys(a), ...Object.keys(b)])];
  return fields.filter((field) => JSON.stringify(a[field]) !== JSON.stringify(b[field]));
}

function main(args) {
  const built = buildArtifact();
  if (!args.includes('--check')) {
    writeFileSync(artifactPath, built);
    console.log(`wrote ${artifactPath}`);
    return 0;
  }
  const committed = readFileSync(artifactPath, 'utf8');
  if (committed === built) {
    console.log('Executor.json is what Executor.sol compiles to');
    return 0;
  }
  console.error(`Executor.json differs from the compiled Executor.sol in: ${differingFields(committed, built).join(', ')}`);
  console.error('rebuild it with: node chain/contracts/build.mjs');
  return 1;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) process.exitCode = main(process.argv.slice(2));
