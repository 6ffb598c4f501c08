// SPDX-License-Identifier: Apache-2.0
// Which markets the end-to-end tests run on.

/** True for the thorough run (tests/run --full). */
export const full = process.env.PLIMSOLL_FULL === '1';

/** What random choices begin with: PLIMSOLL_SEED, else 1. */
export const seed = Number(process.env.PLIMSOLL_SEED ?? 1);

/** Aave versions; PLIMSOLL_AAVE names one to run alone. */
export const variants = process.env.PLIMSOLL_AAVE ? [process.env.PLIMSOLL_AAVE] : ['3.0.2', '3.6'];
