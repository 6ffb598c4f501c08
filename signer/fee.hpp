// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chain/fees/fee_quote.hpp"
#include "chain/primitives/block.hpp"
#include "chain/primitives/result.hpp"
#include "chain/primitives/units.hpp"

namespace plimsoll::signer {

struct FeeLimits {
    Wei tip;              // priority fee per gas of a first attempt
    Wei max_fee_per_gas;  // absolute, for first attempts and replacements alike
    fees::Elasticity elasticity;
};

/// What to offer, first and when stuck. Pure.
class FeePolicy {
  public:
    explicit FeePolicy(const FeeLimits& limits) : limits_{limits} {}
    /// 2 x next base fee + tip under the cap. Errc::limit_exceeded when even that is above the cap.
    [[nodiscard]] Result<fees::FeeQuote> price(const Head& head) const;
    /// What may replace `last` at the same nonce: both fields raised by the replacement rule, and to today's
    /// price if that is higher. Errc::limit_exceeded when the rule leads above the cap.
    [[nodiscard]] Result<fees::FeeQuote> replace(const fees::FeeQuote& last, const Head& head) const;

  private:
    FeeLimits limits_;
};

}  // namespace plimsoll::signer
