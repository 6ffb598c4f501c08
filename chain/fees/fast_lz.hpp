// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chain/primitives/bytes.hpp"

#include <cstdint>

namespace plimsoll::fees {

/// Bytes that `data` takes when FastLZ (level 1) compresses it, as OP-stack chains measure a transaction
/// since Fjord (op-geth `FlzCompressLen`, Solady `LibZip.flzCompress`): greedy matches of at least three
/// bytes, at most 8191 back, found through a table of the last place of each hash. Zero for no data; data
/// must be shorter than 4 GiB.
[[nodiscard]] std::uint64_t fast_lz_size(BytesView data);

}  // namespace plimsoll::fees
