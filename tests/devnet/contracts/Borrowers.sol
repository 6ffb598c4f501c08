// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.20;

interface IToken {
    function mint(address to, uint256 value) external;
}

interface IPool {
    function supply(address asset, uint256 amount, address onBehalfOf, uint16 referralCode) external;
    function borrow(address asset, uint256 amount, uint256 rateMode, uint16 referralCode, address onBehalfOf) external;
    function setUserUseReserveAsCollateral(address asset, bool use) external;
    function setUserEMode(uint8 category) external;
}

/// One borrower: does what its factory says. Deployed once; borrowers are 45-byte clones of it.
contract BorrowerAccount {
    address public immutable factory;

    constructor(address factory_) { factory = factory_; }

    function execute(address target, bytes calldata data) external {
        require(msg.sender == factory, "not factory");
        (bool success, bytes memory reason) = target.call(data);
        if (!success) assembly { revert(add(reason, 32), mload(reason)) }
    }
}

/// Makes borrowers in batches and lets the operators act through them.
contract BorrowerFactory {
    enum Use { automatic, enable, disable }
    struct Supply { uint8 asset; uint128 amount; Use use; }
    struct Borrow { uint8 asset; uint128 amount; }
    struct Plan { uint8 eMode; Supply[] supplies; Borrow[] borrows; }
    struct Action { address account; address target; bytes data; }

    IPool public immutable pool;
    address public immutable implementation;
    mapping(address => bool) public isOperator;
    address[] private assets_;

    constructor(IPool pool_, address[] memory operators) {
        pool = pool_;
        implementation = address(new BorrowerAccount(address(this)));
        for (uint256 i = 0; i < operators.length; i++) isOperator[operators[i]] = true;
    }

    modifier onlyOperator() {
        require(isOperator[msg.sender], "not operator");
        _;
    }

    /// Lists an asset, mints working capital and approves the pool; low-level because some tokens return nothing.
    function listAsset(address asset, uint256 capital) external onlyOperator {
        assets_.push(asset);
        IToken(asset).mint(address(this), capital);
        (bool success,) = asset.call(abi.encodeWithSignature("approve(address,uint256)", address(pool), type(uint256).max));
        require(success, "approve failed");
    }

    function supplyFor(address account, uint8 asset, uint256 amount) external onlyOperator {
        pool.supply(assets_[asset], amount, account, 0);
    }

    function seed(uint256 firstIndex, Plan[] calldata plans) external onlyOperator {
        for (uint256 i = 0; i < plans.length; i++) open(BorrowerAccount(clone(firstIndex + i)), plans[i]);
    }

    /// The category comes first: some assets are collateral in one only.
    function open(BorrowerAccount account, Plan calldata plan) private {
        if (plan.eMode != 0) account.execute(address(pool), abi.encodeCall(IPool.setUserEMode, (plan.eMode)));
        for (uint256 i = 0; i < plan.supplies.length; i++) {
            Supply calldata leg = plan.supplies[i];
            address asset = assets_[leg.asset];
            pool.supply(asset, leg.amount, address(account), 0);
            if (leg.use == Use.automatic) continue;
            account.execute(address(pool), abi.encodeCall(IPool.setUserUseReserveAsCollateral, (asset, leg.use == Use.enable)));
        }
        for (uint256 i = 0; i < plan.borrows.length; i++) {
            Borrow calldata leg = plan.borrows[i];
            account.execute(address(pool), abi.encodeCall(IPool.borrow, (assets_[leg.asset], leg.amount, 2, 0, address(account))));
        }
    }

    function perform(Action[] calldata actions) external onlyOperator {
        for (uint256 i = 0; i < actions.length; i++) {
            BorrowerAccount(actions[i].account).execute(actions[i].target, actions[i].data);
        }
    }

    /// ERC-1167 creation code around the implementation.
    function cloneCode() private view returns (bytes memory) {
        return abi.encodePacked(hex"3d602d80600a3d3981f3363d3d373d3d3d363d73", implementation, hex"5af43d82803e903d91602b57fd5bf3");
    }

    function clone(uint256 index) private returns (address account) {
        bytes memory code = cloneCode();
        assembly { account := create2(0, add(code, 32), mload(code), index) }
        require(account != address(0), "clone failed");
    }

    function accountAt(uint256 index) public view returns (address) {
        bytes32 hash = keccak256(abi.encodePacked(bytes1(0xff), address(this), index, keccak256(cloneCode())));
        return address(uint160(uint256(hash)));
    }

    function accountsAt(uint256 first, uint256 count) external view returns (address[] memory accounts) {
        accounts = new address[](count);
        for (uint256 i = 0; i < count; i++) accounts[i] = accountAt(first + i);
    }
}
