// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chain/primitives/bytes.hpp"
#include "chain/primitives/outcome.hpp"
#include "chain/primitives/units.hpp"

#include <cstdint>

namespace plimsoll::signer {

/// One thing we want on chain: a call of the Executor, at most once. `id` is unique in the journal.
struct Intent {
    std::uint64_t id{};
    IntentKey key;
    Address to;
    Wei value;
    Bytes calldata;
    Gas gas_limit;
    BlockNumber last_block;  // of no use in a later block
    Usd value_at_stake;      // expected net value, for ordering
    Wei worth;               // the same in wei, zero if unknown
    Wei data_fee{};          // the most that a rollup takes for its bytes, beside the gas
    friend bool operator==(const Intent&, const Intent&) = default;
};

}  // namespace plimsoll::signer
