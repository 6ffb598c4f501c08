// SPDX-License-Identifier: Apache-2.0
#include "config/keys/keys.hpp"
#include "config/keys/slots.hpp"

#include <array>

namespace plimsoll::config {
namespace {

constexpr std::array kSignerKeys{
    Key{.table = "signer",
        .name = "type",
        .target = at<&Config::signer, &Signer::type>,
        .fallback = "none",
        .help = "`dev` is the well-known key of local development chains and works on nothing else; `none` "
                "can only watch"},
};

}  // namespace

std::span<const Key> signer_keys() {
    return kSignerKeys;
}

}  // namespace plimsoll::config
