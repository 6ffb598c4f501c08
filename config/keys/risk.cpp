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
};

}  // namespace

std::span<const Key> risk_keys() {
    return kRiskKeys;
}

}  // namespace plimsoll::config
