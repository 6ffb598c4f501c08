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
        .help = "folder for journal and report; a dry run has its own inside"},
};

}  // namespace

std::span<const Key> keeper_keys() {
    return kKeeperKeys;
}

}  // namespace plimsoll::config
