// SPDX-License-Identifier: Apache-2.0
#include "strategy/routes/route.hpp"

namespace plimsoll::strategy {

namespace {

void append(Bytes& out, const Address& address) {
    for (const std::uint8_t byte : address.bytes)
        out.push_back(byte);
}

}  // namespace

Bytes encode_path(const Route& route) {
    Bytes out;
    if (route.empty()) return out;
    out.reserve(20 + route.hops().size() * 23);
    append(out, route.hops().front().token_in);
    for (const Hop& hop : route.hops()) {
        out.push_back(static_cast<std::uint8_t>(hop.fee >> 16U));
        out.push_back(static_cast<std::uint8_t>(hop.fee >> 8U));
        out.push_back(static_cast<std::uint8_t>(hop.fee));
        append(out, hop.token_out);
    }
    return out;
}

}  // namespace plimsoll::strategy
