// SPDX-License-Identifier: Apache-2.0
#include "config/keys/keys.hpp"
#include "config/keys/slots.hpp"

#include <array>

namespace plimsoll::config {
namespace {

constexpr Need kWithKeystore{[](const Config& config) { return config.signer.type == SignerType::keystore; },
                             "when signer.type = \"keystore\""};

constexpr Need kWithRemote{[](const Config& config) { return config.signer.type == SignerType::remote; },
                           "when signer.type = \"remote\""};

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
    Key{.table = "signer",
        .name = "url",
        .target = at<&Config::signer, &Signer::url>,
        .example = "https://signer.internal:9000/",
        .need = kWithRemote,
        .help = "remote signer that answers `eth_signTransaction`; `https`, or `http` on this machine"},
    Key{.table = "signer",
        .name = "address",
        .target = at<&Config::signer, &Signer::address>,
        .example = kAnAddress,
        .need = kWithRemote,
        .help = "whose key the remote signer holds"},
    Key{.table = "signer",
        .name = "ca_file",
        .target = PathSlot{at<&Config::signer, &Signer::ca_file>},
        .example = "/etc/plimsoll/signer-ca.pem",
        .help = "PEM file of the authorities that the remote signer is believed by; the system's unless set"},
    Key{.table = "signer",
        .name = "client_cert",
        .target = PathSlot{at<&Config::signer, &Signer::client_cert>},
        .example = "/etc/plimsoll/keeper.pem",
        .help = "PEM file of the certificate shown to the remote signer; required with `https`"},
    Key{.table = "signer",
        .name = "client_key",
        .target = PathSlot{at<&Config::signer, &Signer::client_key>},
        .example = "/etc/plimsoll/keeper.key",
        .help = "PEM file of its private key, which nobody else can read"},
};

}  // namespace

std::span<const Key> signer_keys() {
    return kSignerKeys;
}

}  // namespace plimsoll::config
