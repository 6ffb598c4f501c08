// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chain/primitives/address.hpp"
#include "chain/primitives/units.hpp"

namespace plimsoll::bot {

/// Whose journal it is: one key on one chain.
struct JournalOwner {
    ChainId chain;
    Address sender;
    friend bool operator==(const JournalOwner&, const JournalOwner&) = default;
};

}  // namespace plimsoll::bot
