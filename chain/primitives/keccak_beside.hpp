// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chain/primitives/keccak.hpp"

#include <cstddef>

/// Keccak-256 of a message whose beginning is known before its end, while another one is hashed: some
/// processors take two blocks in the time of one.
namespace plimsoll {

/// Whole blocks at the beginning of a message that a sponge took in.
struct KeccakStart {
    keccak_detail::State state{};
    std::size_t blocks = 0;
    [[nodiscard]] std::size_t bytes() const noexcept { return blocks * keccak_detail::kRate; }
};

/// keccak256(message). Beside it `start`, which must be new, takes in as many whole blocks of `beginning` as
/// `message` has, with its padding.
[[nodiscard]] Hash32 keccak256_beside(BytesView message, BytesView beginning, KeccakStart& start) noexcept;

/// keccak256(message), which must begin with what `start` took in.
[[nodiscard]] Hash32 keccak256_from(const KeccakStart& start, BytesView message) noexcept;

}  // namespace plimsoll
