// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chain/primitives/bytes.hpp"
#include "chain/primitives/fee_terms.hpp"
#include "chain/primitives/units.hpp"

#include <cstdint>

namespace plimsoll::rpc {

/// What the extraData of an OP-stack header says: a version, a denominator and an elasticity of 32 bits
/// (Holocene, version 0), then a least base fee of 64 (Jovian, version 1). Anything else tells nothing.
[[nodiscard]] FeeTerms parse_fee_terms(BytesView extra_data);
/// Whether a header with such extraData counts the footprint of its block's data (Jovian), in `blobGasUsed`.
[[nodiscard]] bool counts_footprint(BytesView extra_data);

/// What a receipt of the OP stack says of the operator's fee.
struct OperatorTerms {
    std::uint64_t scalar = 0;
    std::uint64_t constant = 0;
    bool jovian = false;  // a scalar of the footprint's stands beside them
    friend bool operator==(const OperatorTerms&, const OperatorTerms&) = default;
};

/// What the operator took: floor(gas x scalar / 1e6) + constant (Isthmus), gas x scalar x 100 + constant
/// (Jovian).
[[nodiscard]] Wei operator_fee(const OperatorTerms& terms, Gas used);

}  // namespace plimsoll::rpc
