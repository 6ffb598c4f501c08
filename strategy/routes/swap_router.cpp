// SPDX-License-Identifier: Apache-2.0
#include "strategy/routes/swap_router.hpp"

#include "chain/codec/selector.hpp"

#include <algorithm>
#include <array>

namespace plimsoll::strategy {

namespace {

constexpr std::uint8_t kPush4 = 0x63;

/// Whether the code compares a call's selector with this one: compilers push it as four bytes.
bool answers(BytesView code, const codec::Selector& selector) {
    std::array<std::uint8_t, 5> wanted{kPush4};
    std::copy(selector.begin(), selector.end(), wanted.begin() + 1);
    return std::search(code.begin(), code.end(), wanted.begin(), wanted.end()) != code.end();
}

}  // namespace

std::string_view to_string(RouterKind kind) {
    return kind == RouterKind::router02 ? "SwapRouter02" : "SwapRouter";
}

std::optional<RouterKind> router_kind(BytesView code) {
    if (answers(code, codec::selector("exactInput((bytes,address,uint256,uint256,uint256))")))
        return RouterKind::classic;
    if (answers(code, codec::selector("exactInput((bytes,address,uint256,uint256))")))
        return RouterKind::router02;
    return std::nullopt;
}

}  // namespace plimsoll::strategy
