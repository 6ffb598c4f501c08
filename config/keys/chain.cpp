// SPDX-License-Identifier: Apache-2.0
#include "config/keys/keys.hpp"
#include "config/keys/slots.hpp"

#include <array>

namespace plimsoll::config {
namespace {

constexpr std::array kChainKeys{
    Key{.table = "chain",
        .name = "network",
        .target = at<&Config::chain, &Chain::network>,
        .fallback = "custom",
        .help =
            "whose addresses and facts are built in (`config/networks`); `custom` has none. What is set here "
            "or elsewhere goes before them"},
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
    Key{.table = "chain",
        .name = "undo_blocks",
        .target = at<&Config::chain, &Chain::undo_blocks>,
        .fallback = "96 blocks",
        .least = "8 blocks",
        .most = "65536 blocks",
        .help = "how deep a reorganisation is undone block by block; a deeper one starts from a snapshot"},
    Key{.table = "chain",
        .name = "max_clock_skew",
        .target = at<&Config::chain, &Chain::max_clock_skew>,
        .fallback = "2m",
        .most = "24h",
        .help = "a new block whose time is further than this from this machine's stops sending; `0s`: not "
                "looked at"},
    Key{.table = "chain",
        .name = "single_endpoint",
        .target = at<&Config::chain, &Chain::single_endpoint>,
        .fallback = "false",
        .help = "one endpoint alone is believed, also when transactions are sent beyond this machine"},
    Key{.table = "chain",
        .name = "wrapped_native",
        .target = at<&Config::chain, &Chain::wrapped_native>,
        .example = kAnAddress,
        .help = "the token that stands for the native coin (WETH); the router must know the same one"},
    Key{.table = "chain",
        .name = "multicall3",
        .target = at<&Config::chain, &Chain::multicall3>,
        .example = kAnAddress,
        .help = "the Multicall3 contract; `check` looks whether it is there"},
};

}  // namespace

std::span<const Key> chain_keys() {
    return kChainKeys;
}

}  // namespace plimsoll::config
