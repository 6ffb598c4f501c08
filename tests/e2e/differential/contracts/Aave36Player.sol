// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.10;

import {DataTypes} from 'aave-v3-origin/protocol/libraries/types/DataTypes.sol';
import {GenericLogic} from 'aave-v3-origin/protocol/libraries/logic/GenericLogic.sol';
import {LiquidationLogic} from 'aave-v3-origin/protocol/libraries/logic/LiquidationLogic.sol';
import {Case, CasePlayer, Outcome, ReserveCase} from './AaveCase.sol';

/// Stands for an asset, its aToken or its debt token: who has what, and what a liquidation moves.
contract Token {
    mapping(address => uint256) public scaledBalanceOf;
    uint256 public scaledTotalSupply;
    uint256 public moved;
    uint256 public fee;

    function give(address to, uint256 scaled) external {
        scaledBalanceOf[to] = scaled;
        scaledTotalSupply = scaled;
    }
    function burn(address from, address, uint256 amount, uint256 scaled, uint256) external returns (bool) {
        moved += amount;
        return take(from, scaled);
    }
    function burn(address from, uint256 scaled, uint256) external returns (bool, uint256) {
        return (take(from, scaled), scaledTotalSupply);
    }
    function take(address from, uint256 scaled) private returns (bool) {
        require(scaled != 0, 'InvalidBurnAmount');
        scaledBalanceOf[from] -= scaled;
        scaledTotalSupply -= scaled;
        return scaledBalanceOf[from] == 0;
    }
    function transferOnLiquidation(address from, address, uint256 amount, uint256 scaled, uint256) external {
        scaledBalanceOf[from] -= scaled;
        fee += amount;
    }
    function transferFrom(address, address, uint256 amount) external returns (bool) {
        moved += amount;
        return true;
    }
    function RESERVE_TREASURY_ADDRESS() external view returns (address) {
        return address(this);
    }
}

/// The real libraries of Aave V3.6 over storage filled from a case.
contract Aave36Player is CasePlayer {
    mapping(address => DataTypes.ReserveData) internal reserves;
    mapping(uint256 => address) internal list;
    mapping(address => DataTypes.UserConfigurationMap) internal users;
    mapping(uint8 => DataTypes.EModeCategory) internal categories;
    mapping(address => uint256) public getAssetPrice;

    function calculateInterestRates(DataTypes.CalculateInterestRatesParams memory) external pure returns (uint256, uint256) {
        return (0, 0);
    }

    function one(Case calldata c) external override {
        for (uint256 i = 0; i < c.reserves.length; i++) fill(i, c.reserves[i]);
        DataTypes.EModeCategory storage category = categories[c.category];
        category.liquidationThreshold = c.categoryThreshold;
        category.liquidationBonus = c.categoryBonus;
        category.collateralBitmap = c.categoryReserves;
        Outcome memory out;
        out.valued = true;
        (out.totalCollateral, out.totalDebt, , out.threshold, out.healthFactor, ) = GenericLogic.calculateUserAccountData(
            reserves,
            list,
            categories,
            DataTypes.CalculateUserAccountDataParams(users[USER], USER, address(this), c.category)
        );
        try this.liquidate(asset(c.collateral), asset(c.debt), c.cover, c.category) {
            out.done = true;
            out.repaid = Token(asset(c.debt)).moved();
            out.seized = Token(shares(c.collateral)).moved();
            out.fee = Token(shares(c.collateral)).fee();
        } catch {}
        revert Measured(out);
    }

    function fill(uint256 i, ReserveCase calldata r) private {
        DataTypes.ReserveData storage reserve = reserves[asset(i)];
        reserve.configuration.data = r.configuration;
        reserve.liquidityIndex = r.supplyIndex;
        reserve.currentLiquidityRate = r.supplyRate;
        reserve.variableBorrowIndex = r.debtIndex;
        reserve.currentVariableBorrowRate = r.debtRate;
        reserve.lastUpdateTimestamp = uint40(block.timestamp) - r.elapsed;
        reserve.id = uint16(i);
        reserve.aTokenAddress = shares(i);
        reserve.variableDebtTokenAddress = debts(i);
        reserve.virtualUnderlyingBalance = type(uint128).max / 2;
        list[i] = asset(i);
        getAssetPrice[asset(i)] = r.price;
        Token(shares(i)).give(USER, r.supply);
        Token(debts(i)).give(USER, r.debt);
        if (r.debt != 0) users[USER].data |= 1 << (2 * i);
        if (r.collateral) users[USER].data |= 2 << (2 * i);
    }

    function liquidate(address collateral, address debt, uint256 cover, uint8 category) external {
        LiquidationLogic.executeLiquidationCall(
            reserves,
            list,
            users,
            categories,
            DataTypes.ExecuteLiquidationCallParams({
                liquidator: address(0x11),
                debtToCover: cover,
                collateralAsset: collateral,
                debtAsset: debt,
                borrower: USER,
                receiveAToken: false,
                priceOracle: address(this),
                borrowerEModeCategory: category,
                priceOracleSentinel: address(0),
                interestRateStrategyAddress: address(this)
            })
        );
    }
}
