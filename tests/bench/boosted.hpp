// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chain/primitives/u256.hpp"

#include <boost/multiprecision/cpp_int.hpp>

#include <cstddef>

namespace plimsoll::bench {

using Boost = boost::multiprecision::uint256_t;

[[nodiscard]] inline Boost boosted(const U256& value) {
    Boost out = 0;
    for (std::size_t i = 4; i-- > 0;)
        out = (out << 64U) | value.limbs()[i];
    return out;
}

}  // namespace plimsoll::bench
