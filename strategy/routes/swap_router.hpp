// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chain/primitives/address.hpp"
#include "chain/primitives/bytes.hpp"

#include <cstdint>
#include <optional>
#include <string_view>

namespace plimsoll::strategy {

/// Which of Uniswap's routers: the value is the Executor's Plan.swaps[].kind. Some chains, as Base, have the
/// newer one only.
enum class RouterKind : std::uint8_t {
    classic = 0,   // SwapRouter.exactInput((bytes,address,uint256,uint256,uint256)), with a deadline
    router02 = 1,  // SwapRouter02.exactInput((bytes,address,uint256,uint256))
};

/// "SwapRouter" or "SwapRouter02".
[[nodiscard]] std::string_view to_string(RouterKind kind);

/// What a contract's code says that it is, by the function it answers to; nothing if it has neither.
[[nodiscard]] std::optional<RouterKind> router_kind(BytesView code);

/// The router through which the Executor sells.
struct SwapRouter {
    Address address;
    RouterKind kind{};
};

}  // namespace plimsoll::strategy
