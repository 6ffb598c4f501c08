// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chain/primitives/quantity.hpp"

#include <chrono>
#include <compare>
#include <cstdint>

namespace plimsoll {

/// 10^-18 of the chain's native coin.
using Wei = Quantity<struct WeiUnit>;
/// A fixed-point number with 27 decimals (Aave indices and rates).
using Ray = Quantity<struct RayUnit>;
/// A fixed-point number with 18 decimals (health factors).
using Wad = Quantity<struct WadUnit>;
/// 10^-8 US dollars: the base currency unit of Aave V3's oracle.
using Usd = Quantity<struct UsdUnit>;
/// The smallest unit of some ERC-20 token; which token stands beside it.
using TokenAmount = Quantity<struct TokenUnit>;

/// A 64-bit count of one thing, ordered and steppable, never mixed with another.
template <class Tag>
struct Count {
    std::uint64_t value{};
    friend constexpr auto operator<=>(const Count&, const Count&) noexcept = default;
    [[nodiscard]] constexpr Count next(std::uint64_t steps = 1) const noexcept {
        return Count{value + steps};
    }
};

using BlockNumber = Count<struct BlockNumberTag>;
using Nonce = Count<struct NonceTag>;
/// Units of EVM gas.
using Gas = Count<struct GasTag>;
/// 10^-9 of the native coin, for display and configuration; fees themselves are Wei.
using Gwei = Count<struct GweiTag>;
/// Hundredths of a percent.
using BasisPoints = Count<struct BasisPointsTag>;
/// Seconds since the Unix epoch as block headers carry them.
using Timestamp = Count<struct TimestampTag>;
/// EIP-155 chain id.
using ChainId = Count<struct ChainIdTag>;

[[nodiscard]] constexpr Wei to_wei(Gwei gwei) {
    return Wei{U256{gwei.value} * U256{1'000'000'000}};
}
/// Gas times a price per gas.
[[nodiscard]] constexpr Wei cost(Gas gas, const Wei& price_per_gas) {
    return Wei{U256{gas.value} * price_per_gas.raw()};
}

/// Monotonic receive time, nanoseconds of the process's steady clock.
struct ReceiveTime {
    std::int64_t nanoseconds{};
    friend constexpr auto operator<=>(const ReceiveTime&, const ReceiveTime&) noexcept = default;
};

}  // namespace plimsoll
