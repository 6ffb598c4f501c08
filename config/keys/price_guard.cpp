// SPDX-License-Identifier: Apache-2.0
#include "config/keys/keys.hpp"
#include "config/keys/slots.hpp"

#include <array>

namespace plimsoll::config {
namespace {

constexpr std::array kPriceGuardKeys{
    Key{.table = "price_guard",
        .name = "asset",
        .target = each<&Config::price_guards, &PriceGuard::asset>,
        .example = kAnAddress,
        .need = kAlways,
        .help = "the token whose price has a second source"},
    Key{.table = "price_guard",
        .name = "source",
        .target = each<&Config::price_guards, &PriceGuard::source>,
        .example = kAnAddress,
        .need = kAlways,
        .help = "a price feed in US dollars: a contract with latestAnswer() and decimals()"},
};

}  // namespace

std::span<const Key> price_guard_keys() {
    return kPriceGuardKeys;
}

}  // namespace plimsoll::config
