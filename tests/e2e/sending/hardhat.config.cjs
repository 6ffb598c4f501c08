// SPDX-License-Identifier: Apache-2.0
// A chain that mines when it is told to.
module.exports = {
  solidity: '0.8.24',
  networks: { hardhat: { chainId: 31337, initialBaseFeePerGas: 1_000_000_000, mining: { auto: false, interval: 0 } } },
};
