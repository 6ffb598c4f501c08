// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chain/codec/selector.hpp"
#include "chain/primitives/hash.hpp"

/// First topics of the events that move an Aave V3 market (protocol interfaces IPool, IPoolConfigurator,
/// IScaledBalanceToken, IAaveOracle, IPoolAddressesProvider).
namespace plimsoll::strategy::aave_v3::topics {

// Pool
inline constexpr Hash32 kSupply = codec::topic("Supply(address,address,address,uint256,uint16)");
inline constexpr Hash32 kWithdraw = codec::topic("Withdraw(address,address,address,uint256)");
inline constexpr Hash32 kRepay = codec::topic("Repay(address,address,address,uint256,bool)");
inline constexpr Hash32 kFlashLoan =
    codec::topic("FlashLoan(address,address,address,uint256,uint8,uint256,uint16)");
inline constexpr Hash32 kBackUnbacked = codec::topic("BackUnbacked(address,address,uint256,uint256)");
inline constexpr Hash32 kBorrow =
    codec::topic("Borrow(address,address,address,uint256,uint8,uint256,uint16)");
inline constexpr Hash32 kSwapBorrowRateMode = codec::topic("SwapBorrowRateMode(address,address,uint8)");
inline constexpr Hash32 kLiquidationCall =
    codec::topic("LiquidationCall(address,address,address,uint256,uint256,address,bool)");
inline constexpr Hash32 kReserveDataUpdated =
    codec::topic("ReserveDataUpdated(address,uint256,uint256,uint256,uint256,uint256)");
inline constexpr Hash32 kCollateralEnabled = codec::topic("ReserveUsedAsCollateralEnabled(address,address)");
inline constexpr Hash32 kCollateralDisabled =
    codec::topic("ReserveUsedAsCollateralDisabled(address,address)");
inline constexpr Hash32 kUserEModeSet = codec::topic("UserEModeSet(address,uint8)");

// aTokens and variable debt tokens
inline constexpr Hash32 kMint = codec::topic("Mint(address,address,uint256,uint256,uint256)");
inline constexpr Hash32 kBurn = codec::topic("Burn(address,address,uint256,uint256,uint256)");
inline constexpr Hash32 kTransfer = codec::topic("Transfer(address,address,uint256)");
inline constexpr Hash32 kBalanceTransfer = codec::topic("BalanceTransfer(address,address,uint256,uint256)");

// Configurator
inline constexpr Hash32 kReserveInitialized =
    codec::topic("ReserveInitialized(address,address,address,address,address)");
inline constexpr Hash32 kReserveDropped = codec::topic("ReserveDropped(address)");
inline constexpr Hash32 kCollateralConfiguration =
    codec::topic("CollateralConfigurationChanged(address,uint256,uint256,uint256)");
inline constexpr Hash32 kReservePaused = codec::topic("ReservePaused(address,bool)");
inline constexpr Hash32 kReserveActive = codec::topic("ReserveActive(address,bool)");
inline constexpr Hash32 kReserveFlashLoaning = codec::topic("ReserveFlashLoaning(address,bool)");
inline constexpr Hash32 kProtocolFeeChanged =
    codec::topic("LiquidationProtocolFeeChanged(address,uint256,uint256)");
inline constexpr Hash32 kEModeCategoryAdded =
    codec::topic("EModeCategoryAdded(uint8,uint256,uint256,uint256,address,string)");
inline constexpr Hash32 kEModeAssetCategory = codec::topic("EModeAssetCategoryChanged(address,uint8,uint8)");
inline constexpr Hash32 kEModeAssetCollateral =
    codec::topic("AssetCollateralInEModeChanged(address,uint8,bool)");
inline constexpr Hash32 kGracePeriodChanged = codec::topic("LiquidationGracePeriodChanged(address,uint40)");
inline constexpr Hash32 kGracePeriodDisabled = codec::topic("LiquidationGracePeriodDisabled(address)");
inline constexpr Hash32 kFlashPremiumTotal = codec::topic("FlashloanPremiumTotalUpdated(uint128,uint128)");
inline constexpr Hash32 kATokenUpgraded = codec::topic("ATokenUpgraded(address,address,address)");
inline constexpr Hash32 kStableDebtUpgraded =
    codec::topic("StableDebtTokenUpgraded(address,address,address)");
inline constexpr Hash32 kVariableDebtUpgraded =
    codec::topic("VariableDebtTokenUpgraded(address,address,address)");

// Oracle, provider, proxies
inline constexpr Hash32 kAssetSourceUpdated = codec::topic("AssetSourceUpdated(address,address)");
inline constexpr Hash32 kPoolUpdated = codec::topic("PoolUpdated(address,address)");
inline constexpr Hash32 kConfiguratorUpdated = codec::topic("PoolConfiguratorUpdated(address,address)");
inline constexpr Hash32 kPriceOracleUpdated = codec::topic("PriceOracleUpdated(address,address)");
inline constexpr Hash32 kSentinelUpdated = codec::topic("PriceOracleSentinelUpdated(address,address)");
inline constexpr Hash32 kAddressSet = codec::topic("AddressSet(bytes32,address,address)");
inline constexpr Hash32 kAddressSetAsProxy =
    codec::topic("AddressSetAsProxy(bytes32,address,address,address)");
inline constexpr Hash32 kUpgraded = codec::topic("Upgraded(address)");

}  // namespace plimsoll::strategy::aave_v3::topics
