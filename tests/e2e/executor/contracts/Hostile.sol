// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

// Lenders, tokens, venues, routers and operators that do each wrong thing that the Executor must survive.

interface ICallback {
    function executeOperation(address asset, uint256 amount, uint256 premium, address initiator, bytes calldata params)
        external
        returns (bool);
}

/// Calls whatever it is told to, and passes a refusal on.
contract Caller {
    function forward(address target, bytes memory data) public returns (bytes memory) {
        (bool done, bytes memory answer) = target.call(data);
        if (!done) {
            assembly ("memory-safe") {
                revert(add(answer, 0x20), mload(answer))
            }
        }
        return answer;
    }

    /// The same twice within one transaction.
    function forwardTwice(address target, bytes memory data) external {
        forward(target, data);
        forward(target, data);
    }

    receive() external payable {}
}

/// An ERC-20 token that can behave like USDT, answer false, charge a fee, or call out while it is transferred.
contract TestToken {
    enum Style {
        plain,
        usdt,
        answersFalse,
        charges
    }

    Style public style;
    address public hookTarget;
    bytes public hookData;
    mapping(address => uint256) public balanceOf;
    mapping(address => mapping(address => uint256)) public allowance;

    event Approval(address indexed owner, address indexed spender, uint256 value);
    event Transfer(address indexed from, address indexed to, uint256 value);

    error ClearFirst();
    error NotEnough();

    constructor(Style style_) {
        style = style_;
    }

    function mint(address to, uint256 amount) external {
        balanceOf[to] += amount;
    }

    /// `target` is called with `data` on the next transfer, once.
    function setHook(address target, bytes calldata data) external {
        hookTarget = target;
        hookData = data;
    }

    /// Any holder's allowance can be set from outside, to stage what an earlier plan may have left.
    function setAllowance(address holder, address spender, uint256 amount) external {
        allowance[holder][spender] = amount;
    }

    function approve(address spender, uint256 amount) external {
        if (style == Style.usdt && amount != 0 && allowance[msg.sender][spender] != 0) revert ClearFirst();
        allowance[msg.sender][spender] = amount;
        emit Approval(msg.sender, spender, amount);
        _answer();
    }

    function transfer(address to, uint256 amount) external {
        _move(msg.sender, to, amount);
        _answer();
    }

    function transferFrom(address from, address to, uint256 amount) external {
        if (allowance[from][msg.sender] < amount) revert NotEnough();
        allowance[from][msg.sender] -= amount;
        _move(from, to, amount);
        _answer();
    }

    function _move(address from, address to, uint256 amount) private {
        if (balanceOf[from] < amount) revert NotEnough();
        balanceOf[from] -= amount;
        balanceOf[to] += style == Style.charges ? amount - amount / 100 : amount;
        emit Transfer(from, to, amount);
        address target = hookTarget;
        if (target == address(0)) return;
        hookTarget = address(0);
        (bool done, bytes memory answer) = target.call(hookData);
        if (!done) {
            assembly ("memory-safe") {
                revert(add(answer, 0x20), mload(answer))
            }
        }
    }

    /// Nothing for USDT, else one word.
    function _answer() private view {
        if (style == Style.usdt) return;
        bool said = style != Style.answersFalse;
        assembly ("memory-safe") {
            mstore(0, said)
            return(0, 0x20)
        }
    }
}

/// A flash lender with Aave's interface; the premium is 1 in 1,000.
contract TestLender {
    enum Manner {
        honest,
        noCallback,
        foreignInitiator,
        alteredPlan,
        twice,
        throughAnother,
        pullsLess
    }

    Manner public manner;
    Caller public immutable another = new Caller();

    function setManner(Manner manner_) external {
        manner = manner_;
    }

    function flashLoanSimple(address to, TestToken asset, uint256 amount, bytes memory params, uint16) external {
        if (manner == Manner.noCallback) return;
        asset.transfer(to, amount);
        uint256 premium = amount / 1000;
        address initiator = manner == Manner.foreignInitiator ? address(this) : msg.sender;
        if (manner == Manner.alteredPlan) params[params.length - 1] ^= 0x01;
        bytes memory callback =
            abi.encodeCall(ICallback.executeOperation, (address(asset), amount, premium, initiator, params));
        if (manner == Manner.throughAnother) {
            another.forward(to, callback);
        } else {
            _call(to, callback);
        }
        if (manner == Manner.twice) _call(to, callback);
        asset.transferFrom(to, address(this), manner == Manner.pullsLess ? amount : amount + premium);
    }

    function _call(address to, bytes memory callback) private {
        (bool done, bytes memory answer) = to.call(callback);
        if (!done) {
            assembly ("memory-safe") {
                revert(add(answer, 0x20), mload(answer))
            }
        }
        require(abi.decode(answer, (bool)), "callback answered false");
    }
}

/// A venue: takes one token, gives another.
contract TestVenue {
    error Healthy(uint256 healthFactor);

    function trade(TestToken takes, uint256 amountIn, TestToken gives, uint256 amountOut) external {
        if (amountIn != 0) takes.transferFrom(msg.sender, address(this), amountIn);
        if (amountOut != 0) gives.transfer(msg.sender, amountOut);
    }

    function refuse() external pure {
        revert Healthy(42);
    }

    function refuseInWords() external pure {
        revert("45");
    }

    function sendEther(address payable to) external {
        (bool done, bytes memory answer) = to.call{value: 1}("");
        if (!done) {
            assembly ("memory-safe") {
                revert(add(answer, 0x20), mload(answer))
            }
        }
    }

    receive() external payable {}
}

/// A router of both kinds that swaps one for one and leaves as much of the approval unused as it is told.
contract TestRouter {
    struct ExactInputParams {
        bytes path;
        address recipient;
        uint256 deadline;
        uint256 amountIn;
        uint256 amountOutMinimum;
    }

    struct ExactInput02Params {
        bytes path;
        address recipient;
        uint256 amountIn;
        uint256 amountOutMinimum;
    }

    uint256 public unused;

    function setUnused(uint256 amount) external {
        unused = amount;
    }

    function exactInput(ExactInputParams calldata params) external returns (uint256 amountOut) {
        require(params.deadline >= block.timestamp, "too old");
        return swap(params.path, params.recipient, params.amountIn);
    }

    function exactInput(ExactInput02Params calldata params) external returns (uint256 amountOut) {
        return swap(params.path, params.recipient, params.amountIn);
    }

    function swap(bytes calldata path, address recipient, uint256 amountIn) private returns (uint256 amountOut) {
        TestToken takes = TestToken(address(bytes20(path[:20])));
        TestToken gives = TestToken(address(bytes20(path[path.length - 20:])));
        amountOut = amountIn - unused;
        takes.transferFrom(msg.sender, address(this), amountOut);
        gives.transfer(recipient, amountOut);
    }
}

/// Refuses every payment.
contract Refuser {
    receive() external payable {
        revert("no thanks");
    }
}
