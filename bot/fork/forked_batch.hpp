// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "bot/tally.hpp"
#include "chain/primitives/block.hpp"
#include "chain/rpc/reply.hpp"
#include "strategy/decision.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace plimsoll::bot {

/// One decision to send, and what became of its transaction on the fork.
struct ForkedSend {
    strategy::Decision decision;
    Bytes raw;
    Hash32 hash;
    std::int64_t microseconds{};  // from the frame that led to it to the signed bytes
    std::optional<rpc::Receipt> receipt;
    std::string trouble;  // why there is none, or why it reverted
};

/// All that was decided on one head of the origin, mined on a fork of that head.
struct ForkedBatch {
    Head head;  // of the origin
    std::vector<ForkedSend> sends;
    BlockNumber mined_in;  // the last block that was made for it
    std::vector<TokenProfit>
        received;  // what the receiver's balances grew by, token by token, in those blocks
    Wei spent;     // what the sender's balance fell by
};

}  // namespace plimsoll::bot
