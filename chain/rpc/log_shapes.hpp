// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chain/rpc/log_shape.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace plimsoll::rpc {

/// The shapes of logs' notifications that came before, a bounded number of them; new ones take the places of
/// old ones, the slower the more often it happens.
class LogShapes {
  public:
    /// Reads a frame of a known shape into `out` and returns the shape, or nothing; then `out` is as good as
    /// lost.
    [[nodiscard]] const LogShape* read(std::string_view frame, Log& out) const noexcept;
    /// Whether to look for the shape of a log's frame that the parser had to read: not if it is known, and
    /// once the places for such frames are taken, not each time.
    [[nodiscard]] bool wants(std::string_view frame) noexcept;
    void learn(std::string_view frame, const LogPlaces& places, const Log& log);

  private:
    static constexpr std::size_t kSets = 32;
    static constexpr std::size_t kWays = 4;
    /// Shapes whose frames' sizes fall together.
    struct Set {
        std::array<std::optional<LogShape>, kWays> shapes;
        std::uint32_t next = 0;    // the place that is taken next
        std::uint32_t misses = 0;  // since it was last asked whether to look
    };

    [[nodiscard]] static std::size_t set_of(std::size_t size) noexcept;

    std::array<Set, kSets> sets_;
};

}  // namespace plimsoll::rpc
