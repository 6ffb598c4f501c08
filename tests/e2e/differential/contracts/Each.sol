// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.10;

/// Makes many calls of one contract and takes what each answers; nothing where it reverts.
contract Each {
    function call(address to, bytes[] calldata calls) external view returns (bytes[] memory answers) {
        answers = new bytes[](calls.length);
        for (uint256 i = 0; i < calls.length; i++) {
            (bool success, bytes memory data) = to.staticcall(calls[i]);
            if (success) answers[i] = data;
        }
    }
}
