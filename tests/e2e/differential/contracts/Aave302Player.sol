// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.10;

import {DataTypes} from '@aave/core-v3/contracts/protocol/libraries/types/DataTypes.sol';
import {GenericLogic} from '@aave/core-v3/contracts/protocol/libraries/logic/GenericLogic.sol';
import {LiquidationLogic} from '@aave/core-v3/contracts/protocol/libraries/logic/LiquidationLogic.sol';
import {ReserveLogic} from '@aave/core-v3/contracts/protocol/libraries/logic/ReserveLogic.sol';
import {WadRayMath} from '@aave/core-v3/contracts/protocol/libraries/math/WadRayMath.sol';
import {Case, CasePlayer, Outcome, ReserveCase} from './AaveCase.sol';

/// Stands for an asset, its aToken or a debt token: who has what, and what a liquidation moves.
contract Token {
    using WadRayMath for uint256;

    mapping(address => uint256) public scaledBalanceOf;
    uint256 public scaledTotalSupply;
    uint256 public index;
    uint256 public moved;
    uint256 public fee;

    function give(address to, uint256 scaled, uint256 at) external {
        scaledBalanceOf[to] = scaled;
        scaledTotalSupply = scaled;
        index = at;
    }
    function balanceOf(address who) external view returns (uint256) {
        return scaledBalanceOf[who].rayMul(index);
    }
    function burn(address from, address, uint256 amount, uint256 at) external {
        moved += amount;
        take(from, amount.rayDiv(at));
    }
    function burn(address from, uint256 amount, uint256 at) external returns (uint256) {
        take(from, amount.rayDiv(at));
        return scaledTotalSupply;
    }
    function take(address from, uint256 scaled) private {
        require(scaled != 0, '25');
        scaledBalanceOf[from] -= scaled;
        scaledTotalSupply -= scaled;
    }
    function transferOnLiquidation(address from, address, uint256 amount) external {
        scaledBalanceOf[from] -= amount.rayDiv(index);
        fee += amount;
    }
    function transferFrom(address, address, uint256 amount) external returns (bool) {
        moved += amount;
        return true;
    }
    function handleRepayment(address, address, uint256) external {}
    function getTotalSupplyAndAvgRate() external pure returns (uint256, uint256) {
        return (0, 0);
    }
    function getSupplyData() external pure returns (uint256, uint256, uint256, uint40) {
        return (0, 0, 0, 0);
    }
    function RESERVE_TREASURY_ADDRESS() external view returns (address) {
        return address(this);
    }
}

/// The real libraries of Aave V3.0.2 over storage filled from a case.
contract Aave302Player is CasePlayer {
    using ReserveLogic for DataTypes.ReserveData;

    mapping(address => DataTypes.ReserveData) internal reserves;
    mapping(uint256 => address) internal list;
    mapping(address => DataTypes.UserConfigurationMap) internal users;
    mapping(uint8 => DataTypes.EModeCategory) internal categories;
    mapping(address => uint256) public getAssetPrice;

    function calculateInterestRates(DataTypes.CalculateInterestRatesParams memory)
        external
        pure
        returns (uint256, uint256, uint256)
    {
        return (0, 0, 0);
    }

    function one(Case calldata c) external override {
        for (uint256 i = 0; i < c.reserves.length; i++) fill(i, c.reserves[i]);
        DataTypes.EModeCategory storage category = categories[c.category];
        category.liquidationThreshold = c.categoryThreshold;
        category.liquidationBonus = c.categoryBonus;
        Outcome memory out;
        out.valued = true;
        (out.totalCollateral, out.totalDebt, , out.threshold, out.healthFactor, ) = GenericLogic.calculateUserAccountData(
            reserves,
            list,
            categories,
            DataTypes.CalculateUserAccountDataParams(users[USER], c.reserves.length, USER, address(this), c.category)
        );
        try this.liquidate(asset(c.collateral), asset(c.debt), c.cover, c.category, c.reserves.length) {
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
        reserve.stableDebtTokenAddress = address(uint160(0xC0000 + i));
        reserve.interestRateStrategyAddress = address(this);
        list[i] = asset(i);
        getAssetPrice[asset(i)] = r.price;
        Token(shares(i)).give(USER, r.supply, reserve.getNormalizedIncome());
        Token(debts(i)).give(USER, r.debt, reserve.getNormalizedDebt());
        if (r.debt != 0) users[USER].data |= 1 << (2 * i);
        if (r.collateral) users[USER].data |= 2 << (2 * i);
    }

    function liquidate(address collateral, address debt, uint256 cover, uint8 category, uint256 count) external {
        LiquidationLogic.executeLiquidationCall(
            reserves,
            list,
            users,
            categories,
            DataTypes.ExecuteLiquidationCallParams({
                reservesCount: count,
                debtToCover: cover,
                collateralAsset: collateral,
                debtAsset: debt,
                user: USER,
                receiveAToken: false,
                priceOracle: address(this),
                userEModeCategory: category,
                priceOracleSentinel: address(0)
            })
        );
    }
}
