// SPDX-License-Identifier: Apache-2.0
// Off-chain reporting: builds the signed report a transmitter submits to an aggregator.
import { concatHex, encodeAbiParameters, hexToBigInt, keccak256, padHex, parseAbiParameters, toHex } from 'viem';
import { privateKeyToAccount, sign } from 'viem/accounts';

/// Four oracles of which one may be faulty, so a report carries two signatures. The keys are of no value anywhere.
export const faultyOracles = 1;
export const oracleSigners = [1, 2, 3, 4].map((i) => {
  const privateKey = keccak256(toHex(`devnet oracle ${i}`));
  return { privateKey, address: privateKeyToAccount(privateKey).address };
});

const reportShape = parseAbiParameters('uint32 observationsTimestamp, bytes32 observers, int192[] observations, int192 juelsPerFeeCoin');
const signedShape = parseAbiParameters('bytes32 reportHash, bytes32[3] reportContext');

// Ascending, with the upper median at index 2; the outer ones differ, so a reader of the wrong element is found out.
function observe(answer) {
  const spread = answer / 2000n + 1n;
  return [answer - spread > 0n ? answer - spread : 1n, answer, answer, answer + spread];
}

/// Arguments of transmit(bytes32[3],bytes,bytes32[],bytes32[],bytes32) that make `answer` the median.
export async function signReport({ configDigest, epochAndRound, observedAt, answer }) {
  const context = [configDigest, padHex(toHex(epochAndRound), { size: 32 }), padHex('0x01', { size: 32 })];
  const observers = padHex('0x00010203', { size: 32, dir: 'right' });
  const report = encodeAbiParameters(reportShape, [observedAt, observers, observe(answer), 5_000_000_000_000_000n]);
  const hash = keccak256(encodeAbiParameters(signedShape, [keccak256(report), context]));
  const signers = oracleSigners.slice(0, faultyOracles + 1);
  const signatures = await Promise.all(signers.map(({ privateKey }) => sign({ hash, privateKey })));
  const parities = concatHex(signatures.map(({ yParity }) => toHex(yParity, { size: 1 })));
  const rs = signatures.map(({ r }) => padHex(toHex(hexToBigInt(r)), { size: 32 }));
  const ss = signatures.map(({ s }) => padHex(toHex(hexToBigInt(s)), { size: 32 }));
  return [context, report, rs, ss, padHex(parities, { size: 32, dir: 'right' })];
}
