// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.20;

interface IMintable {
    function mint(address to, uint256 value) external;
}

interface IPair {
    function token0() external view returns (address);
    function token1() external view returns (address);
    function slot0() external view returns (uint160, int24, uint16, uint16, uint16, uint8, bool);
    function mint(address recipient, int24 lower, int24 upper, uint128 amount, bytes calldata data) external returns (uint256, uint256);
    function swap(address recipient, bool zeroForOne, int256 amount, uint160 limit, bytes calldata data) external returns (int256, int256);
}

/// Provides liquidity to Uniswap V3 pools and moves them to a price; pays with freshly minted tokens.
contract PoolDriver {
    struct Range { int24 lower; int24 upper; uint128 liquidity; }

    mapping(address => bool) public isOperator;
    address private active_;

    constructor(address[] memory operators) {
        for (uint256 i = 0; i < operators.length; i++) isOperator[operators[i]] = true;
    }

    modifier onlyOperator() {
        require(isOperator[msg.sender], "not operator");
        _;
    }

    function provide(address pool, Range[] calldata ranges) external onlyOperator {
        active_ = pool;
        for (uint256 i = 0; i < ranges.length; i++) {
            IPair(pool).mint(address(this), ranges[i].lower, ranges[i].upper, ranges[i].liquidity, "");
        }
        active_ = address(0);
    }

    /// Swaps each pool until its price is the target, however much that takes.
    function moveTo(address[] calldata pools, uint160[] calldata targets) external onlyOperator {
        for (uint256 i = 0; i < pools.length; i++) {
            (uint160 current,,,,,,) = IPair(pools[i]).slot0();
            if (current == targets[i]) continue;
            active_ = pools[i];
            IPair(pools[i]).swap(address(this), targets[i] < current, type(int256).max, targets[i], "");
        }
        active_ = address(0);
    }

    function uniswapV3MintCallback(uint256 owed0, uint256 owed1, bytes calldata) external { pay(owed0, owed1); }

    function uniswapV3SwapCallback(int256 delta0, int256 delta1, bytes calldata) external {
        pay(delta0 > 0 ? uint256(delta0) : 0, delta1 > 0 ? uint256(delta1) : 0);
    }

    function pay(uint256 owed0, uint256 owed1) private {
        require(msg.sender == active_, "not the active pool");
        if (owed0 > 0) IMintable(IPair(msg.sender).token0()).mint(msg.sender, owed0);
        if (owed1 > 0) IMintable(IPair(msg.sender).token1()).mint(msg.sender, owed1);
    }
}
