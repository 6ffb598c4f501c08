// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chain/primitives/address.hpp"
#include "chain/primitives/bytes.hpp"

#include <array>
#include <cstdint>
#include <span>

namespace plimsoll::strategy {

/// One swap through one Uniswap V3 pool.
struct Hop {
    Address pool;
    Address token_in;
    Address token_out;
    std::uint32_t fee{};  // millionths of the input, as Uniswap counts
    friend bool operator==(const Hop&, const Hop&) = default;
};

/// The way from the seized collateral to the debt asset. Empty when both are one asset.
class Route {
  public:
    static constexpr std::size_t kMaxHops = 2;

    Route() noexcept = default;
    explicit Route(const Hop& only) noexcept : hops_{only}, count_{1} {}
    Route(const Hop& first, const Hop& second) noexcept : hops_{first, second}, count_{2} {}

    [[nodiscard]] std::span<const Hop> hops() const noexcept { return {hops_.data(), count_}; }
    [[nodiscard]] bool empty() const noexcept { return count_ == 0; }
    friend bool operator==(const Route&, const Route&) = default;

  private:
    std::array<Hop, kMaxHops> hops_{};
    std::size_t count_ = 0;
};

/// SwapRouter's path: token (20 bytes), fee (3 bytes), token, … Empty for an empty route.
[[nodiscard]] Bytes encode_path(const Route& route);

}  // namespace plimsoll::strategy
