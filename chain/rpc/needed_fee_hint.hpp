// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chain/primitives/needed_fee.hpp"

#include <string_view>

namespace plimsoll::rpc {

/// The numbers in a node's words about a price it does not take. They are foreign text, and perhaps a lie:
/// whoever bids by them keeps to limits of his own.
[[nodiscard]] NeededFee parse_needed_fee(std::string_view message);

}  // namespace plimsoll::rpc
