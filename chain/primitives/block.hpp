// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chain/primitives/hash.hpp"
#include "chain/primitives/units.hpp"

namespace plimsoll {

/// What a header tells: identity, link, time, and what the next base fee follows from (EIP-1559).
struct Head {
    Hash32 hash;
    Hash32 parent_hash;
    BlockNumber number;
    Timestamp timestamp;
    Wei base_fee;  // per gas; zero on a chain without EIP-1559
    Gas gas_used;  // as the next base fee counts it
    Gas gas_limit;
    friend bool operator==(const Head&, const Head&) = default;
};

}  // namespace plimsoll
