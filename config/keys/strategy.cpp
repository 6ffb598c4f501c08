// SPDX-License-Identifier: Apache-2.0
#include "config/keys/keys.hpp"
#include "config/keys/slots.hpp"

#include <array>

namespace plimsoll::config {
namespace {

constexpr std::array kStrategyKeys{
    Key{.table = "strategy",
        .name = "min_profit",
        .target = at<&Config::strategy, &Strategy::min_profit>,
        .fallback = "5 usd",
        .most = "1000000 usd",
        .help = "least net profit of a transaction: after flash fee, swap loss and gas"},
    Key{.table = "strategy",
        .name = "speculate",
        .target = at<&Config::strategy, &Strategy::speculate>,
        .fallback = "false",
        .help =
            "act on prices of blocks that are not complete yet; may cost the gas of a failed transaction"},
    Key{.table = "strategy",
        .name = "health_watch",
        .target = at<&Config::strategy, &Strategy::health_watch>,
        .fallback = "1.1",
        .least = "1",
        .most = "10",
        .help = "accounts with a health factor below this count as near"},
    Key{.table = "strategy",
        .name = "audit_health",
        .target = at<&Config::strategy, &Strategy::audit_health>,
        .fallback = "1.5",
        .least = "1",
        .most = "100",
        .help = "accounts with a health factor below this are compared with the chain whenever they change"},
    Key{.table = "strategy",
        .name = "audit_sample",
        .target = at<&Config::strategy, &Strategy::audit_sample>,
        .fallback = "2",
        .most = "4",
        .help = "how many other accounts are compared with the chain at each block"},
};

}  // namespace

std::span<const Key> strategy_keys() {
    return kStrategyKeys;
}

}  // namespace plimsoll::config
