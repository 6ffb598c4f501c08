// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

namespace plimsoll::feed {

/// What the feed went through; all counts since start.
struct FeedCounters {
    std::uint64_t heads{};            // new to us
    std::uint64_t confirmed_heads{};  // known from another source
    std::uint64_t duplicate_heads{};
    std::uint64_t went_back{};  // heads lower than the one before of the same source
    std::uint64_t sealed{};
    std::uint64_t sealed_by_bloom{};  // of them, without asking for logs
    std::uint64_t undone{};
    std::uint64_t logs{};        // told as LogSeen
    std::uint64_t early_logs{};  // of them, before the block's logs were known complete
    std::uint64_t duplicate_logs{};
    std::uint64_t late_logs{};     // not told: their block was sealed without them
    std::uint64_t foreign_logs{};  // nobody watches them
    std::uint64_t removed_logs{};
    std::uint64_t restarted_blocks{};  // an early log had come out of order: undone, then told in order
    std::uint64_t gaps{};              // heads that did not follow the one before
    std::uint64_t gap_blocks{};        // fetched to fill them
    std::uint64_t overflows{};         // early logs beyond the bounds, recovered by asking
    std::uint64_t retries{};           // reads that failed or contradicted what was told
    std::uint64_t bloom_lies{};        // a log in a block whose bloom excludes it
    std::uint64_t reorgs{};            // moves to another branch
    std::uint64_t lies{};              // what a source told and cannot be so
    std::uint64_t contradictions{};    // two sources told one hash in two ways
    std::uint64_t resyncs{};
    std::uint64_t pending{};  // transactions told
    std::uint64_t connects{};
    std::uint64_t disconnects{};
    std::uint64_t silences{};    // of them, because no head came for too long
    std::uint64_t lost_times{};  // the machine was suspended, or its wall clock jumped
};

}  // namespace plimsoll::feed
