// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace plimsoll {

using Bytes = std::vector<std::uint8_t>;
using BytesView = std::span<const std::uint8_t>;

/// Appends `more`, which must not be a part of `out`. Not vector::insert: GCC 12 at -O3 sees an overflow in
/// it that is not there and warns (-Wstringop-overflow).
inline void append_bytes(Bytes& out, BytesView more) {
    const std::size_t start = out.size();
    out.resize(start + more.size());
    std::copy(more.begin(), more.end(), out.begin() + static_cast<std::ptrdiff_t>(start));
}

}  // namespace plimsoll
