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
    float spare = 2;             // by so much less than what backs an account counts
    float surely_factor = 1;     // what backs an account is no more than so many times what is weighed,
    float surely_spare = 0;      // and so much,
    float surely_a_holding = 0;  // and so much for each holding
};

/// Groups of kLineLanes accounts with as many holdings each, those that back them first.
struct LineGroups {
    const float* amounts{};          // [group][holding][lane], aligned to 64 bytes
    const std::uint8_t* reserves{};  // likewise, unaligned
    std::size_t groups{};
    unsigned backing{};
    unsigned owed{};
};

/// A bit for each lane of a group.
struct LineMasks {
    std::uint16_t maybe;   // what backs the account, less one unit of the base currency for each holding and
                           // what is to spare, weighs less than what it owes
    std::uint16_t surely;  // and would even if all of its rounding and every threshold were in its favour
};

/// Writes what it finds of each group.
using LineKernelFunction = void (*)(const LineGroups& groups, const LineTables& tables, LineMasks* out);

struct LineKernel {
    std::string_view name;
    LineKernelFunction run{};
};

/// Those that this processor can run, the quickest first; the last one is plain C++.
[[nodiscard]] std::span<const LineKernel> line_kernels();

}  // namespace plimsoll::strategy
