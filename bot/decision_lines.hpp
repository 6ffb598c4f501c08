// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "bot/logger.hpp"
#include "strategy/signed_usd.hpp"

#include <chrono>
#include <cstdint>
#include <string_view>

namespace plimsoll::bot {

/// The lines that come with every block and every decision, as plain values for Logger::put. Amounts are in
/// a token's smallest unit; text is the program's or the logger's.

struct HeadLine {
    static constexpr LogLevel kLevel = LogLevel::debug;
    BlockNumber number;
    Hash32 hash;
    Timestamp timestamp;
    Wei base_fee;
    void tell(Logger& log, std::chrono::system_clock::time_point at) const;
};

/// An account that was looked at and not acted upon.
struct SkipLine {
    static constexpr LogLevel kLevel = LogLevel::debug;
    Address account;
    std::string_view reason;
    std::string_view collateral;
    std::string_view debt;
    strategy::SignedUsd net;
    BlockNumber block;
    void tell(Logger& log, std::chrono::system_clock::time_point at) const;
};

/// An account that is to be liquidated.
struct FoundLine {
    static constexpr LogLevel kLevel = LogLevel::info;
    Address account;
    std::uint8_t debt_decimals{};
    std::uint8_t collateral_decimals{};
    std::string_view collateral;
    std::string_view debt;
    Wad health_factor;
    TokenAmount repay;
    TokenAmount seize;
    strategy::SignedUsd net;
    Gas gas;
    BlockNumber block;
    void tell(Logger& log, std::chrono::system_clock::time_point at) const;
};

}  // namespace plimsoll::bot
