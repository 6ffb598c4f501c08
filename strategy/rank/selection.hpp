// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "strategy/rank/appraiser.hpp"
#include "strategy/routes/consumption.hpp"

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

/// Takes the opportunities greedily by net value. Each one taken moves its pool for the rest: those are
/// appraised again on what is left of it, over all their pairs, before they are taken or given up. Takes at
/// most `limit`; what would be worth it beyond that gets Reason::spend_budget. `consumed` holds what is sold
/// already and grows by what is taken. The taken come first, in the order they are to be sent; then the rest,
/// each with its reason.
[[nodiscard]] std::vector<Selected> select(std::span<const Candidate> candidates, Consumption& consumed,
                                           std::size_t limit);

}  // namespace plimsoll::strategy
