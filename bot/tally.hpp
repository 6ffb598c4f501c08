// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "bot/missed.hpp"
#include "chain/primitives/outcome.hpp"
#include "chain/primitives/units.hpp"
#include "strategy/decision.hpp"

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace plimsoll::bot {

/// An amount of one token that reached the profit receiver.
struct TokenProfit {
    Address token;
    TokenAmount amount;
};

/// One liquidation of ours that is on chain.
struct LandedLiquidation {
    Hash32 transaction_hash;
    BlockNumber block;
    strategy::LiquidationSeen event;
    std::vector<TokenProfit> profits;  // exactly what the receipt's transfers to the receiver add up to
    Gas gas_used;
    Gas gas_expected;
    Wei gas_cost;
    std::int64_t microseconds{};  // from the frame that led to it to the signed bytes
    bool queued{};                // it had to wait for a free nonce in between
};

/// What became of every liquidatable account since the start: counted once an account, by its newest state.
class Tally {
  public:
    void decided(const strategy::Decision& decision);
    void landed(LandedLiquidation liquidation);
    void ended(const Outcome& outcome);
    /// Somebody else's liquidation of an account of ours.
    void missed(const IntentKey& key, Missed missed);

    [[nodiscard]] std::uint64_t found() const noexcept { return accounts_.size(); }
    [[nodiscard]] std::uint64_t won() const noexcept { return landed_.size(); }
    [[nodiscard]] std::uint64_t reverted() const noexcept { return reverted_; }
    [[nodiscard]] std::uint64_t sent() const noexcept { return sent_; }
    /// Accounts never won, by the newest reason they were skipped for.
    [[nodiscard]] std::map<strategy::Reason, std::uint64_t> skipped() const;
    [[nodiscard]] std::map<Address, TokenAmount> profit_by_token() const;
    /// Liquidations that others won, by reason; every reason is there.
    [[nodiscard]] std::map<MissedReason, std::uint64_t> missed_by_reason() const;
    [[nodiscard]] Wei gas_spent() const noexcept { return gas_spent_; }
    [[nodiscard]] const std::vector<LandedLiquidation>& liquidations() const noexcept { return landed_; }

    /// One JSON document; amounts as decimal strings in the token's smallest unit, gas in wei.
    [[nodiscard]] std::string to_json(std::span<const strategy::Asset> assets) const;

  private:
    struct Fate {
        strategy::Reason reason{};
        bool won = false;
        bool taken = false;
    };
    std::map<IntentKey, Fate> accounts_;
    std::vector<LandedLiquidation> landed_;
    std::vector<Missed> missed_;
    std::uint64_t sent_ = 0;
    std::uint64_t reverted_ = 0;
    Wei gas_spent_;
};

}  // namespace plimsoll::bot
