// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.10;

/// One reserve of a random market, and what the account has of it.
struct ReserveCase {
    uint256 configuration; // the pool's bitmap
    uint128 supplyIndex;
    uint128 supplyRate;
    uint128 debtIndex;
    uint128 debtRate;
    uint40 elapsed; // seconds since indices and rates were written
    uint256 price;
    uint256 supply; // scaled
    uint256 debt; // scaled
    bool collateral;
}

/// One account and one liquidation of it.
struct Case {
    ReserveCase[] reserves;
    uint8 category;
    uint16 categoryThreshold;
    uint16 categoryBonus;
    uint128 categoryReserves;
    uint256 collateral; // place in `reserves`
    uint256 debt;
    uint256 cover;
}

/// What the contracts' own code makes of it.
struct Outcome {
    bool valued;
    uint256 totalCollateral;
    uint256 totalDebt;
    uint256 threshold;
    uint256 healthFactor;
    bool done;
    uint256 repaid;
    uint256 seized;
    uint256 fee;
}

/// Plays every case on a market of its own and takes it back.
abstract contract CasePlayer {
    error Measured(Outcome outcome);

    address internal constant USER = address(0xACC0);

    function asset(uint256 i) internal pure returns (address) {
        return address(uint160(0xA0000 + i));
    }
    function shares(uint256 i) internal pure returns (address) {
        return address(uint160(0xB0000 + i));
    }
    function debts(uint256 i) internal pure returns (address) {
        return address(uint160(0xD0000 + i));
    }

    function run(Case[] calldata cases) external returns (Outcome[] memory outcomes) {
        outcomes = new Outcome[](cases.length);
        for (uint256 i = 0; i < cases.length; i++) {
            try this.one(cases[i]) {
                revert('one always reverts');
            } catch (bytes memory data) {
                if (bytes4(data) == Measured.selector) outcomes[i] = decode(data);
            }
        }
    }

    function one(Case calldata c) external virtual;

    function decode(bytes memory data) private pure returns (Outcome memory outcome) {
        bytes memory body = new bytes(data.length - 4);
        for (uint256 i = 32; i <= body.length; i += 32) {
            assembly {
                mstore(add(body, i), mload(add(add(data, 4), i)))
            }
        }
        outcome = abi.decode(body, (Outcome));
    }
}
