// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chain/primitives/result.hpp"

#include <cstddef>
#include <optional>
#include <string_view>

namespace plimsoll::rpc {

/// Finds where one JSON object or array ends and the next begins in a stream of them, with or without white
/// space between (geth and Reth write a newline, others nothing). Looks at each byte once, however the bytes
/// are cut.
class JsonFramer {
  public:
    /// Nested deeper than any message of a node.
    static constexpr std::size_t kMaxDepth = 64;

    explicit JsonFramer(std::size_t max_message) noexcept : max_message_{max_message} {}

    struct Frame {
        std::size_t begin{};
        std::size_t end{};
    };
    /// `data` begins with what was not consumed so far and may have grown at its end. The first complete
    /// message in it, after which the caller drops everything up to `end`; nothing if it is not complete yet.
    /// Errc::limit_exceeded above `max_message` bytes or kMaxDepth; Errc::malformed_reply for bytes that
    /// begin no message. After an error the stream cannot be followed any more.
    [[nodiscard]] Result<std::optional<Frame>> next(std::string_view data);

  private:
    void step(char c) noexcept;

    std::size_t max_message_;
    std::size_t begin_ = 0;  // of the message
    std::size_t seen_ = 0;   // bytes of `data` looked at
    std::size_t depth_ = 0;
    bool in_string_ = false;
    bool escaped_ = false;
};

}  // namespace plimsoll::rpc
