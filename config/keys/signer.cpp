// SPDX-License-Identifier: Apache-2.0
#include "config/keys/keys.hpp"
#include "config/keys/slots.hpp"

#include <array>

namespace plimsoll::config {
namespace {

constexpr Need kWithKeystore{[](const Config& config) { return config.signer.type == SignerType::keystore; },
                             "when signer.type = \"keystore\""};

constexpr std::array kSignerKeys{
    Key{.table = "signer",
        .name = "type",
        .target = at<&Config::signer, &Signer::type>,
        .fallback = "none",
        .help = "`dev` is the well-known key of local development chains and works on nothing else; `none` "
                "can only watch"},
    Key{.table = "signer",
        .name = "keystore",
        .target = PathSlot{at<&Config::signer, &Signer::keystore>},
        .example = "/etc/plimsoll/keeper.json",
        .need = kWithKeystore,
        .help = "Web3 Secret Storage file of the operator's key (`plimsoll keys new`)"},
    Key{.table = "signer",
        .name = "password_file",
        .target = PathSlot{at<&Config::signer, &Signer::password_file>},
        .example = "/etc/plimsoll/keeper.password",
        .need = kWithKeystore,
        .help = "file that holds the keystore's password and that nobody else can read"},
};

}  // namespace

std::span<const Key> signer_keys() {
    return kSignerKeys;
}

}  // namespace plimsoll::config
