// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.20;

interface IPool {
    function liquidationCall(address collateral, address debt, address user, uint256 debtToCover, bool receiveAToken) external;
}

interface IToken {
    function balanceOf(address account) external view returns (uint256);
}

interface IScaledToken {
    function scaledBalanceOf(address account) external view returns (uint256);
    function RESERVE_TREASURY_ADDRESS() external view returns (address);
}

/// Stands in the place of an account that holds every asset and has approved the pool (by a state override of its code), liquidates
/// for it, measures what moved and takes everything back again.
contract LiquidationHarness {
    struct Item {
        address collateral;
        address aToken;
        address debt;
        address user;
        uint256 cover;
    }

    struct Outcome {
        bool done;
        uint256 repaid;
        uint256 seized;
        uint256 scaledFee;
    }

    error Measured(uint256 repaid, uint256 seized, uint256 scaledFee);

    function run(address pool, Item[] calldata items) external returns (Outcome[] memory outcomes) {
        outcomes = new Outcome[](items.length);
        for (uint256 i = 0; i < items.length; i++) {
            try this.one(pool, items[i]) {
                revert("one always reverts");
            } catch (bytes memory data) {
                if (data.length == 100 && bytes4(data) == Measured.selector) outcomes[i] = decode(data);
            }
        }
    }

    function one(address pool, Item calldata item) external {
        address treasury = IScaledToken(item.aToken).RESERVE_TREASURY_ADDRESS();
        uint256 debtBefore = IToken(item.debt).balanceOf(address(this));
        uint256 collateralBefore = IToken(item.collateral).balanceOf(address(this));
        uint256 feeBefore = IScaledToken(item.aToken).scaledBalanceOf(treasury);
        IPool(pool).liquidationCall(item.collateral, item.debt, item.user, item.cover, false);
        uint256 fee = IScaledToken(item.aToken).scaledBalanceOf(treasury) - feeBefore;
        if (item.collateral == item.debt) {
            unchecked {
                revert Measured(0, collateralBefore - IToken(item.debt).balanceOf(address(this)), fee);
            }
        }
        revert Measured(
            debtBefore - IToken(item.debt).balanceOf(address(this)),
            IToken(item.collateral).balanceOf(address(this)) - collateralBefore,
            fee
        );
    }

    function decode(bytes memory data) private pure returns (Outcome memory outcome) {
        outcome.done = true;
        assembly {
            mstore(add(outcome, 0x20), mload(add(data, 0x24)))
            mstore(add(outcome, 0x40), mload(add(data, 0x44)))
            mstore(add(outcome, 0x60), mload(add(data, 0x64)))
        }
    }
}
