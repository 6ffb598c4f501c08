// SPDX-License-Identifier: Apache-2.0
#include "config/keys/keys.hpp"
#include "config/keys/slots.hpp"

#include <array>

namespace plimsoll::config {
namespace {

constexpr std::array kExecutionKeys{
    Key{.table = "execution",
        .name = "max_fee_per_gas",
        .target = at<&Config::execution, &Execution::max_fee_per_gas>,
        .fallback = "200 gwei",
        .least = "1 wei",
        .most = "100000 gwei",
        .help = "above this nothing is signed, whatever the profit"},
    Key{.table = "execution",
        .name = "priority_fee",
        .target = at<&Config::execution, &Execution::priority_fee>,
        .fallback = "1 gwei",
        .most = "100000 gwei",
        .help = "least tip of an attempt"},
    Key{.table = "execution",
        .name = "ordering",
        .target = at<&Config::execution, &Execution::ordering>,
        .fallback = "first-come",
        .help = "who is first in a block: by arrival, or by tip; by tip, at least what recent blocks paid is "
                "offered if it is worth that"},
    Key{.table = "execution",
        .name = "bid_share",
        .target = at<&Config::execution, &Execution::bid_share>,
        .fallback = "10%",
        .most = "100%",
        .help = "of the expected net value, offered on top of `priority_fee` in a priority auction"},
    Key{.table = "execution",
        .name = "replace_after",
        .target = at<&Config::execution, &Execution::replace_after>,
        .fallback = "2 blocks",
        .least = "1 block",
        .most = "100 blocks",
        .help = "a transaction that has not landed by then is sent again with higher fees"},
    Key{.table = "execution",
        .name = "deadline",
        .target = at<&Config::execution, &Execution::deadline>,
        .fallback = "5 blocks",
        .least = "1 block",
        .most = "1000 blocks",
        .help = "the Executor refuses a transaction that lands later than this after the decision; of one "
                "that was kept signed, later than twice this, or than a minute's blocks, after it was made"},
    Key{.table = "execution",
        .name = "max_pending",
        .target = at<&Config::execution, &Execution::max_pending>,
        .fallback = "16",
        .least = "1",
        .most = "64",
        .help = "most transactions under way at a time"},
    Key{.table = "execution",
        .name = "armed",
        .target = at<&Config::execution, &Execution::armed>,
        .fallback = "0",
        .least = "0",
        .most = "32",
        .help = "accounts nearest their line whose transactions are kept signed, for the moment a price "
                "brings them below it; 0: none"},
    Key{.table = "execution",
        .name = "hot_thread",
        .target = at<&Config::execution, &Execution::hot_thread>,
        .fallback = "epoll",
        .help =
            "who sends what `armed` keeps signed, if `strategy.speculate` is on: a thread with connections "
            "of its own that sleeps between answers (epoll) or never (spin); off: the one that does all "
            "else"},
    Key{.table = "execution",
        .name = "hot_core",
        .target = at<&Config::execution, &Execution::hot_core>,
        .fallback = "0",
        .least = "0",
        .most = "1024",
        .help =
            "the processor core that it runs on, counted from 1, which the program must be allowed to use; "
            "0: any"},
    Key{.table = "execution",
        .name = "confirmations",
        .target = at<&Config::execution, &Execution::confirmations>,
        .fallback = "1 block",
        .least = "1 block",
        .most = "64 blocks",
        .help = "blocks, its own included, until a landing counts as final; one that is undone later stops "
                "the key"},
};

}  // namespace

std::span<const Key> execution_keys() {
    return kExecutionKeys;
}

}  // namespace plimsoll::config
