// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chain/primitives/units.hpp"

#include <cstdint>
#include <optional>
#include <string_view>

namespace plimsoll::rpc {

/// What a node that refused a log query over the blocks `from` to `to` would answer.
struct LogRangeHint {
    std::uint64_t blocks{};  // so many at once; at least 1, and fewer than were asked
    bool lasting{};          // a rule of the node; otherwise true of this stretch of the chain only
};

/// Of its words, which are foreign text: nothing if they hold no number that helps.
///
/// "this block range should work: [0x0, 0x133e71]" (Alchemy), "Try with this block range [0xCB3D, 0x7B737]."
/// (Infura), "eth_getLogs is limited to a 10,000 range" (QuickNode), "requested too many blocks from 0 to
/// 16777216, maximum is set to 2048" (dRPC), "up to a 2K block range" (Alchemy), "exceed maximum block range:
/// 50000" (several).
[[nodiscard]] std::optional<LogRangeHint> parse_log_range_hint(std::string_view message, BlockNumber from,
                                                               BlockNumber to);

}  // namespace plimsoll::rpc
