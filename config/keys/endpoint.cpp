// SPDX-License-Identifier: Apache-2.0
#include "config/keys/keys.hpp"
#include "config/keys/slots.hpp"

#include <array>

namespace plimsoll::config {
namespace {

constexpr std::array kEndpointKeys{
    Key{.table = "endpoint",
        .name = "name",
        .target = NameSlot{each<&Config::endpoints, &Endpoint::name>},
        .example = "local",
        .need = kAlways,
        .help = "what the log calls it; the addresses are never printed in full"},
    Key{.table = "endpoint",
        .name = "ws",
        .target = each<&Config::endpoints, &Endpoint::ws>,
        .example = "ws://127.0.0.1:8545",
        .need = kAlways,
        .help = "WebSocket address, for everything that is read and sent"},
};

}  // namespace

std::span<const Key> endpoint_keys() {
    return kEndpointKeys;
}

}  // namespace plimsoll::config
