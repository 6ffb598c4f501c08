// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chain/primitives/event.hpp"
#include "chain/primitives/log.hpp"
#include "chain/primitives/units.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string_view>
#include <vector>

namespace plimsoll::rpc {

/// A stretch of blocks, both ends included.
struct LogPart {
    BlockNumber from;
    BlockNumber to;
    [[nodiscard]] std::uint64_t blocks() const noexcept { return to.value - from.value + 1; }
    friend bool operator==(const LogPart&, const LogPart&) = default;
};

/// A long log query that is asked in parts, of several nodes at once: what is still to be asked, and what was
/// answered. Pure.
class LogRanges {
  public:
    explicit LogRanges(LogPart whole);

    /// The first stretch that nobody asks yet, at most so many blocks; nothing if all of it is asked or
    /// answered.
    [[nodiscard]] std::optional<LogPart> take(std::uint64_t blocks);
    /// It was taken, but not answered.
    void give_back(const LogPart& part);
    /// It was taken, and these are its logs in chain order.
    void answered(const LogPart& part, SourceId who, std::vector<Log>&& logs);
    /// What this one answered does not count: to be asked again.
    void discard(SourceId who);

    [[nodiscard]] bool done() const noexcept { return blocks_done_ == whole_.blocks(); }
    [[nodiscard]] std::uint64_t blocks_done() const noexcept { return blocks_done_; }
    [[nodiscard]] std::vector<SourceId> sources() const;
    /// All logs in chain order, once done; leaves nothing.
    [[nodiscard]] std::vector<Log> collect();

  private:
    struct Answered {
        LogPart part;
        SourceId who{};
        std::vector<Log> logs;
    };

    LogPart whole_;
    std::map<std::uint64_t, LogPart> todo_;       // by first block
    std::map<std::uint64_t, Answered> answered_;  // by first block
    std::uint64_t blocks_done_ = 0;
};

/// How many blocks a node is asked for at once: it doubles until the node refuses, then follows the node's
/// hints or halves, and grows again slowly. Pure.
class LogSpan {
  public:
    explicit LogSpan(std::uint64_t first) noexcept : blocks_{first} {}

    [[nodiscard]] std::uint64_t blocks() const noexcept { return blocks_; }
    void answered(const LogPart& part) noexcept;
    /// It wants to be asked for less, and says so in these words. False if one block was too much already.
    [[nodiscard]] bool refused(const LogPart& part, std::string_view message);

  private:
    static constexpr std::uint64_t kMost = std::uint64_t{1} << 24U;

    std::uint64_t blocks_;
    std::uint64_t most_ = kMost;  // the node's own rule, if it told one
    std::uint64_t refused_ = 0;   // the length that was refused last, or nothing yet
    unsigned holds_ = 0;          // answers between two attempts to grow; more where they fail
    unsigned holding_ = 0;        // of them to come
};

}  // namespace plimsoll::rpc
