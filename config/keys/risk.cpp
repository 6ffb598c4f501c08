// SPDX-License-Identifier: Apache-2.0
#include "config/keys/keys.hpp"
#include "config/keys/slots.hpp"

#include <array>

namespace plimsoll::config {
namespace {

constexpr std::array kRiskKeys{
    Key{.table = "risk",
        .name = "allow_assets",
        .target = at<&Config::risk, &Risk::allow_assets>,
        .example = kAnAddress,
        .help = "tokens to seize and repay; no others, if any is named"},
    Key{.table = "risk",
        .name = "deny_assets",
        .target = at<&Config::risk, &Risk::deny_assets>,
        .example = kAnotherAddress,
        .help = "tokens never to seize or repay; goes before `allow_assets`"},
    Key{.table = "risk",
        .name = "allow_accounts",
        .target = at<&Config::risk, &Risk::allow_accounts>,
        .example = kAnAddress,
        .help = "accounts to liquidate; no others, if any is named"},
    Key{.table = "risk",
        .name = "deny_accounts",
        .target = at<&Config::risk, &Risk::deny_accounts>,
        .example = kAnotherAddress,
        .help = "accounts never to liquidate; goes before `allow_accounts`"},
    Key{.table = "risk",
        .name = "max_spend_per_tx",
        .target = at<&Config::risk, &Risk::max_spend_per_tx>,
        .fallback = "0 eth",
        .help = "most that one transaction may cost, gas limit times highest fee and twice a rollup's fee "
                "for its "
                "bytes; `0 eth`: no limit"},
    Key{.table = "risk",
        .name = "max_spend_per_hour",
        .target = at<&Config::risk, &Risk::max_spend_per_hour>,
        .fallback = "0 eth",
        .help = "the same of an hour: what landed, and what may still land; `0 eth`: no limit"},
    Key{.table = "risk",
        .name = "max_spend_per_day",
        .target = at<&Config::risk, &Risk::max_spend_per_day>,
        .fallback = "0 eth",
        .help = "the same of 24 hours, across restarts"},
    Key{.table = "risk",
        .name = "min_gas_balance",
        .target = at<&Config::risk, &Risk::min_gas_balance>,
        .fallback = "0 eth",
        .help = "of the key: what is under way and this must be covered, or nothing new is sent"},
    Key{.table = "risk",
        .name = "max_loss_per_hour",
        .target = at<&Config::risk, &Risk::max_loss_per_hour>,
        .fallback = "0 usd",
        .help = "when an hour has lost as much, gains taken off, the breaker opens; `0 usd`: never"},
    Key{.table = "risk",
        .name = "max_loss_per_day",
        .target = at<&Config::risk, &Risk::max_loss_per_day>,
        .fallback = "0 usd",
        .help = "when 24 hours have lost as much, nothing is sent until they are over; `0 usd`: never"},
    Key{.table = "risk",
        .name = "breaker_pause",
        .target = at<&Config::risk, &Risk::breaker_pause>,
        .fallback = "15m",
        .least = "1s",
        .most = "24h",
        .help = "how long the breaker stays open; then one transaction is let through, and closes it if it "
                "gains"},
};

}  // namespace

std::span<const Key> risk_keys() {
    return kRiskKeys;
}

}  // namespace plimsoll::config
