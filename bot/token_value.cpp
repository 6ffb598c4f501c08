// SPDX-License-Identifier: Apache-2.0
#include "bot/token_value.hpp"

#include "strategy/rank/valuation.hpp"

#include <algorithm>

namespace plimsoll::bot {

Usd token_value(const strategy::Engine& engine, const Address& token, const TokenAmount& amount,
                Rounding rounding) {
    for (std::size_t id = 0; id < engine.venue_count(); ++id) {
        const strategy::Venue& venue = engine.venue(static_cast<VenueId>(id));
        const auto assets = venue.assets();
        const auto found = std::ranges::find(assets, token, &strategy::Asset::token);
        if (found == assets.end()) continue;
        const auto place = static_cast<std::size_t>(found - assets.begin());
        if (place >= venue.prices().size()) continue;
        try {
            return strategy::worth(amount, venue.prices()[place], found->decimals, rounding);
        } catch (const ArithmeticError&) {
            return Usd{};
        }
    }
    return Usd{};
}

}  // namespace plimsoll::bot
