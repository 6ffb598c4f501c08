// SPDX-License-Identifier: Apache-2.0
#include "config/keys/keys.hpp"
#include "config/keys/slots.hpp"

#include <array>

namespace plimsoll::config {
namespace {

constexpr std::array kRoutesKeys{
    Key{.table = "routes",
        .name = "intermediates",
        .target = at<&Config::routes, &Routes::intermediates>,
        .example = kAnAddress,
        .help = "tokens between the two pools of an exit; without any, those with the most pools"},
};

}  // namespace

std::span<const Key> routes_keys() {
    return kRoutesKeys;
}

}  // namespace plimsoll::config
