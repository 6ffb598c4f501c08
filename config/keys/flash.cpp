// SPDX-License-Identifier: Apache-2.0
#include "config/keys/keys.hpp"
#include "config/keys/slots.hpp"

#include <array>

namespace plimsoll::config {
namespace {

constexpr std::array kFlashKeys{
    Key{.table = "flash",
        .name = "balancer_vault",
        .target = at<&Config::flash, &Flash::balancer_vault>,
        .example = kAnAddress,
        .help = "Balancer V2 vault, to borrow from"},
    Key{.table = "flash",
        .name = "morpho",
        .target = at<&Config::flash, &Flash::morpho>,
        .example = kAnotherAddress,
        .help = "Morpho, to borrow from"},
    Key{.table = "flash",
        .name = "pools",
        .target = at<&Config::flash, &Flash::pools>,
        .fallback = "true",
        .help = "borrow from Uniswap V3 pools that the exit does not go through"},
    Key{.table = "flash",
        .name = "venue",
        .target = at<&Config::flash, &Flash::venue>,
        .fallback = "true",
        .help = "borrow from the market itself, for its premium"},
};

}  // namespace

std::span<const Key> flash_keys() {
    return kFlashKeys;
}

}  // namespace plimsoll::config
