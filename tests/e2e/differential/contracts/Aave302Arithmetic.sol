// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.10;

import {MathUtils} from '@aave/core-v3/contracts/protocol/libraries/math/MathUtils.sol';
import {PercentageMath} from '@aave/core-v3/contracts/protocol/libraries/math/PercentageMath.sol';
import {WadRayMath} from '@aave/core-v3/contracts/protocol/libraries/math/WadRayMath.sol';
import {ScaledBalanceTokenBase} from '@aave/core-v3/contracts/protocol/tokenization/base/ScaledBalanceTokenBase.sol';
import {IPool} from '@aave/core-v3/contracts/interfaces/IPool.sol';

/// The roundings of Aave V3.0.2, and a token of it that is minted and burnt at will.
contract Aave302Arithmetic is ScaledBalanceTokenBase {
    constructor() ScaledBalanceTokenBase(IPool(address(0)), '', '', 0) {}

    function play(address user, bool, bool[] calldata mints, uint256[] calldata amounts, uint256[] calldata indices)
        external
        returns (uint256[] memory after_)
    {
        after_ = new uint256[](mints.length);
        for (uint256 i = 0; i < mints.length; i++) {
            if (mints[i]) _mintScaled(user, user, amounts[i], indices[i]);
            else _burnScaled(user, user, amounts[i], indices[i]);
            after_[i] = _userState[user].balance;
        }
    }

    function round(uint256 which, uint256 a, uint256 b, uint256 percentage, uint256 rate, uint256 elapsed)
        external
        view
        returns (uint256)
    {
        if (which == 0) return WadRayMath.rayMul(a, b);
        if (which == 1) return WadRayMath.rayDiv(a, b);
        if (which == 2) return WadRayMath.wadDiv(a, b);
        if (which == 3) return PercentageMath.percentMul(a, percentage);
        if (which == 4) return PercentageMath.percentDiv(a, percentage);
        if (which == 5) return MathUtils.calculateLinearInterest(rate, uint40(block.timestamp - elapsed));
        return MathUtils.calculateCompoundedInterest(rate, 0, elapsed);
    }
}
