// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chain/primitives/units.hpp"

#include <cstdint>

namespace plimsoll {

/// How the base fee follows the load, as a header of the OP stack tells it in its extraData (Holocene; the
/// last since Jovian). Zeros where it tells nothing; other chains put anything there.
struct FeeTerms {
    std::uint32_t denominator{};
    std::uint32_t elasticity{};
    Wei least{};  // per gas
    friend bool operator==(const FeeTerms&, const FeeTerms&) = default;
};

}  // namespace plimsoll
