// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "strategy/rank/appraiser.hpp"
#include "strategy/routes/moved_pools.hpp"

#include <cstdint>
#include <limits>
#include <span>
#include <vector>

namespace plimsoll::strategy {

/// A liquidatable account and who appraises it.
struct Candidate {
    VenueId venue{};
    AccountId account{};
    const Appraiser* appraiser{};
};

struct Selected {
    Candidate candidate;
    Appraisal appraisal;
};

/// How much may be taken at once. The gas limit of an opportunity is what it is expected to use times
/// `gas_limit_factor`; its cost is that times `price`, within `each`, and what is taken for its bytes.
struct SelectionLimits {
    std::size_t count = std::numeric_limits<std::size_t>::max();
    Reason crowded = Reason::spend_budget;               // told of what goes beyond `count`
    Gas gas{std::numeric_limits<std::uint64_t>::max()};  // beyond it: Reason::spend_budget
    Wei cost{U256::max()};
    Reason poor = Reason::spend_budget;  // told of what goes beyond `cost`
    Wei price;
    Wei each{U256::max()};  // at most for one of them, at `least_price`: Reason::spend_per_tx
    Wei least_price{};      // per gas, with which it could land in the next block
    BasisPoints gas_limit_factor{10'000};
};

/// The gas limit of a transaction that is expected to use `gas`.
[[nodiscard]] Gas gas_limit_of(Gas gas, BasisPoints factor);

/// Takes the opportunities greedily by net value per gas, as gas is what blocks, nonces and the balance run
/// out of. Each one taken moves the pools of its route: those that
/// would go through one of them too are appraised again on the moved pools, over all their pairs and routes,
/// before they are taken or given up. What is worth it but goes beyond `limits` is left with their reason;
/// a smaller one after it may still fit. `moved` holds where the pools stand after all that is decided
/// already, and goes on with what is taken as long as others wait for their turn. The taken come first, in
/// the order they are to be sent; then the rest, each with its reason.
[[nodiscard]] std::vector<Selected> select(std::span<const Candidate> candidates, MovedPools& moved,
                                           const SelectionLimits& limits);

}  // namespace plimsoll::strategy
