// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chain/primitives/units.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace plimsoll::feed {

/// Where one source stands, seen from our chain.
struct SourceStand {
    enum class On : std::uint8_t {
        nothing,    // it has told no head on this connection
        our_chain,  // its head is a block of ours, the tip or below
        below,      // its head is older than all we hold: it cannot be judged
        elsewhere,  // its head is not on our chain, or it took back a block of ours
    };
    bool alive = false;
    On on = On::nothing;
    BlockNumber number;  // of its head
};

/// Whether what the sources say allows a send on our tip.
struct Agreement {
    enum class Why : std::uint8_t {
        agreed,
        alone,         // allowed: there is only one endpoint, or only one is alive. Worth a warning.
        none_alive,    // nobody can vouch for the tip
        another_hash,  // an alive source has another block at the tip's height, or above it another chain
        too_few,       // fewer than half of the alive ones are at the tip or one block below
        outvoted,      // not more stand on our chain than elsewhere
    };
    Why why = Why::none_alive;
    std::size_t alive = 0;
    std::size_t near_tip = 0;  // alive, on our chain, at the tip's number minus one or above

    [[nodiscard]] bool may_send() const noexcept { return why == Why::agreed || why == Why::alone; }
    friend bool operator==(const Agreement&, const Agreement&) = default;
};

[[nodiscard]] std::string_view to_string(Agreement::Why why) noexcept;

/// Judges the tip: no alive source may serve another hash at its height; at least half of the alive ones
/// (rounded up) must be at most one block behind it on our chain, and more than stand on another one.
[[nodiscard]] Agreement agreement(BlockNumber tip, std::span<const SourceStand> sources) noexcept;

}  // namespace plimsoll::feed
