// SPDX-License-Identifier: Apache-2.0
// What governance may change while the venue watches: each step is one block of calls to the configurator.
import { requireFromDevnet } from '../../../chain/contracts/compile.mjs';

const { parseAbi, zeroAddress } = requireFromDevnet()('viem');
const common = [
  'function configureReserveAsCollateral(address asset, uint256 ltv, uint256 threshold, uint256 bonus)',
  'function setLiquidationProtocolFee(address asset, uint256 fee)',
  'function setReservePause(address asset, bool paused)',
  'function setReserveFreeze(address asset, bool frozen)',
  'function setReserveFactor(address asset, uint256 factor)',
];

function classic({ LINK, USDT, ENS, DAI }) {
  return {
    abi: parseAbi([
      ...common, 'function setEModeCategory(uint8 id, uint16 ltv, uint16 threshold, uint16 bonus, address source, string label)',
      'function setAssetEModeCategory(address asset, uint8 id)',
    ]),
    steps: [
      [
        ['configureReserveAsCollateral', LINK, 6000n, 6900n, 10_750n], ['setLiquidationProtocolFee', LINK, 1500n],
        ['setEModeCategory', 1, 9200, 9400, 10_150, zeroAddress, 'ether'], ['setAssetEModeCategory', USDT, 0], ['setReservePause', ENS, true],
      ],
      [['setReservePause', ENS, false], ['setAssetEModeCategory', USDT, 2], ['setReserveFreeze', DAI, true], ['setReserveFactor', DAI, 3000n]],
      [['setReserveFreeze', DAI, false]],
    ],
  };
}

function current({ LINK, WETH, wstETH, WBTC, ENS, DAI, USDC }) {
  return {
    abi: parseAbi([
      ...common, 'function setReservePause(address asset, bool paused, uint40 gracePeriod)',
      'function setEModeCategory(uint8 id, uint16 ltv, uint16 threshold, uint16 bonus, string label)',
      'function setAssetCollateralInEMode(address asset, uint8 id, bool allowed)', 'function setAssetBorrowableInEMode(address asset, uint8 id, bool allowed)',
      'function setAssetLtvzeroInEMode(address asset, uint8 id, bool zero)', 'function setReserveLtvzero(address asset, bool zero)',
      'function disableLiquidationGracePeriod(address asset)',
    ]),
    steps: [
      [
        ['configureReserveAsCollateral', LINK, 6000n, 6900n, 10_750n], ['setLiquidationProtocolFee', LINK, 1500n],
        ['setEModeCategory', 1, 9200, 9400, 10_150, 'ether'], ['setReservePause', ENS, true],
      ],
      // Collateral of people who are in the category leaves it, another joins; a category is made for nobody yet.
      [
        ['setAssetCollateralInEMode', wstETH, 3, false], ['setAssetCollateralInEMode', LINK, 3, true], ['setAssetBorrowableInEMode', USDC, 3, false],
        ['setEModeCategory', 4, 8000, 8500, 10_300, 'late'], ['setAssetCollateralInEMode', WETH, 4, true], ['setAssetBorrowableInEMode', DAI, 4, true],
      ],
      [['setReservePause', ENS, false, 3600], ['setAssetLtvzeroInEMode', WETH, 3, true], ['setReserveLtvzero', LINK, true]],
      // Freezing takes the loan-to-value everywhere and leaves every threshold.
      [['setReserveFreeze', DAI, true], ['setReserveFactor', DAI, 3000n], ['disableLiquidationGracePeriod', ENS]],
      [['setReserveFreeze', DAI, false], ['setAssetLtvzeroInEMode', WBTC, 3, false], ['setAssetCollateralInEMode', wstETH, 3, true]],
    ],
  };
}

/** {abi, steps: [[[function, ...arguments]]]} for the manifest's market. */
export function governance({ aave, tokens }) {
  const addresses = Object.fromEntries(Object.entries(tokens).map(([symbol, { address }]) => [symbol, address]));
  return aave.version === '3.0.2' ? classic(addresses) : current(addresses);
}
