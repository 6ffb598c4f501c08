// SPDX-License-Identifier: Apache-2.0
#include "config/keys/keys.hpp"
#include "config/keys/slots.hpp"

#include <array>

namespace plimsoll::config {
namespace {

constexpr std::array kKeeperKeys{
    Key{.table = "keeper",
        .name = "mode",
        .target = at<&Config::keeper, &Keeper::mode>,
        .fallback = "dry-run",
        .help = "`live` sends transactions, and only from the file and together with `--live` on the command "
                "line"},
    Key{.table = "keeper",
        .name = "data_dir",
        .target = PathSlot{at<&Config::keeper, &Keeper::data_dir>},
        .fallback = ".plimsoll",
        .help = "folder for journal, snapshots and report; a dry run has its own inside"},
    Key{.table = "keeper",
        .name = "witness",
        .target = PathSlot{at<&Config::keeper, &Keeper::witness>},
        .example = "/mnt/second/plimsoll.witness",
        .help = "file that shows if the journal was lost or put back from a copy: best on another disk; "
                "`witness` in `data_dir` unless set"},
    Key{.table = "keeper",
        .name = "snapshot_every",
        .target = at<&Config::keeper, &Keeper::snapshot_every>,
        .fallback = "10m",
        .most = "24h",
        .help = "how often the books are written to disk, for a restart in seconds; `0s` writes none"},
    Key{.table = "keeper",
        .name = "kill_switch",
        .target = PathSlot{at<&Config::keeper, &Keeper::kill_switch>},
        .example = "/run/plimsoll/kill",
        .help =
            "while this file is there nothing is signed but cancellations; `kill` in `data_dir` unless set"},
};

}  // namespace

std::span<const Key> keeper_keys() {
    return kKeeperKeys;
}

}  // namespace plimsoll::config
