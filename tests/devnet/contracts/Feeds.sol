// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.20;

interface IFeed {
    function latestAnswer() external view returns (int256);
    function decimals() external view returns (uint8);
}

interface IAggregator is IFeed {
    function description() external view returns (string memory);
    function latestRoundData() external view returns (uint80, int256, uint256, uint256, uint80);
}

/// An OCR2-shaped aggregator: signed reports in, three events out.
contract Aggregator is IAggregator {
    event NewTransmission(
        uint32 indexed aggregatorRoundId, int192 answer, address transmitter, uint32 observationsTimestamp,
        int192[] observations, bytes observers, int192 juelsPerFeeCoin, bytes32 configDigest, uint40 epochAndRound
    );
    event NewRound(uint256 indexed roundId, address indexed startedBy, uint256 startedAt);
    event AnswerUpdated(int256 indexed current, uint256 indexed roundId, uint256 updatedAt);

    struct Round { int192 answer; uint32 observedAt; uint32 transmittedAt; }
    struct Report { uint32 observedAt; bytes32 observers; int192[] observations; int192 juelsPerFeeCoin; }

    uint8 public immutable override decimals;
    int192 public immutable minAnswer;
    int192 public immutable maxAnswer;
    uint8 public immutable f;
    bytes32 public immutable latestConfigDigest;
    string public override description;
    uint32 private latest_;
    uint40 private epochAndRound_;
    mapping(uint32 => Round) private rounds_;
    mapping(address => uint8) private signers_;
    address[] private transmitters_;

    constructor(
        string memory description_, uint8 decimals_, int192 firstAnswer, uint8 f_, address[] memory signers, address[] memory transmitters
    ) {
        description = description_;
        decimals = decimals_;
        minAnswer = 1;
        maxAnswer = type(int192).max / 2;
        f = f_;
        for (uint8 i = 0; i < signers.length; i++) signers_[signers[i]] = i + 1;
        transmitters_ = transmitters;
        bytes32 digest = keccak256(abi.encode(block.chainid, address(this), signers, transmitters, f_));
        latestConfigDigest = bytes32((uint256(digest) & (type(uint256).max >> 16)) | (uint256(1) << 240));
        latest_ = 1;
        rounds_[1] = Round(firstAnswer, uint32(block.timestamp), uint32(block.timestamp));
    }

    function transmit(
        bytes32[3] calldata reportContext, bytes calldata report, bytes32[] calldata rs, bytes32[] calldata ss, bytes32 rawVs
    ) external {
        require(isTransmitter(msg.sender), "unauthorized transmitter");
        require(reportContext[0] == latestConfigDigest, "configDigest mismatch");
        uint40 epochAndRound = uint40(uint256(reportContext[1]));
        require(epochAndRound_ < epochAndRound, "stale report");
        require(rs.length == uint256(f) + 1 && ss.length == rs.length, "wrong number of signatures");
        checkSignatures(keccak256(abi.encode(keccak256(report), reportContext)), rs, ss, rawVs);
        epochAndRound_ = epochAndRound;
        record(report);
    }

    function checkSignatures(bytes32 digest, bytes32[] calldata rs, bytes32[] calldata ss, bytes32 rawVs) private view {
        uint256 seen;
        for (uint256 i = 0; i < rs.length; i++) {
            uint8 index = signers_[ecrecover(digest, uint8(rawVs[i]) + 27, rs[i], ss[i])];
            require(index != 0 && seen & (1 << index) == 0, "bad signature");
            seen |= 1 << index;
        }
    }

    function record(bytes calldata encoded) private {
        Report memory report;
        (report.observedAt, report.observers, report.observations, report.juelsPerFeeCoin) =
            abi.decode(encoded, (uint32, bytes32, int192[], int192));
        uint256 count = report.observations.length;
        require(count > f && count <= 31, "observation count");
        for (uint256 i = 1; i < count; i++) require(report.observations[i - 1] <= report.observations[i], "not sorted");
        int192 median = report.observations[count / 2];
        require(minAnswer <= median && median <= maxAnswer, "median is out of min-max range");
        uint32 round = ++latest_;
        rounds_[round] = Round(median, report.observedAt, uint32(block.timestamp));
        announce(round, median, report);
    }

    function announce(uint32 round, int192 median, Report memory report) private {
        bytes memory observers = new bytes(report.observations.length);
        for (uint256 i = 0; i < observers.length; i++) observers[i] = report.observers[i];
        emit NewTransmission(
            round, median, msg.sender, report.observedAt, report.observations, observers,
            report.juelsPerFeeCoin, latestConfigDigest, epochAndRound_
        );
        emit NewRound(round, address(0), report.observedAt);
        emit AnswerUpdated(median, round, block.timestamp);
    }

    function isTransmitter(address account) private view returns (bool) {
        for (uint256 i = 0; i < transmitters_.length; i++) if (transmitters_[i] == account) return true;
        return false;
    }

    function getTransmitters() external view returns (address[] memory) { return transmitters_; }

    function latestTransmissionDetails() external view returns (bytes32, uint32, uint8, int192, uint64) {
        Round memory round = rounds_[latest_];
        return (latestConfigDigest, uint32(epochAndRound_ >> 8), uint8(epochAndRound_), round.answer, round.transmittedAt);
    }

    function latestRound() external view returns (uint256) { return latest_; }
    function latestAnswer() external view override returns (int256) { return rounds_[latest_].answer; }
    function latestTimestamp() external view returns (uint256) { return rounds_[latest_].transmittedAt; }
    function getAnswer(uint256 roundId) external view returns (int256) { return rounds_[uint32(roundId)].answer; }

    function latestRoundData() external view override returns (uint80, int256, uint256, uint256, uint80) {
        Round memory round = rounds_[latest_];
        return (latest_, round.answer, round.observedAt, round.transmittedAt, latest_);
    }
}

