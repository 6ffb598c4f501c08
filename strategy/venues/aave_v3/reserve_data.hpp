// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chain/codec/abi_reader.hpp"
#include "chain/primitives/bytes.hpp"
#include "strategy/book/reserve_state.hpp"
#include "strategy/venues/aave_v3/market.hpp"

#include <string>

namespace plimsoll::strategy::aave_v3 {

/// What getReserveData answers: DataTypes.ReserveData of 3.0, which later revisions keep for their callers as
/// ReserveDataLegacy (no stable debt token from 3.2 on). State, and into `facts` the tokens and the id;
/// `category` is the eMode category the reserve names, up to 3.1.
[[nodiscard]] ReserveState read_reserve_data(codec::AbiReader& reader, ReserveFacts& facts,
                                             std::uint8_t& category);

/// What `symbol()` answered (a string, or bytes32 as old tokens do): at most 16 printable characters, or the
/// first digits of `token` if there are none.
[[nodiscard]] std::string token_symbol(BytesView answer, const Address& token);

}  // namespace plimsoll::strategy::aave_v3
