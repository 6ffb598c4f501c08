// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

interface IPool {
    function token0() external view returns (address);
    function token1() external view returns (address);
    function mint(address recipient, int24 lower, int24 upper, uint128 amount, bytes calldata data) external returns (uint256, uint256);
    function burn(int24 lower, int24 upper, uint128 amount) external returns (uint256, uint256);
    function swap(address recipient, bool zeroForOne, int256 amount, uint160 limit, bytes calldata data) external returns (int256, int256);
}

/// A token of which there is always enough.
contract FreeToken {
    mapping(address => uint256) public balanceOf;

    function mint(address to, uint256 amount) external {
        balanceOf[to] += amount;
    }

    function transfer(address to, uint256 amount) external returns (bool) {
        balanceOf[msg.sender] -= amount;
        balanceOf[to] += amount;
        return true;
    }
}

/// Provides liquidity, takes it away and swaps; pays with freshly minted tokens. A swap that fails is passed over.
contract PoolActor {
    function mint(IPool pool, int24 lower, int24 upper, uint128 amount) external {
        pool.mint(address(this), lower, upper, amount, "");
    }

    function burn(IPool pool, int24 lower, int24 upper, uint128 amount) external {
        pool.burn(lower, upper, amount);
    }

    function swap(IPool pool, bool zeroForOne, int256 amount, uint160 limit) external {
        try pool.swap(address(this), zeroForOne, amount, limit, "") {} catch {}
    }

    function uniswapV3MintCallback(uint256 owed0, uint256 owed1, bytes calldata) external {
        pay(owed0, owed1);
    }

    function uniswapV3SwapCallback(int256 delta0, int256 delta1, bytes calldata) external {
        pay(delta0 > 0 ? uint256(delta0) : 0, delta1 > 0 ? uint256(delta1) : 0);
    }

    function pay(uint256 owed0, uint256 owed1) private {
        if (owed0 > 0) FreeToken(IPool(msg.sender).token0()).mint(msg.sender, owed0);
        if (owed1 > 0) FreeToken(IPool(msg.sender).token1()).mint(msg.sender, owed1);
    }
}
