// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chain/primitives/bytes.hpp"
#include "chain/rpc/reply.hpp"

#include <string>

namespace plimsoll::rpc {

/// The frame of one eth_sendRawTransaction, worded before it is wanted; for one connection, once.
struct PreparedSend {
    RequestId id{};
    std::string frame;
};

/// Request ids from here on are of prepared frames: a connection's own count from 1 and do not come so far.
inline constexpr RequestId kFirstPrepared = RequestId{1} << 40U;

/// `number` is never used twice on one connection.
[[nodiscard]] PreparedSend prepare_send(std::uint64_t number, BytesView transaction);

}  // namespace plimsoll::rpc
