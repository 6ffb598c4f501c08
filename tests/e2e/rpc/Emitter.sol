// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.20;

/// Emits logs on demand, answers, and refuses.
contract Emitter {
    event Noted(uint256 indexed call, uint256 indexed step, bytes data);
    error Refused(uint256 number);

    uint256 public calls;

    function note(uint256 count, uint256 size) external {
        uint256 call = ++calls;
        for (uint256 step = 0; step < count; ++step) emit Noted(call, step, new bytes(size));
    }

    function twice(uint256 number) external pure returns (uint256) {
        return 2 * number;
    }

    function refuse(uint256 number) external pure returns (uint256) {
        revert Refused(number);
    }
}
