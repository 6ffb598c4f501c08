// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chain/primitives/bytes.hpp"
#include "chain/primitives/event.hpp"
#include "chain/primitives/log.hpp"
#include "chain/primitives/result.hpp"

#include <span>
#include <vector>

namespace plimsoll::codec {

/// One event as an RLP list that begins with a format version, so that a recorded stream can be replayed
/// later. Equal events have equal bytes.
[[nodiscard]] Bytes encode_event(const Event& event);
/// Strict inverse; Errc::malformed_input for anything encode_event cannot have written, another version
/// included.
[[nodiscard]] Result<Event> decode_event(BytesView data);

/// Logs as the answer of a log query (ReadResult), in the given order.
[[nodiscard]] Bytes encode_logs(std::span<const Log> logs);
[[nodiscard]] Result<std::vector<Log>> decode_logs(BytesView data);

}  // namespace plimsoll::codec
