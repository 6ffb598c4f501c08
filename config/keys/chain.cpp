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
    Key{.table = "chain",
        .name = "fee_elasticity",
        .target = at<&Config::chain, &Chain::fee_elasticity>,
        .fallback = "2",
        .most = "64",
        .help =
            "gas limit over gas target of a block (EIP-1559); `0`: the base fee does not follow the load"},
    Key{.table = "chain",
        .name = "fee_denominator",
        .target = at<&Config::chain, &Chain::fee_denominator>,
        .fallback = "8",
        .least = "1",
        .most = "1000000",
        .help =
            "how slowly the base fee follows: a block of twice the target raises it by one part in so many"},
    Key{.table = "chain",
        .name = "data_fee",
        .target = at<&Config::chain, &Chain::data_fee>,
        .fallback = "none",
        .help = "which rollup's fees are reckoned with beside the gas: for a transaction's bytes, and the "
                "operator's on the OP stack"},
    Key{.table = "chain",
        .name = "sequencer_feed",
        .target = at<&Config::chain, &Chain::sequencer_feed>,
        .example = kAnAddress,
        .help = "Chainlink's uptime feed of the rollup's sequencer; while it says down nothing is sent"},
    Key{.table = "chain",
        .name = "sequencer_grace",
        .target = at<&Config::chain, &Chain::sequencer_grace>,
        .fallback = "0s",
        .most = "24h",
        .help =
            "how long after the sequencer is back nothing is sent either; the market may have a rule of its "
            "own"},
};

}  // namespace

std::span<const Key> chain_keys() {
    return kChainKeys;
}

}  // namespace plimsoll::config
