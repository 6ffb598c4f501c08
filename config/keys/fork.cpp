// SPDX-License-Identifier: Apache-2.0
#include "config/keys/keys.hpp"
#include "config/keys/slots.hpp"

#include <array>

namespace plimsoll::config {
namespace {

constexpr std::array kForkKeys{
    Key{.table = "fork",
        .name = "anvil",
        .target = PathSlot{at<&Config::fork, &Fork::anvil>},
        .fallback = "anvil",
        .help = "the program that `plimsoll fork` runs: a name to look for in PATH, or a path"},
};

}  // namespace

std::span<const Key> fork_keys() {
    return kForkKeys;
}

}  // namespace plimsoll::config
