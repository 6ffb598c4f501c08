// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "strategy/rank/appraiser.hpp"
#include "strategy/routes/moved_pools.hpp"

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

/// Takes the opportunities greedily by net value. Each one taken moves the pools of its route: those that
/// would go through one of them too are appraised again on the moved pools, over all their pairs and routes,
/// before they are taken or given up. Takes at most `limit`; what would be worth it beyond that gets
/// Reason::spend_budget. `moved` holds where the pools stand after all that is decided already, and goes on
/// with what is taken. The taken come first, in the order they are to be sent; then the rest, each with its
/// reason.
[[nodiscard]] std::vector<Selected> select(std::span<const Candidate> candidates, MovedPools& moved,
                                           std::size_t limit);

}  // namespace plimsoll::strategy
