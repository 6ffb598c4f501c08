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
        .help = "WebSocket address (ws, wss), for everything that is read and sent"},
    Key{.table = "endpoint",
        .name = "http",
        .target = each<&Config::endpoints, &Endpoint::http>,
        .example = "http://127.0.0.1:8545",
        .help = "HTTP address (http, https), for endpoints without `ws` and `ipc`: their newest block is "
                "asked for "
                "again and again; at least one endpoint of a keeper needs `ws` or `ipc`"},
    Key{.table = "endpoint",
        .name = "ipc",
        .target = PathSlot{each<&Config::endpoints, &Endpoint::ipc>},
        .example = "/run/geth/geth.ipc",
        .help = "path of the node's Unix socket; goes before `ws`"},
    Key{.table = "endpoint",
        .name = "headers",
        .target = HeadersSlot{each<&Config::endpoints, &Endpoint::headers>},
        .example = "Authorization: Bearer ${RPC_SECRET}",
        .help = "sent with each HTTP request and WebSocket handshake"},
    Key{.table = "endpoint",
        .name = "ca_file",
        .target = PathSlot{each<&Config::endpoints, &Endpoint::ca_file>},
        .example = "/etc/plimsoll/ca.pem",
        .help = "the certificate authority of https and wss, instead of the system's"},
    Key{.table = "endpoint",
        .name = "startup_timeout",
        .target = each<&Config::endpoints, &Endpoint::startup_timeout>,
        .fallback = "30s",
        .least = "1s",
        .most = "1h",
        .help = "how long it may take to answer for the first time"},
    Key{.table = "endpoint",
        .name = "requests_per_second",
        .target = each<&Config::endpoints, &Endpoint::requests_per_second>,
        .fallback = "0",
        .most = "100000",
        .help = "budget of requests, of which a fifth is kept for sending; `0` sets none"},
    Key{.table = "endpoint",
        .name = "pending",
        .target = each<&Config::endpoints, &Endpoint::pending>,
        .fallback = "false",
        .help = "ask it for full pending transactions, to see oracle updates before they are mined"},
};

}  // namespace

std::span<const Key> endpoint_keys() {
    return kEndpointKeys;
}

}  // namespace plimsoll::config
