// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chain/primitives/address.hpp"
#include "chain/primitives/bytes.hpp"
#include "chain/primitives/result.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace plimsoll::bot {

/// What an asset's price shall be on a fork, as a share of what its oracle says: "WETH=-12%".
struct PriceShock {
    std::string symbol;     // as the token says, or its address
    std::uint32_t share{};  // in basis points: 8800 for -12 %
    std::string text;       // as typed
};

/// "SYMBOL=-12%", "0xADDRESS=+3.5%": two decimals at most, above -100 %, at most +1000 %.
/// Errc::malformed_input says what is wrong.
[[nodiscard]] Result<PriceShock> parse_price_shock(std::string_view text);

/// One oracle source whose answers are changed: `code` stands at `source` and asks `original`, a free address
/// where the source's own code goes, with the source's storage behind it.
struct ShockedSource {
    PriceShock shock;
    Address asset;
    Address source;
    Bytes code;
    Address original;
    Bytes original_code;
};

/// Code that answers as the code at `original` would, with latestAnswer() and the answer of latestRoundData()
/// multiplied by share / 10000. It has no aggregator() and no legs: the price has to be asked for at every
/// head, because the events behind it tell another.
[[nodiscard]] Bytes shocked_code(const Address& original, std::uint32_t share);

/// The state override set of eth_call (a JSON object) under which the sources are shocked.
[[nodiscard]] std::string state_overrides(std::span<const ShockedSource> sources);

}  // namespace plimsoll::bot
