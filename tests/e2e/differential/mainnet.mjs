// SPDX-License-Identifier: Apache-2.0
// Real blocks, receipts and logs, as a node would answer them.
import { readFileSync } from 'node:fs';
import { brotliDecompressSync } from 'node:zlib';

const folder = new URL('../../vectors/mainnet/', import.meta.url);
const load = (name) => JSON.parse(brotliDecompressSync(readFileSync(new URL(`${name}.json.br`, folder))).toString());

export const replay = load('blocks_15000001');
export const protocolReceipts = load('protocol_receipts');
export const aaveLogs = load('aave_v3_logs');

const quantity = (value) => `0x${BigInt(value).toString(16)}`;
const quantities = ['number', 'timestamp', 'gasUsed', 'gasLimit', 'difficulty', 'baseFeePerGas'];

/** The header of a block, as eth_getBlockByHash answers. */
export function headerOf({ hash, header }) {
  const wire = Object.fromEntries(Object.entries(header).map(([key, value]) => [key, quantities.includes(key) ? quantity(value) : value]));
  return { ...wire, hash, transactions: [], uncles: [], size: '0x220' };
}

/** The receipts of a block that have logs, as eth_getTransactionReceipt answers. */
export function receiptsOf(block) {
  const place = { blockHash: block.hash, blockNumber: quantity(block.header.number) };
  let index = 0;
  return block.receipts.map((receipt) => {
    const transaction = { ...place, transactionHash: receipt.hash, transactionIndex: quantity(receipt.index) };
    const logs = receipt.logs.map(([address, topics, data]) => ({ address, topics, data, ...transaction, logIndex: quantity(index++), removed: false }));
    return { ...transaction, type: quantity(receipt.type), status: quantity(receipt.status), gasUsed: quantity(receipt.used), cumulativeGasUsed: quantity(receipt.cumulative),
      effectiveGasPrice: receipt.price, logs, contractAddress: null };
  });
}

/** The events that are decoded field by field: the markets' own, tokens, exchanges, feeds. */
export const events = [
  'event Transfer(address indexed from, address indexed to, uint256 value)', 'event Approval(address indexed owner, address indexed spender, uint256 value)',
  'event ApprovalForAll(address indexed owner, address indexed operator, bool approved)', 'event TransferSingle(address indexed operator, address indexed from, address indexed to, uint256 id, uint256 value)',
  'event TransferBatch(address indexed operator, address indexed from, address indexed to, uint256[] ids, uint256[] values)',
  'event Sync(uint112 reserve0, uint112 reserve1)', 'event Swap(address indexed sender, uint256 amount0In, uint256 amount1In, uint256 amount0Out, uint256 amount1Out, address indexed to)',
  'event Swap(address indexed sender, address indexed recipient, int256 amount0, int256 amount1, uint160 sqrtPriceX96, uint128 liquidity, int24 tick)',
  'event Mint(address indexed sender, uint256 amount0, uint256 amount1)', 'event Burn(address indexed sender, uint256 amount0, uint256 amount1, address indexed to)',
  'event Mint(address sender, address indexed owner, int24 indexed tickLower, int24 indexed tickUpper, uint128 amount, uint256 amount0, uint256 amount1)',
  'event Burn(address indexed owner, int24 indexed tickLower, int24 indexed tickUpper, uint128 amount, uint256 amount0, uint256 amount1)',
  'event Collect(address indexed owner, address recipient, int24 indexed tickLower, int24 indexed tickUpper, uint128 amount0, uint128 amount1)',
  'event Deposit(address indexed dst, uint256 wad)', 'event Withdrawal(address indexed src, uint256 wad)',
  'struct SpentItem { uint8 itemType; address token; uint256 identifier; uint256 amount; }',
  'struct ReceivedItem { uint8 itemType; address token; uint256 identifier; uint256 amount; address recipient; }',
  'event OrderFulfilled(bytes32 orderHash, address indexed offerer, address indexed zone, address recipient, SpentItem[] offer, ReceivedItem[] consideration)',
  'event AnswerUpdated(int256 indexed current, uint256 indexed roundId, uint256 updatedAt)', 'event NewRound(uint256 indexed roundId, address indexed startedBy, uint256 startedAt)',
  'event NewTransmission(uint32 indexed aggregatorRoundId, int192 answer, address transmitter, int192[] observations, bytes observers, bytes32 rawReportContext)',
  'event ReserveDataUpdated(address indexed reserve, uint256 liquidityRate, uint256 stableBorrowRate, uint256 variableBorrowRate, uint256 liquidityIndex, uint256 variableBorrowIndex)',
  'event Mint(address indexed caller, address indexed onBehalfOf, uint256 value, uint256 balanceIncrease, uint256 index)',
  'event Burn(address indexed from, address indexed target, uint256 value, uint256 balanceIncrease, uint256 index)',
  'event BalanceTransfer(address indexed from, address indexed to, uint256 value, uint256 index)',
  'event Supply(address indexed reserve, address user, address indexed onBehalfOf, uint256 amount, uint16 indexed referralCode)',
  'event Withdraw(address indexed reserve, address indexed user, address indexed to, uint256 amount)',
  'event Borrow(address indexed reserve, address user, address indexed onBehalfOf, uint256 amount, uint8 interestRateMode, uint256 borrowRate, uint16 indexed referralCode)',
  'event Repay(address indexed reserve, address indexed user, address indexed repayer, uint256 amount, bool useATokens)',
  'event ReserveUsedAsCollateralEnabled(address indexed reserve, address indexed user)', 'event ReserveUsedAsCollateralDisabled(address indexed reserve, address indexed user)',
  'event LiquidationCall(address indexed collateralAsset, address indexed debtAsset, address indexed user, uint256 debtToCover, uint256 liquidatedCollateralAmount, address liquidator, bool receiveAToken)',
  'event FlashLoan(address indexed target, address initiator, address indexed asset, uint256 amount, uint8 interestRateMode, uint256 premium, uint16 indexed referralCode)',
];
