// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chain/primitives/event.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <variant>

namespace plimsoll::feed {

/// Names a read, so that only the answer that is still wanted counts.
using Ticket = std::uint64_t;

/// By hash; or by number, if one is given: a guess ahead, which counts only if it links.
struct FetchHeader {
    Ticket ticket{};
    SourceId source{};   // whom to ask
    unsigned attempt{};  // 0 at first; the shell waits longer before each further one
    Hash32 hash;
    std::optional<BlockNumber> number;
};
struct FetchLogs {
    Ticket ticket{};
    SourceId source{};
    unsigned attempt{};
    Hash32 block;
};
/// The newest block the source has.
struct FetchNewest {
    Ticket ticket{};
    SourceId source{};
    unsigned attempt{};
};
using Fetch = std::variant<FetchHeader, FetchLogs, FetchNewest>;

/// Why a read has no answer.
enum class Failure : std::uint8_t {
    unanswered,  // the connection, the limit, the form
    unknown,     // the node says that it has no such block
};

/// What a source told cannot be so, or nobody else knows it.
struct Lie {
    SourceId source{};
    bool proven = false;
    std::string what;
};

/// How much a source's word counts.
enum class Standing : std::uint8_t {
    alive,       // it votes
    quiet,       // lagging, limited, not yet known: it may lead, but does not vote
    distrusted,  // it lied, or is of another chain: neither, as long as there is another
};

}  // namespace plimsoll::feed
