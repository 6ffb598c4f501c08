// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tests/faults/crash/chain_model.hpp"
#include "tests/faults/crash/disk.hpp"

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

namespace plimsoll::crash {

/// Bytes left through the socket; the node has them.
struct SentOp {
    Bytes raw;
};
struct MinedOp {
    std::size_t most{};
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

/// Everything outside the process.
struct State {
    Disk disk;
    ChainModel chain;
    std::vector<std::uint8_t> wanted;  // accounts, in the order asked for

    void apply(const Event& event);
};

/// Whether the event makes a difference to what a process finds after such a cut.
[[nodiscard]] bool matters(const Event& event, Cut cut);

}  // namespace plimsoll::crash
