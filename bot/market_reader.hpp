// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chain/async/task.hpp"
#include "chain/primitives/block.hpp"
#include "chain/primitives/result.hpp"
#include "chain/rpc/endpoint.hpp"
#include "config/config.hpp"
#include "strategy/venues/aave_v3/venue.hpp"

#include <vector>

namespace plimsoll::bot {

/// One account of a market, as the pool's getUserAccountData tells it.
struct AccountPosition {
    Address account;
    Wad health_factor;  // max() without debt
    Usd collateral;
    Usd debt;
};

/// Reads one market through the venue's own bootstrap and follows it by asking, without a subscription.
class MarketReader {
  public:
    MarketReader(rpc::Endpoint& endpoint, const config::Venue& venue);

    /// The whole market at the newest block.
    async::Task<Result<void>> read();
    /// What happened since: false if there is no newer block. Reads everything anew after a reorganisation,
    /// and after a failure.
    async::Task<Result<bool>> follow();

    [[nodiscard]] const Head& head() const noexcept { return head_; }
    [[nodiscard]] const strategy::AaveV3Venue& venue() const noexcept { return venue_; }
    /// Accounts with debt, the nearest to its line first, at the head's own time.
    [[nodiscard]] std::vector<AccountPosition> positions() const;

  private:
    async::Task<Result<void>> apply(rpc::Header next);

    rpc::Endpoint& endpoint_;
    strategy::AaveV3Venue venue_;
    ReadId last_id_ = 0;
    Head head_;
    bool whole_ = false;  // everything of head_ is known, and nothing of a later block
};

}  // namespace plimsoll::bot
