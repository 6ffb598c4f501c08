// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chain/primitives/address.hpp"
#include "strategy/quote.hpp"
#include "strategy/venues/aave_v3/rules.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

namespace plimsoll::strategy::aave_v3 {

/// What one reserve is made of; none of it changes without a new reading.
struct ReserveFacts {
    Address underlying;
    Address a_token;
    Address stable_debt_token;
    Address variable_debt_token;
    Address price_source;
    std::string symbol;
    std::uint16_t pool_id{};  // place in the pool's list and in its user bitmaps
};

enum class TokenSide : std::uint8_t { supply, debt };

struct TokenRole {
    ReserveId reserve{};
    TokenSide side{};
};

/// The contracts of one market and who is who among them.
struct Market {
    Address pool;
    Address provider;
    Address configurator;
    Address oracle;
    Address sentinel;                      // zero: none
    std::vector<Address> sequencer_feeds;  // the sentinel's oracle and the aggregator behind it
    std::uint64_t revision{};
    const Rules* rules = nullptr;  // of that revision; never null once read
    bool packed_calls = false;     // the pool takes calls packed into words (L2Pool)
    std::vector<ReserveFacts> reserves;
    std::unordered_map<Address, ReserveId> by_underlying;
    std::unordered_map<Address, TokenRole> by_token;

    [[nodiscard]] std::optional<ReserveId> reserve_of(const Address& underlying) const {
        const auto found = by_underlying.find(underlying);
        if (found == by_underlying.end()) return std::nullopt;
        return found->second;
    }
    [[nodiscard]] std::optional<TokenRole> role_of(const Address& token) const {
        const auto found = by_token.find(token);
        if (found == by_token.end()) return std::nullopt;
        return found->second;
    }
    /// Fills the two maps from `reserves`.
    void index() {
        by_underlying.clear();
        by_token.clear();
        for (std::size_t i = 0; i < reserves.size(); ++i) {
            const auto id = static_cast<ReserveId>(i);
            by_underlying[reserves[i].underlying] = id;
            by_token[reserves[i].a_token] = {id, TokenSide::supply};
            by_token[reserves[i].variable_debt_token] = {id, TokenSide::debt};
        }
    }
};

}  // namespace plimsoll::strategy::aave_v3
