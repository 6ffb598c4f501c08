// SPDX-License-Identifier: Apache-2.0
#include "config/keys/keys.hpp"
#include "config/keys/slots.hpp"

#include <array>

namespace plimsoll::config {
namespace {

constexpr std::array kPricesKeys{
    Key{.table = "prices",
        .name = "max_deviation",
        .target = at<&Config::prices, &Prices::max_deviation>,
        .fallback = "10%",
        .most = "100%",
        .help =
            "an asset's price that is further than this from its second source (`[[price_guard]]`) is not "
            "acted on"},
};

}  // namespace

std::span<const Key> prices_keys() {
    return kPricesKeys;
}

}  // namespace plimsoll::config
