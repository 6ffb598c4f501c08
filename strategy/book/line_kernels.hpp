// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "strategy/book/book.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace plimsoll::strategy {

/// Accounts that are weighed side by side.
inline constexpr std::size_t kLineLanes = 16;

/// Single-precision weights by reserve. The guard against rounding lies in those of what is owed.
struct LineTables {
    alignas(64) std::array<float, kMaxReserves> backing{};
    alignas(64) std::array<float, kMaxReserves> owed{};
    std::size_t reserves = 0;
};

/// Groups of kLineLanes accounts with as many holdings each, those that back them first.
struct LineGroups {
    const float* amounts{};          // [group][holding][lane], aligned to 64 bytes
    const std::uint8_t* reserves{};  // likewise, unaligned
    std::size_t groups{};
    unsigned backing{};
    unsigned owed{};
};

/// Writes for each group a bit for each lane in which what backs the account, less one unit of the base
/// currency for each holding and two more, weighs less than what it owes.
using LineKernelFunction = void (*)(const LineGroups& groups, const LineTables& tables, std::uint16_t* out);

struct LineKernel {
    std::string_view name;
    LineKernelFunction run{};
};

/// Those that this processor can run, the quickest first; the last one is plain C++.
[[nodiscard]] std::span<const LineKernel> line_kernels();

}  // namespace plimsoll::strategy
