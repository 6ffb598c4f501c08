// SPDX-License-Identifier: Apache-2.0
#include "config/keys/keys.hpp"
#include "config/keys/slots.hpp"

#include <array>

namespace plimsoll::config {
namespace {

constexpr std::array kForkKeys{
    Key{.table = "fork",
        .name = "anvil",
        .target = at<&Config::fork, &Fork::anvil>,
        .fallback = "anvil",
        .help = "the anvil that the command `fork` starts: a path, or a name that PATH is searched for"},
};

}  // namespace

std::span<const Key> fork_keys() {
    return kForkKeys;
}

}  // namespace plimsoll::config
