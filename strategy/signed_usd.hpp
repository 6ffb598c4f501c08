// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chain/primitives/units.hpp"

#include <compare>

namespace plimsoll::strategy {

/// A sum of US dollars that may be negative; 8 decimals. Zero is not negative.
struct SignedUsd {
    bool negative{};
    Usd magnitude;

    friend bool operator==(const SignedUsd&, const SignedUsd&) = default;
    friend std::strong_ordering operator<=>(const SignedUsd& a, const SignedUsd& b) noexcept {
        if (a.negative != b.negative) return b.negative <=> a.negative;
        return a.negative ? b.magnitude <=> a.magnitude : a.magnitude <=> b.magnitude;
    }
    /// a - b
    [[nodiscard]] static SignedUsd difference(const Usd& a, const Usd& b) {
        return a < b ? SignedUsd{true, b - a} : SignedUsd{false, a - b};
    }
};

}  // namespace plimsoll::strategy
