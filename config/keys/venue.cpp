// SPDX-License-Identifier: Apache-2.0
#include "config/keys/keys.hpp"
#include "config/keys/slots.hpp"

#include <array>

namespace plimsoll::config {
namespace {

constexpr std::array kVenueKeys{
    Key{.table = "venue",
        .name = "kind",
        .target = each<&Config::venues, &Venue::kind>,
        .example = "aave-v3",
        .need = kAlways,
        .help = "the protocol"},
    Key{.table = "venue",
        .name = "name",
        .target = NameSlot{each<&Config::venues, &Venue::name>},
        .example = "aave-v3-main",
        .need = kAlways,
        .help = "what the log calls it"},
    Key{.table = "venue",
        .name = "pool",
        .target = each<&Config::venues, &Venue::pool>,
        .example = kAnAddress,
        .need = kAlways,
        .help = "the market's Pool contract (the proxy)"},
    Key{.table = "venue",
        .name = "provider",
        .target = each<&Config::venues, &Venue::provider>,
        .example = kAnAddress,
        .help = "the PoolAddressesProvider that the Pool is expected to name; another one is refused"},
    Key{.table = "venue",
        .name = "start_block",
        .target = each<&Config::venues, &Venue::start_block>,
        .fallback = "0",
        .help = "the block of the Pool's deployment, from which accounts are looked for"},
};

}  // namespace

std::span<const Key> venue_keys() {
    return kVenueKeys;
}

}  // namespace plimsoll::config
