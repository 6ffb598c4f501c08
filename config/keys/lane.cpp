// SPDX-License-Identifier: Apache-2.0
#include "config/keys/keys.hpp"
#include "config/keys/slots.hpp"

#include <array>

namespace plimsoll::config {
namespace {

constexpr std::array kLaneKeys{
    Key{.table = "lane",
        .name = "name",
        .target = NameSlot{each<&Config::lanes, &Lane::name>},
        .example = "relay",
        .need = kAlways,
        .help = "what the log calls it"},
    Key{.table = "lane",
        .name = "type",
        .target = each<&Config::lanes, &Lane::type>,
        .example = "private",
        .need = kAlways,
        .help = "`public`: all endpoints; `private`: eth_sendPrivateTransaction at a relay; `bundle`: "
                "eth_sendBundle at a builder. Without any `[[lane]]` everything is public; with lanes, but "
                "none of type `public`, only cancellations ever are"},
    Key{.table = "lane",
        .name = "url",
        .target = each<&Config::lanes, &Lane::url>,
        .example = "https://relay.example",
        .help = "of the relay or builder (http, https)"},
    Key{.table = "lane",
        .name = "auth_key_file",
        .target = PathSlot{each<&Config::lanes, &Lane::auth_key_file>},
        .example = "/etc/plimsoll/relay.key",
        .help = "file with the key (64 hex digits) that signs each request (`X-Flashbots-Signature`), that "
                "nobody "
                "else can read; never the operator's key"},
    Key{.table = "lane",
        .name = "headers",
        .target = HeadersSlot{each<&Config::lanes, &Lane::headers>},
        .example = "Authorization: Bearer ${RPC_SECRET}",
        .help = "sent with each request"},
    Key{.table = "lane",
        .name = "ca_file",
        .target = PathSlot{each<&Config::lanes, &Lane::ca_file>},
        .example = "/etc/plimsoll/ca.pem",
        .help = "the certificate authority of https, instead of the system's"},
    Key{.table = "lane",
        .name = "after",
        .target = each<&Config::lanes, &Lane::after>,
        .fallback = "0 blocks",
        .most = "1000 blocks",
        .help = "how long other lanes are tried alone: a `public` lane with `3 blocks` takes what relays did "
                "not land by then, at the same nonce"},
    Key{.table = "lane",
        .name = "blocks",
        .target = each<&Config::lanes, &Lane::blocks>,
        .fallback = "2 blocks",
        .least = "1 block",
        .most = "25 blocks",
        .help = "bundle: for how many of the next blocks it is offered"},
    Key{.table = "lane",
        .name = "simulate",
        .target = each<&Config::lanes, &Lane::simulate>,
        .fallback = "false",
        .help = "bundle: ask eth_callBundle first, and offer nothing that fails there"},
    Key{.table = "lane",
        .name = "builder_share",
        .target = each<&Config::lanes, &Lane::builder_share>,
        .fallback = "0%",
        .most = "99%",
        .help = "bundle: what the Executor pays to the block's builder, of the profit above gas and "
                "`strategy.min_profit`; the highest of all lanes holds. Only where the debt is the wrapped "
                "native coin, and whoever builds the block"},
};

}  // namespace

std::span<const Key> lane_keys() {
    return kLaneKeys;
}

}  // namespace plimsoll::config
