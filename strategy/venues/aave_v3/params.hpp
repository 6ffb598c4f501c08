// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chain/primitives/address.hpp"
#include "chain/primitives/outcome.hpp"
#include "chain/primitives/units.hpp"

#include <cstddef>
#include <cstdint>
#include <string>

namespace plimsoll::strategy {

/// What an Aave V3 venue is told; everything else it reads from the chain.
struct AaveV3Params {
    VenueId id{};
    std::string name;
    Address pool;
    BlockNumber start_block;           // where the pool was made: accounts are looked for from here on
    std::uint32_t log_range = 10'000;  // blocks a log query may span
    std::uint32_t batch = 400;         // calls in one read request
    std::uint32_t outstanding = 4;     // read requests under way at once
    std::size_t undo_blocks = 8'192;   // most blocks that can be undone; the engine keeps less
    std::uint64_t sweep_seconds = 0;   // interest alone is looked at this often; 0: at each block
};

}  // namespace plimsoll::strategy
