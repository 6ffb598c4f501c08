// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chain/primitives/units.hpp"

namespace plimsoll {

/// What a node that found a transaction underpriced said it would take, per gas; zero where it said nothing.
struct NeededFee {
    Wei tip;
    Wei fee_cap;
    Wei base_fee;  // of the block it reckons with: a fee cap must reach it and the tip
    friend bool operator==(const NeededFee&, const NeededFee&) = default;
};

}  // namespace plimsoll
