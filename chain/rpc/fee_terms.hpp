// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chain/primitives/bytes.hpp"
#include "chain/primitives/fee_terms.hpp"

namespace plimsoll::rpc {

/// What the extraData of an OP-stack header says: a version, a denominator and an elasticity of 32 bits
/// (Holocene, version 0), then a least base fee of 64 (Jovian, version 1). Anything else tells nothing.
[[nodiscard]] FeeTerms parse_fee_terms(BytesView extra_data);

}  // namespace plimsoll::rpc
