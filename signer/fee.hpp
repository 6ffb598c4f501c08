// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chain/fees/fee_quote.hpp"
#include "chain/fees/tip.hpp"
#include "chain/primitives/block.hpp"
#include "chain/primitives/needed_fee.hpp"
#include "chain/primitives/result.hpp"
#include "chain/primitives/units.hpp"
#include "signer/intent.hpp"

#include <cstdint>
#include <optional>

namespace plimsoll::signer {

struct FeeLimits {
    Wei tip;              // least priority fee per gas
    Wei max_fee_per_gas;  // absolute, for first attempts and replacements alike
    fees::Elasticity elasticity;
    fees::Ordering ordering{};   // who is first in a block of this chain
    BasisPoints bid_share{};     // of what an intent is worth, offered as a tip in a priority auction
    Wei max_spend{U256::max()};  // gas limit x fee cap + data fee, of one transaction
};

/// What a transaction may bid with. The default is a cancellation: it has to land whatever it is worth, and
/// no end is set to it.
struct Bid {
    std::optional<Wei> worth;  // zero: not known, so nothing beyond the floor
    Gas gas;                   // the most it uses
    std::uint32_t blocks{};    // within which it must land; 0: no end
    Wei data_fee{};            // the most that is taken for its bytes, beside the gas
};

/// What an execution of `intent` bids after `head`.
[[nodiscard]] Bid bid_of(const Intent& intent, BlockNumber head);

/// Whether `a` goes before `b`: by what it is worth per gas, then by value at stake, then the earlier one.
[[nodiscard]] bool goes_before(const Intent& a, const Intent& b);

/// What to offer, first and when stuck. Pure.
class FeePolicy {
  public:
    explicit FeePolicy(const FeeLimits& limits) : limits_{limits} {}
    /// How the base fee follows the load from now on.
    void follow(const fees::Elasticity& elasticity) { limits_.elasticity = elasticity; }
    /// What recent blocks paid as a tip (fees::recent_tip); only a priority auction follows it.
    void learn(const Wei& recent_tip) { recent_tip_ = recent_tip; }
    /// The tip of fees::tip, lowered to what the cap leaves above the next base fee but not below the floor,
    /// and the headroom of fees::quote_fee. The cap is lowered to what keeps the whole bid within max_spend.
    /// Errc::limit_exceeded when even the floor is above the cap.
    [[nodiscard]] Result<fees::FeeQuote> price(const Head& head, const Bid& bid = {}) const;
    /// What may replace `last` at the same nonce: both fields raised by the replacement rule, and to today's
    /// price if that is higher. Errc::limit_exceeded when the rule leads above the cap. A node that said what
    /// it needs gets that, if it is within the cap and no more of a tip than the intent is worth.
    [[nodiscard]] Result<fees::FeeQuote> replace(const fees::FeeQuote& last, const Head& head,
                                                 const Bid& bid = {}, const NeededFee& needed = {}) const;

  private:
    [[nodiscard]] Wei cap_of(const Bid& bid) const;
    void meet(const NeededFee& needed, const Bid& bid, fees::FeeQuote& raised) const;

    FeeLimits limits_;
    Wei recent_tip_;
};

}  // namespace plimsoll::signer
