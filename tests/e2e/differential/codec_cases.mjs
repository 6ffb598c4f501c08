// SPDX-License-Identifier: Apache-2.0
// Random RLP items and random ABI types with values, in viem's form and in the probe's.

/// A nested list of 0x strings.
export function randomItem(random, depth) {
  if (depth === 0 || random.below(2) === 0) {
    return random.bytes(random.pick([0, 1, 1, 2, random.below(60), 55, 56, 256 + random.below(50)]));
  }
  return Array.from({ length: random.below(5) }, () => randomItem(random, depth - 1));
}

/// Changes one byte of 0x text, or cuts it.
export function flipByte(random, hex) {
  const size = (hex.length - 2) / 2;
  if (size === 0 || random.below(8) === 0) return hex.slice(0, 2 + 2 * random.below(size + 1));
  const at = 2 + 2 * random.below(size);
  const byte = parseInt(hex.slice(at, at + 2), 16) ^ (1 + random.below(255));
  return hex.slice(0, at) + byte.toString(16).padStart(2, '0') + hex.slice(at + 2);
}

function randomType(random, depth, options) {
  const leaf = depth === 0 || random.below(3) > 0;
  if (leaf) {
    const bits = 8 * (1 + random.below(32));
    const leaves = [`uint${bits}`, `int${bits}`, 'address', 'bool', `bytes${1 + random.below(32)}`, 'bytes', 'uint256'];
    return { type: random.pick(options.text ? [...leaves, 'string'] : leaves) };
  }
  if (random.below(2) === 0) {
    return { type: 'tuple', components: Array.from({ length: 1 + random.below(4) }, () => randomType(random, depth - 1, options)) };
  }
  const element = randomType(random, depth - 1, options);
  return { ...element, type: `${element.type}${random.pick(['[]', '[]', '[1]', '[3]'])}` };
}

/// "tuple(…)" without the word, as Solidity signatures write it.
function signature({ type, components }) {
  if (!type.startsWith('tuple')) return type;
  return `(${components.map(signature).join(',')})${type.slice('tuple'.length)}`;
}

/// The type of an array's elements and their count (undefined if dynamic), or null.
function arrayOf(parameter) {
  const match = /^(.*)\[(\d*)\]$/.exec(parameter.type);
  if (!match) return null;
  return { element: { ...parameter, type: match[1] }, count: match[2] === '' ? undefined : Number(match[2]) };
}

function randomValue(random, parameter) {
  const array = arrayOf(parameter);
  if (array) return Array.from({ length: array.count ?? random.below(5) }, () => randomValue(random, array.element));
  const { type, components } = parameter;
  if (type === 'tuple') return components.map((component) => randomValue(random, component));
  if (type.startsWith('uint')) return random.unsigned(Number(type.slice(4)));
  if (type.startsWith('int')) return BigInt.asIntN(Number(type.slice(3)), random.unsigned(Number(type.slice(3))));
  if (type === 'address') return random.address();
  if (type === 'bool') return random.below(2) === 1;
  if (type === 'string') return Array.from({ length: random.below(40) }, () => random.pick(['x', 'ß', '√', '🚀'])).join('');
  if (type === 'bytes') return random.bytes(random.pick([0, 1, 31, 32, 33, random.below(200)]));
  return random.bytes(Number(type.slice(5)));
}

/// One to four parameters with values, in viem's form; `types` are their signatures.
export function abiCase(random, viem, options = { text: true }) {
  const parameters = Array.from({ length: 1 + random.below(4) }, () => randomType(random, 3, options));
  const values = parameters.map((parameter) => withChecksums(randomValue(random, parameter), parameter, viem));
  return { types: parameters.map(signature), parameters, values };
}

function withChecksums(value, parameter, viem) {
  const array = arrayOf(parameter);
  if (array) return value.map((item) => withChecksums(item, array.element, viem));
  if (parameter.type === 'tuple') return value.map((item, i) => withChecksums(item, parameter.components[i], viem));
  return parameter.type === 'address' ? viem.getAddress(value) : value;
}

const textToHex = (text) => `0x${Buffer.from(text, 'utf8').toString('hex')}`;

/// A value in the probe's form: numbers as decimal text; text as it is in a request, as bytes in an answer.
export function normalise(value, parameter, side) {
  const array = arrayOf(parameter);
  if (array) return value.map((item) => normalise(item, array.element, side));
  if (parameter.type === 'tuple') return value.map((item, i) => normalise(item, parameter.components[i], side));
  if (typeof value === 'bigint' || typeof value === 'number') return `${value}`;
  if (parameter.type === 'string' && side === 'answer') return textToHex(value);
  return value;
}
