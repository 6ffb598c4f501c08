// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

interface IERC20 {
    function balanceOf(address account) external view returns (uint256);
    function allowance(address owner, address spender) external view returns (uint256);
    function approve(address spender, uint256 amount) external returns (bool);
    function transfer(address to, uint256 amount) external returns (bool);
}

interface IWrappedEther { function withdraw(uint256 amount) external; }

interface IAaveV3Pool { function flashLoanSimple(address receiver, address asset, uint256 amount, bytes calldata params, uint16 referral) external; }

interface IUniswapV3Pool {
    function token0() external view returns (address);
    function flash(address recipient, uint256 amount0, uint256 amount1, bytes calldata data) external;
}

interface IBalancerV2Vault { function flashLoan(address recipient, address[] calldata tokens, uint256[] calldata amounts, bytes calldata data) external; }

interface IMorpho { function flashLoan(address token, uint256 assets, bytes calldata data) external; }

/// Uniswap V3's routers: the parameters of the classic SwapRouter carry a deadline, those of SwapRouter02 do not.
interface ISwapRouter {
    struct ExactInput { bytes path; address recipient; uint256 deadline; uint256 amountIn; uint256 amountOutMinimum; }
    struct ExactInput02 { bytes path; address recipient; uint256 amountIn; uint256 amountOutMinimum; }

    function exactInput(ExactInput calldata params) external payable returns (uint256 amountOut);
    function exactInput(ExactInput02 calldata params) external payable returns (uint256 amountOut);
}

