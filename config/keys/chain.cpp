// SPDX-License-Identifier: Apache-2.0
#include "config/keys/keys.hpp"
#include "config/keys/slots.hpp"

#include <array>

namespace plimsoll::config {
namespace {

constexpr std::array kChainKeys{
    Key{.table = "chain",
        .name = "id",
        .target = at<&Config::chain, &Chain::id>,
        .example = "31337",
        .least = "1",
        .need = kAlways,
        .help = "EIP-155 chain id, which every endpoint must answer"},
    Key{.table = "chain",
        .name = "block_time",
        .target = at<&Config::chain, &Chain::block_time>,
        .fallback = "12s",
        .least = "100ms",
        .most = "1h",
        .help = "usual time between two blocks"},
};

}  // namespace

std::span<const Key> chain_keys() {
    return kChainKeys;
}

}  // namespace plimsoll::config
