// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chain/primitives/address.hpp"
#include "chain/primitives/bytes.hpp"
#include "chain/primitives/event.hpp"
#include "chain/primitives/hash.hpp"
#include "chain/primitives/units.hpp"

#include <variant>
#include <vector>

namespace plimsoll {

/// One contract call without value.
struct Call {
    Address to;
    Bytes data;
    friend bool operator==(const Call&, const Call&) = default;
};

/// All logs of these emitters with one of these first topics, in the blocks `from` to `to`, both included. An
/// empty list matches everything.
struct LogQuery {
    BlockNumber from;
    BlockNumber to;
    std::vector<Address> addresses;
    std::vector<Hash32> topics;
};

/// Asks the chain at one block hash. Calls are answered together, through Multicall3; see ReadResult for the
/// answer.
struct ReadRequest {
    ReadId id{};
    Hash32 block_hash;
    std::variant<std::vector<Call>, LogQuery> what;
};

/// The emitters and first topics whose logs must reach the strategy.
struct Watch {
    std::vector<Address> addresses;
    std::vector<Hash32> topics;
};

}  // namespace plimsoll
