// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chain/primitives/bytes.hpp"
#include "chain/primitives/result.hpp"
#include "chain/primitives/units.hpp"

#include <cstdint>

namespace plimsoll::strategy {

/// The layout of what is inside. A snapshot of another version is refused, never converted: the chain can
/// always be read again.
inline constexpr std::uint32_t kSnapshotVersion = 1;

/// `content` with what tells it from other files: "PLIMSNAP", version, chain id, length, and a CRC-64 of all
/// of it at the end.
[[nodiscard]] Bytes seal_snapshot(ChainId chain, BytesView content);

/// The content, as a view of `bytes`. Errc::malformed_input: no snapshot, another version, cut or damaged;
/// Errc::wrong_chain: of another chain.
[[nodiscard]] Result<BytesView> open_snapshot(BytesView bytes, ChainId chain);

}  // namespace plimsoll::strategy
