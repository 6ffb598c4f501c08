// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chain/primitives/address.hpp"
#include "chain/primitives/block.hpp"
#include "chain/primitives/bytes.hpp"
#include "chain/primitives/log.hpp"
#include "chain/primitives/outcome.hpp"
#include "chain/primitives/readiness.hpp"
#include "chain/primitives/result.hpp"
#include "chain/primitives/units.hpp"

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

namespace plimsoll {

/// A block begins: its logs follow, then its BlockSealed.
struct BlockStarted {
    Head head;
    friend bool operator==(const BlockStarted&, const BlockStarted&) = default;
};

/// A watched contract's log. Until its block is sealed it is a rumour (a what-if), afterwards a fact.
struct LogSeen {
    Log log;
    friend bool operator==(const LogSeen&, const LogSeen&) = default;
};

/// The block is complete: exactly `log_count` watched logs, all of them told before, linked to its parent.
struct BlockSealed {
    Hash32 hash;
    std::uint32_t log_count{};
    friend bool operator==(const BlockSealed&, const BlockSealed&) = default;
};

/// A sealed or started block left the canonical chain; told from the tip down to the common ancestor.
struct BlockUndone {
    Hash32 hash;
    friend bool operator==(const BlockUndone&, const BlockUndone&) = default;
};

/// A transaction that some node holds but no block contains.
struct PendingTransaction {
    Hash32 hash;
    Address from;
    Address to;
    Wei value;
    Bytes input;
    friend bool operator==(const PendingTransaction&, const PendingTransaction&) = default;
};

using ReadId = std::uint64_t;

/// The answer to a ReadRequest. For calls: the ABI encoding of Multicall3's (bool success, bytes
/// returnData)[]; for a log query: encode_logs() of what was found.
struct ReadResult {
    ReadId id{};
    Hash32 block_hash;
    Result<Bytes> bytes;
    friend bool operator==(const ReadResult&, const ReadResult&) = default;
};

/// What a transaction of ours came to.
struct OutcomeSeen {
    Outcome outcome;
    friend bool operator==(const OutcomeSeen&, const OutcomeSeen&) = default;
};

/// Time passes; `now` is wall-clock seconds.
struct Tick {
    Timestamp now;
    friend bool operator==(const Tick&, const Tick&) = default;
};

/// Identifies the endpoint (or recording) an event came from.
using SourceId = std::uint16_t;

/// All that enters the strategy, in one order. Whoever replays the same events gets the same decisions.
struct Event {
    ReceiveTime received;
    SourceId source{};
    std::variant<BlockStarted, LogSeen, BlockSealed, BlockUndone, PendingTransaction, ReadResult, Readiness,
                 OutcomeSeen, Tick>
        body;
    friend bool operator==(const Event&, const Event&) = default;
};

}  // namespace plimsoll
