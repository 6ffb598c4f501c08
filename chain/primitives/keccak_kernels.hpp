// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chain/primitives/keccak.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

/// The ways to take whole blocks of input into a sponge. All of them come to the same state.
namespace plimsoll::keccak_kernels {

using keccak_detail::State;

/// Where whole blocks begin.
using Blocks = const std::uint8_t*;

struct Kernel {
    std::string_view name;
    void (*absorb)(State& state, Blocks input, std::size_t blocks) noexcept {};
    /// As many blocks of one message into `first` as of another into `second`.
    void (*absorb_two)(State& first, Blocks of_first, State& second, Blocks of_second,
                       std::size_t blocks) noexcept {};
};

/// Those that this processor can run, the quickest first; the last one is plain C++.
[[nodiscard]] std::span<const Kernel> runnable() noexcept;

}  // namespace plimsoll::keccak_kernels
