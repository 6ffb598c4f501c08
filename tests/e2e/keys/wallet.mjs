// SPDX-License-Identifier: Apache-2.0
// Web3 Secret Storage, version 3, read and written with Node's crypto and viem alone.
import { createCipheriv, createDecipheriv, pbkdf2Sync, randomBytes, randomUUID, scryptSync } from 'node:crypto';
import { createRequire } from 'node:module';

const require = createRequire(new URL('../../devnet/package.json', import.meta.url));
const { keccak256, parseTransaction } = require('viem');
export { parseTransaction };
export const { privateKeyToAccount } = require('viem/accounts');

function derive(password, { kdf, kdfparams }) {
  const salt = Buffer.from(kdfparams.salt, 'hex');
  if (kdf === 'pbkdf2') return pbkdf2Sync(password, salt, kdfparams.c, kdfparams.dklen, 'sha256');
  const { n, r, p, dklen } = kdfparams;
  return scryptSync(password, salt, dklen, { N: n, r, p, maxmem: 512 * 1024 * 1024 });
}

const macOf = (key, ciphertext) => keccak256(Buffer.concat([key.subarray(16, 32), ciphertext])).slice(2);

/** The private key as 0x text; throws on a wrong password. */
export function openKeystore(text, password) {
  const { version, crypto } = JSON.parse(text);
  if (version !== 3 || crypto.cipher !== 'aes-128-ctr') throw new Error('another form of keystore');
  const key = derive(password, crypto);
  const ciphertext = Buffer.from(crypto.ciphertext, 'hex');
  if (macOf(key, ciphertext) !== crypto.mac) throw new Error('wrong password');
  const decipher = createDecipheriv('aes-128-ctr', key.subarray(0, 16), Buffer.from(crypto.cipherparams.iv, 'hex'));
  return `0x${Buffer.concat([decipher.update(ciphertext), decipher.final()]).toString('hex')}`;
}

/** A keystore's text. `cost`: {kdf, kdfparams} without salt and dklen. */
export function makeKeystore(secret, password, { kdf, kdfparams }) {
  const derivation = { kdf, kdfparams: { dklen: 32, salt: randomBytes(32).toString('hex'), ...kdfparams } };
  const key = derive(password, derivation);
  const iv = randomBytes(16);
  const cipher = createCipheriv('aes-128-ctr', key.subarray(0, 16), iv);
  const ciphertext = Buffer.concat([cipher.update(Buffer.from(secret.slice(2), 'hex')), cipher.final()]);
  return JSON.stringify({
    version: 3,
    id: randomUUID(),
    address: privateKeyToAccount(secret).address.slice(2).toLowerCase(),
    crypto: { cipher: 'aes-128-ctr', cipherparams: { iv: iv.toString('hex') }, ciphertext: ciphertext.toString('hex'), ...derivation, mac: macOf(key, ciphertext) },
  });
}
