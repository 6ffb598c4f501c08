// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

// Lenders with the interfaces of Uniswap V3, Balancer V2 and Morpho that do each wrong thing on demand.

/// Lets everybody do everything: for setting the vault's fee.
contract OpenAuthorizer {
    function canPerform(bytes32, address, address) external pure returns (bool) {
        return true;
    }
}

contract Relay {
    function forward(address target, bytes memory data) external {
        (bool done, bytes memory answer) = target.call(data);
        if (!done) {
            assembly ("memory-safe") {
                revert(add(answer, 0x20), mload(answer))
            }
        }
    }
}

/// Answers a loan with the calls it was told, in which the plan's bytes stand for the word PLAN at their end.
contract HostileLender {
    Relay public immutable relay = new Relay();
    address public token0;
    uint8 public kind;
    uint8 public times;
    bool public altered;
    bool public throughRelay;
    address public token;
    uint256 public amount;

    /// How the next loans are answered: by the callback of `kind_`, so many times, with this token and amount.
    function set(uint8 kind_, uint8 times_, bool altered_, bool throughRelay_, address token_, uint256 amount_) external {
        (kind, times, altered, throughRelay, token, amount) = (kind_, times_, altered_, throughRelay_, token_, amount_);
    }

    function flashLoanSimple(address to, address, uint256, bytes calldata data, uint16) external {
        answer(to, data);
    }

    function flash(address to, uint256, uint256, bytes calldata data) external {
        answer(to, data);
    }

    function flashLoan(address to, address[] calldata, uint256[] calldata, bytes calldata data) external {
        answer(to, data);
    }

    function flashLoan(address, uint256, bytes calldata data) external {
        answer(msg.sender, data);
    }

    function answer(address to, bytes memory plan) private {
        if (altered) plan[plan.length - 1] ^= 0x01;
        bytes memory data = callback(plan);
        for (uint256 i = 0; i < times; ++i) {
            if (throughRelay) relay.forward(to, data);
            else direct(to, data);
        }
    }

    function callback(bytes memory plan) private view returns (bytes memory) {
        if (kind == 0) {
            return abi.encodeWithSignature(
                "executeOperation(address,uint256,uint256,address,bytes)", token, amount, 0, msg.sender, plan
            );
        }
        if (kind == 1) return abi.encodeWithSignature("uniswapV3FlashCallback(uint256,uint256,bytes)", 0, 0, plan);
        if (kind == 3) return abi.encodeWithSignature("onMorphoFlashLoan(uint256,bytes)", amount, plan);
        (address[] memory tokens, uint256[] memory amounts) = (new address[](1), new uint256[](1));
        (tokens[0], amounts[0]) = (token, amount);
        return abi.encodeWithSignature(
            "receiveFlashLoan(address[],uint256[],uint256[],bytes)", tokens, amounts, new uint256[](1), plan
        );
    }

    function direct(address to, bytes memory data) private {
        (bool done, bytes memory said) = to.call(data);
        if (!done) {
            assembly ("memory-safe") {
                revert(add(said, 0x20), mload(said))
            }
        }
    }
}
