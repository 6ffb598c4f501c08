// SPDX-License-Identifier: Apache-2.0
#include "strategy/venues/aave_v3/reserve_data.hpp"

#include <string_view>

namespace plimsoll::strategy::aave_v3 {

namespace {

constexpr std::size_t kLongestSymbol = 16;
constexpr std::size_t kDigitsInstead = 8;
constexpr std::uint64_t kMostDecimals = 60;

std::uint64_t bits(const U256& word, unsigned from, unsigned width) {
    return ((word >> from) & U256{(std::uint64_t{1} << width) - 1}).low64();
}

std::string printable(std::string_view text) {
    std::string out;
    for (const char c : text) {
        if (c < '!' || c > '~' || out.size() == kLongestSymbol) break;
        out.push_back(c);
    }
    return out;
}

}  // namespace

ReserveState read_reserve_data(codec::AbiReader& reader, ReserveFacts& facts, std::uint8_t& category) {
    ReserveState out;
    // Bit places: ReserveConfiguration, the same in all revisions.
    const U256 configuration = reader.u256();
    out.threshold = BasisPoints{bits(configuration, 16, 16)};
    out.bonus = BasisPoints{bits(configuration, 32, 16)};
    const std::uint64_t decimals = bits(configuration, 48, 8);
    if (decimals > kMostDecimals) reader.reject("reserve with more than 60 decimals");
    out.decimals = static_cast<std::uint8_t>(decimals);
    out.active = configuration.bit(56);
    out.paused = configuration.bit(60);
    out.flash_enabled = configuration.bit(63);
    out.protocol_fee = BasisPoints{bits(configuration, 152, 16)};
    category = static_cast<std::uint8_t>(bits(configuration, 168, 8));
    out.supply_index = reader.u128_value();
    out.supply_rate = reader.u128_value();
    out.debt_index = reader.u128_value();
    out.debt_rate = reader.u128_value();
    reader.skip(1);  // stable rate
    out.updated = Timestamp{reader.u64()};
    const std::uint64_t id = reader.u64();
    if (id >= 128) reader.reject("reserve id above 127");
    facts.pool_id = static_cast<std::uint16_t>(id);
    facts.a_token = reader.address();
    facts.stable_debt_token = reader.address();
    facts.variable_debt_token = reader.address();
    reader.skip(4);  // rate strategy, treasury, unbacked, isolated debt
    return out;
}

std::string token_symbol(BytesView answer, const Address& token) {
    std::string out;
    codec::AbiReader reader{answer};
    const std::string_view text = reader.text();
    if (reader.ok()) {
        out = printable(text);
    } else if (answer.size() == 32) {
        std::string raw{answer.begin(), answer.end()};
        out = printable(raw.substr(0, raw.find('\0')));
    }
    return out.empty() ? to_string(token).substr(0, 2 + kDigitsInstead) : out;
}

}  // namespace plimsoll::strategy::aave_v3
