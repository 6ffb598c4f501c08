// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chain/primitives/units.hpp"
#include "strategy/engine.hpp"

namespace plimsoll::bot {

/// What an amount of a token is worth at the newest price of the first market that lists it; zero where none
/// does, or where the amount is beyond all prices.
[[nodiscard]] Usd token_value(const strategy::Engine& engine, const Address& token, const TokenAmount& amount,
                              Rounding rounding);

}  // namespace plimsoll::bot
