// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chain/primitives/block.hpp"
#include "chain/primitives/units.hpp"

#include <cstdint>

namespace plimsoll::fees {

/// How a chain's base fee follows its load (EIP-1559); the defaults are mainnet's.
struct Elasticity {
    std::uint64_t multiplier = 2;   // gas limit over gas target
    std::uint64_t denominator = 8;  // a full block raises the fee by 1/denominator
    Wei least{};                    // never below it (OP stack, Jovian)
    friend bool operator==(const Elasticity&, const Elasticity&) = default;
};

/// The base fee of the block after `parent`, exactly (EIP-1559, `calc_base_fee`). A head without a gas target
/// keeps its fee. Throws ArithmeticError if the result exceeds 256 bits, which only a lying header brings
/// about.
/// On a Jovian chain of the OP stack `gas_used` is the footprint of the block's data where that is more.
[[nodiscard]] Wei next_base_fee(const Head& parent, const Elasticity& elasticity = {});

/// An upper bound of the base fee of the block `blocks` (at least 1) after `parent`: the next block's is
/// known, every further one may follow a full block of the same gas limit.
[[nodiscard]] Wei base_fee_bound(const Head& parent, const Elasticity& elasticity, std::uint32_t blocks);

}  // namespace plimsoll::fees