/// Carries out one liquidation with borrowed money, or reverts as a whole.
///
/// Flash loan, venue calls, exit swaps, repayment, minimum profit, optional builder share, profit to the receiver.
/// The contract holds nothing between two transactions and nobody should ever approve it to spend their tokens.
contract Executor {
    /// One call to a venue. Up to `approveAmount` of `approveToken` may be pulled by `target` while it runs;
    /// WHOLE means the balance held at that moment, a zero `approveToken` means no approval.
    struct Call {
        address target;
        address approveToken;
        uint256 approveAmount;
        bytes data;
    }

    /// One exit swap along `path` (token, fee, token, ...): exactInput of the classic SwapRouter (`kind` 0) or of
    /// SwapRouter02 (1). `amountIn` WHOLE means all that is held of `tokenIn`, less what the lender is owed when
    /// `tokenIn` is the flash token. A swap of nothing is passed over, but both ends of its path are still emptied
    /// to the receiver afterwards.
    struct Swap {
        uint8 kind;
        address router;
        address tokenIn;
        uint256 amountIn;
        bytes path;
    }

    /// All that one transaction does. `minProfit` is in units of `profitToken` and is what the receiver gets at least;
    /// `builderShareBps` is the share, in basis points, of the profit above it that goes to the block's builder.
    struct Plan {
        uint8 flashSource;
        address flashLender;
        address flashToken;
        uint256 flashAmount;
        Call[] calls;
        Swap[] swaps;
        address profitToken;
        uint256 minProfit;
        uint64 lastBlock;
        uint16 builderShareBps;
    }

    uint256 private constant WHOLE = type(uint256).max;
    uint8 private constant FLASH_AAVE_V3 = 0;
    uint8 private constant FLASH_UNISWAP_V3 = 1;
    uint8 private constant FLASH_BALANCER_V2 = 2;
    uint8 private constant FLASH_MORPHO = 3;
    uint8 private constant SWAP_ROUTER = 0;
    uint8 private constant SWAP_ROUTER_02 = 1;
    uint256 private constant BPS = 10_000;

    // The phases of one execution. While the lender's callback is awaited, the phase is the hash of the encoded plan.
    bytes32 private constant IDLE = 0;
    bytes32 private constant BORROWED = bytes32(uint256(1));
    bytes32 private constant UNWRAPPING = bytes32(uint256(2));

    bytes32 private transient phase;

    address public owner;
    address public pendingOwner;
    /// The only address that may call `execute`; zero stops the contract.
    address public operator;
    /// Where every profit and every leftover goes.
    address public receiver;

    event Executed(address indexed profitToken, uint256 profit, uint256 builderPaid);
    event OwnershipTransferStarted(address indexed from, address indexed to);
    event OwnershipTransferred(address indexed from, address indexed to);
    event OperatorChanged(address indexed operator);
    event ReceiverChanged(address indexed receiver);

    error NotOwner();
    error NotPendingOwner();
    error NotOperator();
    error ZeroAddress();
    error DeadlinePassed(uint256 blockNumber, uint256 lastBlock);
    error BuilderShareTooHigh(uint256 bps);
    error UnknownFlashSource(uint256 kind);
    error UnknownSwapKind(uint256 kind);
    error Reentered();
    error NotExecuting();
    error PlanMismatch();
    error NotLender(address caller);
    error NotInitiator(address initiator);
    error WrongCallback(uint256 kind);
    error LoanMismatch();
    error CallbackMissing();
    error NotAContract(address target);
    error TokenCallFailed(address token);
    error ProfitBelowMinimum(uint256 profit, uint256 minimum);
    error BuilderPaymentFailed();
    error EtherTransferFailed();
    error UnexpectedEther();

    modifier onlyOwner() {
        if (msg.sender != owner) revert NotOwner();
        _;
    }

    constructor(address owner_, address operator_, address receiver_) {
        if (owner_ == address(0) || receiver_ == address(0)) revert ZeroAddress();
        owner = owner_;
        operator = operator_;
        receiver = receiver_;
        emit OwnershipTransferred(address(0), owner_);
        emit OperatorChanged(operator_);
        emit ReceiverChanged(receiver_);
    }

    /// Number of this contract's interface; the keeper refuses a number it does not know.
    function version() external pure returns (uint256) {
        return 3;
    }

    /// Carries out the plan, in the block `lastBlock` at the latest, or reverts. Operator only.
    /// Answers what the receiver gets of the profit token, for whoever asks by eth_call.
    function execute(Plan calldata plan) external returns (uint256 profit) {
        if (msg.sender != operator) revert NotOperator();
        if (block.number > plan.lastBlock) revert DeadlinePassed(block.number, plan.lastBlock);
        if (plan.builderShareBps > BPS) revert BuilderShareTooHigh(plan.builderShareBps);
        if (phase != IDLE) revert Reentered();
        _borrow(plan, msg.data[4:]);
        address to = receiver;
        _returnLeftovers(plan, to);
        profit = _payProfit(plan, to);
        phase = IDLE;
    }

    /// Callback of an Aave V3 flash loan. Of each callback: only the lender of the plan in execution gets past the checks,
    /// once, and only by the callback that belongs to the plan's kind of lender.
    function executeOperation(address asset, uint256 amount, uint256 premium, address initiator, bytes calldata data)
        external
        returns (bool)
    {
        Plan calldata plan = _lent(FLASH_AAVE_V3, data);
        if (initiator != address(this)) revert NotInitiator(initiator);
        if (asset != plan.flashToken || amount != plan.flashAmount) revert LoanMismatch();
        uint256 owed = amount + premium;
        _runPlan(plan, owed);
        _approve(asset, msg.sender, owed);
        return true;
    }

    /// Callback of a Uniswap V3 pool's flash. One of the fees is zero, as only one token is borrowed.
    function uniswapV3FlashCallback(uint256 fee0, uint256 fee1, bytes calldata data) external {
        Plan calldata plan = _lent(FLASH_UNISWAP_V3, data);
        uint256 owed = plan.flashAmount + fee0 + fee1;
        _runPlan(plan, owed);
        _transfer(plan.flashToken, msg.sender, owed);
    }

    /// Callback of the Balancer V2 vault, which lends to whomever a caller names: the plan's hash tells our loan.
    function receiveFlashLoan(address[] calldata tokens, uint256[] calldata amounts, uint256[] calldata fees, bytes calldata data)
        external
    {
        Plan calldata plan = _lent(FLASH_BALANCER_V2, data);
        if (tokens.length != 1 || amounts.length != 1 || fees.length != 1) revert LoanMismatch();
        if (tokens[0] != plan.flashToken || amounts[0] != plan.flashAmount) revert LoanMismatch();
        uint256 owed = amounts[0] + fees[0];
        _runPlan(plan, owed);
        _transfer(tokens[0], msg.sender, owed);
    }

    /// Callback of a Morpho flash loan, which is free.
    function onMorphoFlashLoan(uint256 assets, bytes calldata data) external {
        Plan calldata plan = _lent(FLASH_MORPHO, data);
        if (assets != plan.flashAmount) revert LoanMismatch();
        _runPlan(plan, assets);
        _approve(plan.flashToken, msg.sender, assets);
    }

    /// Names the next owner, who must accept. Owner only.
    function transferOwnership(address next) external onlyOwner {
        pendingOwner = next;
        emit OwnershipTransferStarted(owner, next);
    }

    function acceptOwnership() external {
        if (msg.sender != pendingOwner) revert NotPendingOwner();
        emit OwnershipTransferred(owner, msg.sender);
        owner = msg.sender;
        delete pendingOwner;
    }

    /// Replaces the operator; zero stops the contract. Owner only.
    function setOperator(address next) external onlyOwner {
        operator = next;
        emit OperatorChanged(next);
    }

    function setReceiver(address next) external onlyOwner {
        if (next == address(0)) revert ZeroAddress();
        receiver = next;
        emit ReceiverChanged(next);
    }

    /// Sends the whole balance of `token` (zero: Ether) to `to`, for what arrived here by mistake. Owner only.
    function sweep(address token, address to) external onlyOwner {
        if (to == address(0)) revert ZeroAddress();
        if (token != address(0)) {
            _sendAll(token, to);
            return;
        }
        (bool sent,) = to.call{value: address(this).balance}("");
        if (!sent) revert EtherTransferFailed();
    }

    /// Ether is taken only while the builder's share is being unwrapped.
    receive() external payable {
        if (phase != UNWRAPPING) revert UnexpectedEther();
    }

    /// Takes the flash loan; the rest of the plan happens in its callback.
    function _borrow(Plan calldata plan, bytes calldata encoded) private {
        (uint8 source, address lender) = (plan.flashSource, plan.flashLender);
        (address token, uint256 amount) = (plan.flashToken, plan.flashAmount);
        if (source > FLASH_MORPHO) revert UnknownFlashSource(source);
        phase = keccak256(encoded);
        if (source == FLASH_AAVE_V3) {
            IAaveV3Pool(lender).flashLoanSimple(address(this), token, amount, encoded, 0);
        } else if (source == FLASH_UNISWAP_V3) {
            bool first = IUniswapV3Pool(lender).token0() == token;
            IUniswapV3Pool(lender).flash(address(this), first ? amount : 0, first ? 0 : amount, encoded);
        } else if (source == FLASH_BALANCER_V2) {
            (address[] memory tokens, uint256[] memory amounts) = (new address[](1), new uint256[](1));
            (tokens[0], amounts[0]) = (token, amount);
            IBalancerV2Vault(lender).flashLoan(address(this), tokens, amounts, encoded);
        } else {
            IMorpho(lender).flashLoan(token, amount, encoded);
        }
        if (phase != BORROWED) revert CallbackMissing();
        if (source == FLASH_AAVE_V3 || source == FLASH_MORPHO) _clearApproval(token, lender);
    }

    /// The plan in execution, if this is the one call of its lender that was waited for.
    function _lent(uint8 source, bytes calldata encoded) private returns (Plan calldata plan) {
        if (phase == IDLE) revert NotExecuting();
        if (phase != keccak256(encoded)) revert PlanMismatch();
        // The bytes are those `execute` was called with, which the decoder accepted: one tuple behind its offset.
        assembly ("memory-safe") {
            plan := add(encoded.offset, calldataload(encoded.offset))
        }
        if (msg.sender != plan.flashLender) revert NotLender(msg.sender);
        if (plan.flashSource != source) revert WrongCallback(source);
        phase = BORROWED;
    }

    function _runPlan(Plan calldata plan, uint256 owed) private {
        for (uint256 i = 0; i < plan.calls.length; ++i) {
            Call calldata step = plan.calls[i];
            address token = step.approveToken;
            if (token != address(0)) {
                uint256 amount = step.approveAmount == WHOLE ? _held(token) : step.approveAmount;
                _approve(token, step.target, amount);
            }
            _callVenue(step.target, step.data);
            if (token != address(0)) _clearApproval(token, step.target);
        }
        _runSwaps(plan, owed);
    }

    /// A refusal of the venue is passed on with the venue's own revert data.
    function _callVenue(address target, bytes calldata data) private {
        (bool done, bytes memory answer) = target.call(data);
        if (!done) {
            assembly ("memory-safe") {
                revert(add(answer, 0x20), mload(answer))
            }
        }
        if (answer.length == 0 && target.code.length == 0) revert NotAContract(target);
    }

    /// No minimum for a single swap: the repayment and the minimum profit bound the loss of all of them together.
    function _runSwaps(Plan calldata plan, uint256 owed) private {
        for (uint256 i = 0; i < plan.swaps.length; ++i) {
            Swap calldata step = plan.swaps[i];
            if (step.kind > SWAP_ROUTER_02) revert UnknownSwapKind(step.kind);
            uint256 amount = step.amountIn;
            if (amount == WHOLE) amount = _spendable(step.tokenIn, step.tokenIn == plan.flashToken ? owed : 0);
            if (amount == 0) continue; // which SwapRouter02 would take for all that it holds itself
            _approve(step.tokenIn, step.router, amount);
            ISwapRouter router = ISwapRouter(step.router);
            if (step.kind == SWAP_ROUTER) {
                router.exactInput(ISwapRouter.ExactInput(step.path, address(this), block.timestamp, amount, 0));
            } else {
                router.exactInput(ISwapRouter.ExactInput02(step.path, address(this), amount, 0));
            }
            _clearApproval(step.tokenIn, step.router);
        }
    }

    function _returnLeftovers(Plan calldata plan, address to) private {
        address profitToken = plan.profitToken;
        if (plan.flashToken != profitToken) _sendAll(plan.flashToken, to);
        for (uint256 i = 0; i < plan.calls.length; ++i) {
            address token = plan.calls[i].approveToken;
            if (token != address(0) && token != profitToken && token != plan.flashToken) _sendAll(token, to);
        }
        for (uint256 i = 0; i < plan.swaps.length; ++i) {
            address tokenIn = plan.swaps[i].tokenIn;
            bytes calldata path = plan.swaps[i].path;
            address tokenOut = address(bytes20(path[path.length - 20:]));
            if (tokenIn != profitToken && tokenIn != plan.flashToken) _sendAll(tokenIn, to);
            if (tokenOut != profitToken && tokenOut != plan.flashToken) _sendAll(tokenOut, to);
        }
    }

    /// The builder gets a share only of what is above the minimum, so the receiver never gets less than that.
    function _payProfit(Plan calldata plan, address to) private returns (uint256 profit) {
        address token = plan.profitToken;
        profit = _held(token);
        if (profit < plan.minProfit) revert ProfitBelowMinimum(profit, plan.minProfit);
        uint256 share = (profit - plan.minProfit) * plan.builderShareBps / BPS;
        if (share != 0) {
            _payBuilder(token, share);
            profit -= share;
        }
        if (profit != 0) _transfer(token, to, profit);
        emit Executed(token, profit, share);
    }

    /// Only wrapped Ether can be paid on: any other token has no withdrawal that brings Ether, and the plan reverts.
    function _payBuilder(address wrapped, uint256 share) private {
        phase = UNWRAPPING;
        IWrappedEther(wrapped).withdraw(share);
        phase = BORROWED;
        (bool paid,) = block.coinbase.call{value: share}("");
        if (!paid) revert BuilderPaymentFailed();
    }

    function _held(address token) private view returns (uint256) {
        return IERC20(token).balanceOf(address(this));
    }

    function _spendable(address token, uint256 reserved) private view returns (uint256) {
        uint256 held = _held(token);
        return held > reserved ? held - reserved : 0;
    }

    function _sendAll(address token, address to) private {
        uint256 held = _held(token);
        if (held != 0) _transfer(token, to, held);
    }

    function _transfer(address token, address to, uint256 amount) private {
        if (!_callToken(token, abi.encodeCall(IERC20.transfer, (to, amount)))) revert TokenCallFailed(token);
    }

    /// USDT-like tokens refuse to change one allowance that is not zero into another: those are cleared first.
    function _approve(address token, address spender, uint256 amount) private {
        bytes memory approval = abi.encodeCall(IERC20.approve, (spender, amount));
        if (_callToken(token, approval)) return;
        bool cleared = _callToken(token, abi.encodeCall(IERC20.approve, (spender, 0)));
        if (!cleared || !_callToken(token, approval)) revert TokenCallFailed(token);
    }

    function _clearApproval(address token, address spender) private {
        if (IERC20(token).allowance(address(this), spender) != 0) _approve(token, spender, 0);
    }

    /// True if the call succeeded and the token answered true or, as USDT does, nothing at all.
    function _callToken(address token, bytes memory data) private returns (bool) {
        (bool done, bytes memory answer) = token.call(data);
        if (!done) return false;
        if (answer.length == 0) return token.code.length != 0;
        return answer.length >= 32 && abi.decode(answer, (uint256)) == 1;
    }
}
