// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "signer/spend.hpp"
#include "tests/faults/crash/chain_model.hpp"
#include "tests/faults/crash/disk.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace plimsoll::crash {

/// Bytes left through a socket; the node has them, or the relay.
struct SentOp {
    Bytes raw;
    bool relay{};
};
struct MinedOp {
    std::size_t most{};
    bool relay{};
};
struct UndoneOp {
    bool keep{};
};
struct BaseFeeOp {
    Wei fee;
};
/// Somebody wants this on chain, once.
struct WantedOp {
    std::uint8_t account{};
};

/// One thing that happened to the world: on the disk, at the socket, on the chain. Between any two of them
/// the process may end.
using Event = std::variant<DiskOp, SentOp, MinedOp, UndoneOp, BaseFeeOp, WantedOp>;

/// For people: "write journal/journal.sqlite-wal 4120 bytes at 32".
[[nodiscard]] std::string describe(const Event& event);

/// What the operator configured.
struct Terms {
    std::vector<signer::LaneTerms> lanes;  // none: everything is public; bundles are not modelled apart
    signer::SpendLimits spend;
    std::optional<Wei> per_transaction;
    std::size_t max_in_flight = 16;
};

/// Everything outside the process.
struct State {
    Terms terms;
    Disk disk;
    ChainModel chain;
    std::vector<std::uint8_t> wanted;  // accounts, in the order asked for

    void apply(const Event& event);
};

/// Whether the event makes a difference to what a process finds after such a cut.
[[nodiscard]] bool matters(const Event& event, Cut cut);

}  // namespace plimsoll::crash
