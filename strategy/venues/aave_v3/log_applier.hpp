// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chain/primitives/block.hpp"
#include "chain/primitives/log.hpp"
#include "strategy/book/book_writer.hpp"
#include "strategy/prices/price_leaves.hpp"
#include "strategy/venue.hpp"
#include "strategy/venues/aave_v3/market.hpp"

#include <vector>

namespace plimsoll::strategy::aave_v3 {

/// Carries one block's logs into the book and the prices, in the contracts' own arithmetic, without reading
/// an account again.
class LogApplier {
  public:
    LogApplier(const Market& market, VenueId venue, const Head& block, BookWriter& writer,
               PriceLeaves& leaves, Changes& changes)
        : market_{market},
          venue_{venue},
          block_{block},
          writer_{writer},
          leaves_{leaves},
          changes_{changes} {}

    /// Errc::unproven if code or configuration changed beyond what a log tells; then only a new reading
    /// helps. Errc::malformed_input for a known event with a shape it cannot have. Unknown logs are passed
    /// over.
    [[nodiscard]] Result<void> apply(const Log& log);

  private:
    Result<void> apply_pool(const Log& log);
    Result<void> apply_pool_position(const Log& log);
    Result<void> apply_reserve_data(const Log& log);
    Result<void> apply_liquidation(const Log& log);
    Result<void> apply_collateral(const Log& log, bool used);
    Result<void> apply_rate_mode(const Log& log);
    Result<void> apply_token(const Log& log, TokenRole role);
    Result<void> apply_mint(const Log& log, TokenRole role);
    Result<void> apply_burn(const Log& log, TokenRole role);
    Result<void> apply_transfer(const Log& log, TokenRole role);
    Result<void> apply_configurator(const Log& log);
    Result<void> apply_reserve_flag(const Log& log, bool ReserveState::*flag);
    Result<void> apply_collateral_configuration(const Log& log);
    Result<void> apply_protocol_fee(const Log& log);
    Result<void> apply_category(const Log& log);
    Result<void> apply_asset_category(const Log& log);
    Result<void> apply_flash_premium(const Log& log);
    Result<void> apply_oracle(const Log& log);
    Result<void> apply_provider(const Log& log);

    /// The reserve named by the log's first indexed argument.
    Result<ReserveId> reserve_in(const Log& log) const;
    void move(const Address& who, TokenRole role, const U256& scaled, bool up);
    AccountId touched(const Address& who);
    void configure(ReserveId reserve, const ReserveState& state);

    const Market& market_;
    VenueId venue_;
    const Head& block_;
    BookWriter& writer_;
    PriceLeaves& leaves_;
    Changes& changes_;
    std::vector<AccountId> surprising_;  // more left them in this block than the book had
};

}  // namespace plimsoll::strategy::aave_v3
