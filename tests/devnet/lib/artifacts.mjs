// SPDX-License-Identifier: Apache-2.0
// Finds and links the compiled artifacts that Aave and Uniswap publish on npm.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const require = createRequire(import.meta.url);
const packages = {
  aave: ['@aave/core-v3', 'artifacts/contracts'],
  core: ['@uniswap/v3-core', 'artifacts/contracts'],
  periphery: ['@uniswap/v3-periphery', 'artifacts/contracts'],
  routers: ['@uniswap/swap-router-contracts', 'artifacts/contracts'],
};

const loaded = new Map();

/// Reads {abi, bytecode, linkReferences}; path as in 'protocol/pool/Pool' (file and contract have one name).
export function loadArtifact(source, path) {
  const key = `${source} ${path}`;
  if (!loaded.has(key)) loaded.set(key, readArtifact(packages[source], path));
  return loaded.get(key);
}

function readArtifact([name, folder], path) {
  const root = dirname(require.resolve(`${name}/package.json`));
  const contract = path.split('/').pop();
  return JSON.parse(readFileSync(join(root, folder, `${path}.sol`, `${contract}.json`), 'utf8'));
}

/// Puts library addresses ({name: address}) into the bytecode; throws if one is missing.
export function link(artifact, libraries) {
  let { bytecode } = artifact;
  for (const group of Object.values(artifact.linkReferences)) {
    for (const [name, places] of Object.entries(group)) {
      const address = libraries[name];
      if (!address) throw new Error(`${artifact.contractName} needs library ${name}`);
      for (const { start, length } of places) {
        const at = 2 + start * 2;
        bytecode = bytecode.slice(0, at) + address.slice(2).toLowerCase() + bytecode.slice(at + length * 2);
      }
    }
  }
  return { abi: artifact.abi, bytecode };
}
