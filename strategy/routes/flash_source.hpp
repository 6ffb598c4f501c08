// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chain/primitives/address.hpp"
#include "chain/primitives/units.hpp"

#include <cstddef>
#include <cstdint>

namespace plimsoll::strategy {

/// How the Executor borrows; the values are those of its Plan.
enum class FlashKind : std::uint8_t { aave_v3 = 0, uniswap_v3 = 1, balancer_v2 = 2, morpho = 3 };
inline constexpr std::size_t kFlashKindCount = 4;

/// Who lends the debt asset for the length of one transaction, and for how much.
struct FlashSource {
    FlashKind kind{};
    Address lender;
    TokenAmount fee;  // of the debt asset, on top of what is lent
    friend bool operator==(const FlashSource&, const FlashSource&) = default;
};

}  // namespace plimsoll::strategy
