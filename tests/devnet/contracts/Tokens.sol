// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.20;

/// Balances, allowances and minting shared by all tokens here. Only listed minters may create tokens.
abstract contract TokenLedger {
    event Transfer(address indexed from, address indexed to, uint256 value);
    event Approval(address indexed owner, address indexed spender, uint256 value);

    string public name;
    string public symbol;
    uint8 public immutable decimals;
    uint256 public totalSupply;
    mapping(address => uint256) public balanceOf;
    mapping(address => mapping(address => uint256)) public allowance;
    mapping(address => bool) public isMinter;
    address public immutable admin;

    constructor(string memory name_, string memory symbol_, uint8 decimals_, address admin_) {
        name = name_;
        symbol = symbol_;
        decimals = decimals_;
        admin = admin_;
        isMinter[admin_] = true;
    }

    function setMinters(address[] calldata minters) external {
        require(msg.sender == admin, "not admin");
        for (uint256 i = 0; i < minters.length; i++) isMinter[minters[i]] = true;
    }

    function mint(address to, uint256 value) external {
        require(isMinter[msg.sender], "not minter");
        totalSupply += value;
        balanceOf[to] += value;
        emit Transfer(address(0), to, value);
    }

    function move(address from, address to, uint256 value) internal {
        require(balanceOf[from] >= value, "balance");
        unchecked { balanceOf[from] -= value; }
        balanceOf[to] += value;
        emit Transfer(from, to, value);
    }

    function spend(address owner, uint256 value) internal {
        uint256 allowed = allowance[owner][msg.sender];
        if (allowed == type(uint256).max) return;
        require(allowed >= value, "allowance");
        unchecked { allowance[owner][msg.sender] = allowed - value; }
    }

    function permitSpender(address spender, uint256 value) internal {
        allowance[msg.sender][spender] = value;
        emit Approval(msg.sender, spender, value);
    }
}

/// An ordinary ERC-20.
contract StandardToken is TokenLedger {
    constructor(string memory n, string memory s, uint8 d, address a) TokenLedger(n, s, d, a) {}

    function transfer(address to, uint256 value) external returns (bool) {
        move(msg.sender, to, value);
        return true;
    }

    function transferFrom(address from, address to, uint256 value) external returns (bool) {
        spend(from, value);
        move(from, to, value);
        return true;
    }

    function approve(address spender, uint256 value) external returns (bool) {
        permitSpender(spender, value);
        return true;
    }
}

/// Like mainnet's USDT: the three calls return nothing, and a non-zero allowance must be cleared before it changes.
contract NoReturnToken is TokenLedger {
    constructor(string memory n, string memory s, uint8 d, address a) TokenLedger(n, s, d, a) {}

    function transfer(address to, uint256 value) external { move(msg.sender, to, value); }

    function transferFrom(address from, address to, uint256 value) external {
        spend(from, value);
        move(from, to, value);
    }

    function approve(address spender, uint256 value) external {
        require(value == 0 || allowance[msg.sender][spender] == 0, "approve zero first");
        permitSpender(spender, value);
    }
}

/// Wrapped ether; minted units are backed because the devnet gives this contract ether.
contract WrappedEther is StandardToken {
    event Deposit(address indexed to, uint256 value);
    event Withdrawal(address indexed from, uint256 value);

    constructor(address a) StandardToken("Wrapped Ether", "WETH", 18, a) {}

    receive() external payable { deposit(); }

    function deposit() public payable {
        totalSupply += msg.value;
        balanceOf[msg.sender] += msg.value;
        emit Deposit(msg.sender, msg.value);
    }

    function withdraw(uint256 value) external {
        require(balanceOf[msg.sender] >= value, "balance");
        balanceOf[msg.sender] -= value;
        totalSupply -= value;
        emit Withdrawal(msg.sender, value);
        (bool sent,) = msg.sender.call{value: value}("");
        require(sent, "ether refused");
    }
}

/// What stETH is to wstETH: holds the ether per share, which changes without any event.
contract StakedEther {
    address public immutable admin;
    uint256 private etherPerShare_;

    constructor(address admin_, uint256 etherPerShare) {
        admin = admin_;
        etherPerShare_ = etherPerShare;
    }

    function setEtherPerShare(uint256 value) external {
        require(msg.sender == admin, "not admin");
        etherPerShare_ = value;
    }

    function getPooledEthByShares(uint256 shares) external view returns (uint256) {
        return shares * etherPerShare_ / 1e18;
    }
}

/// Wrapped staked ether with the ratio getters of the real one.
contract WrappedStakedEther is StandardToken {
    StakedEther public immutable stETH;

    constructor(address a, StakedEther stEther) StandardToken("Wrapped liquid staked Ether 2.0", "wstETH", 18, a) {
        stETH = stEther;
    }

    function stEthPerToken() external view returns (uint256) { return stETH.getPooledEthByShares(1 ether); }
}