/// The stable address consumers read. It never emits anything, not even when its aggregator is replaced.
contract FeedProxy is IFeed {
    address public immutable owner;
    uint16 public phaseId;
    mapping(uint16 => address) public phaseAggregators;

    constructor(address owner_, address first) {
        owner = owner_;
        phaseId = 1;
        phaseAggregators[1] = first;
    }

    function confirmAggregator(address next) external {
        require(msg.sender == owner, "not owner");
        phaseId += 1;
        phaseAggregators[phaseId] = next;
    }

    function aggregator() public view returns (address) { return phaseAggregators[phaseId]; }
    function latestAnswer() external view override returns (int256) { return IAggregator(aggregator()).latestAnswer(); }
    function decimals() external view override returns (uint8) { return IAggregator(aggregator()).decimals(); }
    function description() external view returns (string memory) { return IAggregator(aggregator()).description(); }

    function latestRoundData() external view returns (uint80, int256, uint256, uint256, uint80) {
        (uint80 round, int256 answer, uint256 startedAt, uint256 updatedAt, uint80 answeredIn) =
            IAggregator(aggregator()).latestRoundData();
        uint80 phase = uint80(phaseId) << 64;
        return (phase | round, answer, startedAt, updatedAt, phase | answeredIn);
    }
}

/// Price = asset/peg feed × peg/base feed, with the getters of Aave's synchronicity adapters.
contract ProductAdapter is IFeed {
    IFeed public immutable ASSET_TO_PEG;
    IFeed public immutable PEG_TO_BASE;
    int256 public immutable DENOMINATOR;
    uint8 public immutable DECIMALS;
    string public description;

    constructor(IFeed pegToBase, IFeed assetToPeg, uint8 decimals_, string memory description_) {
        PEG_TO_BASE = pegToBase;
        ASSET_TO_PEG = assetToPeg;
        DECIMALS = decimals_;
        DENOMINATOR = int256(10 ** (uint256(pegToBase.decimals()) + assetToPeg.decimals()));
        description = description_;
    }

    function decimals() external view override returns (uint8) { return DECIMALS; }

    function latestAnswer() external view override returns (int256) {
        int256 assetToPeg = ASSET_TO_PEG.latestAnswer();
        int256 pegToBase = PEG_TO_BASE.latestAnswer();
        if (assetToPeg <= 0 || pegToBase <= 0) return 0;
        return assetToPeg * pegToBase * int256(10 ** uint256(DECIMALS)) / DENOMINATOR;
    }
}

interface IRatioProvider {
    function getPooledEthByShares(uint256 shares) external view returns (uint256);
}

/// Price = base/USD feed × a ratio another contract holds, with the getters of Aave's correlated-asset adapters. A cap on the ratio, once
/// set, grows by the second, so that a capped price moves in every block without a transaction.
contract RatioAdapter is IFeed {
    event CapParametersUpdated(uint256 indexed snapshotRatio, uint256 indexed snapshotTimestamp, uint256 indexed maxRatioGrowthPerSecond);

    IFeed public immutable BASE_TO_USD_AGGREGATOR;
    address public immutable RATIO_PROVIDER;
    address public immutable owner;
    uint8 public constant RATIO_DECIMALS = 18;
    string public description;
    uint256 public getSnapshotRatio;
    uint256 public getSnapshotTimestamp;
    uint256 public getMaxRatioGrowthPerSecond;

    constructor(IFeed baseToUsd, address ratioProvider, string memory description_) {
        BASE_TO_USD_AGGREGATOR = baseToUsd;
        RATIO_PROVIDER = ratioProvider;
        owner = msg.sender;
        description = description_;
    }

    /// From now on the ratio counts as at most `snapshotRatio`, growing; 0 takes the cap away.
    function setCapParameters(uint256 snapshotRatio, uint256 maxRatioGrowthPerSecond) external {
        require(msg.sender == owner, "not owner");
        getSnapshotRatio = snapshotRatio;
        getSnapshotTimestamp = block.timestamp;
        getMaxRatioGrowthPerSecond = maxRatioGrowthPerSecond;
        emit CapParametersUpdated(snapshotRatio, block.timestamp, maxRatioGrowthPerSecond);
    }

    function DECIMALS() external view returns (uint8) { return BASE_TO_USD_AGGREGATOR.decimals(); }
    function decimals() external view override returns (uint8) { return BASE_TO_USD_AGGREGATOR.decimals(); }

    function getRatio() public view returns (int256) {
        return int256(IRatioProvider(RATIO_PROVIDER).getPooledEthByShares(10 ** uint256(RATIO_DECIMALS)));
    }

    function maxRatio() private view returns (int256) {
        if (getSnapshotRatio == 0) return type(int256).max;
        return int256(getSnapshotRatio + getMaxRatioGrowthPerSecond * (block.timestamp - getSnapshotTimestamp));
    }

    function isCapped() external view returns (bool) { return getRatio() > maxRatio(); }

    function latestAnswer() external view override returns (int256) {
        int256 base = BASE_TO_USD_AGGREGATOR.latestAnswer();
        int256 ratio = getRatio();
        int256 highest = maxRatio();
        if (ratio > highest) ratio = highest;
        if (base <= 0 || ratio <= 0) return 0;
        return base * ratio / int256(10 ** uint256(RATIO_DECIMALS));
    }
}
