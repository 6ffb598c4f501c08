// SPDX-License-Identifier: Apache-2.0
#include "config/keys/keys.hpp"
#include "config/keys/slots.hpp"

#include <array>

namespace plimsoll::config {
namespace {

constexpr std::array kUniswapV3Keys{
    Key{.table = "uniswap_v3",
        .name = "factory",
        .target = at<&Config::uniswap_v3, &UniswapV3::factory>,
        .example = kAnAddress,
        .need = kAlways,
        .help = "UniswapV3Factory, where exit pools are found"},
    Key{.table = "uniswap_v3",
        .name = "quoter",
        .target = at<&Config::uniswap_v3, &UniswapV3::quoter>,
        .example = kAnAddress,
        .need = kAlways,
        .help = "QuoterV2, which prices exit swaps"},
    Key{.table = "uniswap_v3",
        .name = "router",
        .target = at<&Config::uniswap_v3, &UniswapV3::router>,
        .example = kAnAddress,
        .need = kAlways,
        .help = "SwapRouter or SwapRouter02, through which the Executor sells; its code tells which"},
};

}  // namespace

std::span<const Key> uniswap_v3_keys() {
    return kUniswapV3Keys;
}

}  // namespace plimsoll::config
