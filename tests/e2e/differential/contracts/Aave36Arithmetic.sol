// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.10;

import {MathUtils} from 'aave-v3-origin/protocol/libraries/math/MathUtils.sol';
import {PercentageMath} from 'aave-v3-origin/protocol/libraries/math/PercentageMath.sol';
import {WadRayMath} from 'aave-v3-origin/protocol/libraries/math/WadRayMath.sol';
import {TokenMath} from 'aave-v3-origin/protocol/libraries/helpers/TokenMath.sol';
import {ScaledBalanceTokenBase} from 'aave-v3-origin/protocol/tokenization/base/ScaledBalanceTokenBase.sol';
import {IPool} from 'aave-v3-origin/interfaces/IPool.sol';

/// The roundings of Aave V3.6, and a token of it that is minted and burnt at will.
contract Aave36Arithmetic is ScaledBalanceTokenBase {
    constructor() ScaledBalanceTokenBase(IPool(address(0)), '', '', 0, address(0)) {}

    function play(address user, bool supply, bool[] calldata mints, uint256[] calldata scaled, uint256[] calldata indices)
        external
        returns (uint256[] memory after_)
    {
        after_ = new uint256[](mints.length);
        for (uint256 i = 0; i < mints.length; i++) {
            if (mints[i]) {
                if (supply) _mintScaled(user, user, scaled[i], indices[i], TokenMath.getATokenBalance);
                else _mintScaled(user, user, scaled[i], indices[i], TokenMath.getVTokenBalance);
            } else {
                if (supply) _burnScaled(user, user, scaled[i], indices[i], TokenMath.getATokenBalance);
                else _burnScaled(user, user, scaled[i], indices[i], TokenMath.getVTokenBalance);
            }
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
        if (which == 6) return MathUtils.calculateCompoundedInterest(rate, 0, elapsed);
        if (which == 7) return WadRayMath.rayMulFloor(a, b);
        if (which == 8) return WadRayMath.rayMulCeil(a, b);
        if (which == 9) return WadRayMath.rayDivFloor(a, b);
        if (which == 10) return WadRayMath.rayDivCeil(a, b);
        if (which == 11) return PercentageMath.percentMulFloor(a, percentage);
        if (which == 12) return PercentageMath.percentMulCeil(a, percentage);
        return PercentageMath.percentDivCeil(a, percentage);
    }
}
