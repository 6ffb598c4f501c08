// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chain/primitives/block.hpp"
#include "chain/primitives/log.hpp"
#include "strategy/book/book_writer.hpp"
#include "strategy/prices/price_leaves.hpp"
#include "strategy/venue.hpp"
#include "strategy/venues/aave_v3/cash.hpp"
#include "strategy/venues/aave_v3/market.hpp"
#include "strategy/venues/aave_v3/token_event.hpp"

#include <vector>

namespace plimsoll::strategy::aave_v3 {

/// What one block's logs are written into.
struct Ledgers {
    BookWriter& writer;
    PriceLeaves& leaves;
    Cash& cash;
    bool& liquidations_allowed;  // by the sentinel, as far as known
};

/// Carries one block's logs into the book, the prices and the pool's cash, in the contracts' own arithmetic,
/// without reading an account again.
class LogApplier {
  public:
    LogApplier(const Market& market, VenueId venue, const Head& block, const Ledgers& into, Changes& changes)
        : market_{market},
          venue_{venue},
          block_{block},
          writer_{into.writer},
          leaves_{into.leaves},
          cash_{into.cash},
          liquidations_allowed_{into.liquidations_allowed},
          changes_{changes} {}

    /// Errc::not_found if code or configuration changed beyond what a log tells: the market must be read
    /// again, and proven again. Errc::malformed_input for a known event with a shape it cannot have. Unknown
    /// logs are passed over.
    [[nodiscard]] Result<void> apply(const Log& log);

  private:
    Result<void> apply_pool(const Log& log);
    Result<void> apply_pool_position(const Log& log);
    Result<void> apply_reserve_data(const Log& log);
    Result<void> apply_liquidation(const Log& log);
    Result<void> apply_collateral(const Log& log, bool used);
    Result<void> apply_rate_mode(const Log& log);
    Result<void> apply_token(const Log& log, TokenRole role);
    Result<void> apply_balance(const Log& log, TokenRole role, bool mint);
    Result<void> apply_transfer(const Log& log, TokenRole role);
    Result<void> apply_cash(const Log& log);
    Result<void> apply_silent_accrual(const LiquidationSeen& seen, bool in_shares);
    Result<void> apply_liquidation_cash(const LiquidationSeen& seen, bool in_shares);
    Result<void> apply_configurator(const Log& log);
    Result<void> apply_eligibility(const Log& log);
    Result<void> apply_reserve_flag(const Log& log, bool ReserveState::*flag);
    Result<void> apply_collateral_configuration(const Log& log);
    Result<void> apply_protocol_fee(const Log& log);
    Result<void> apply_category(const Log& log);
    Result<void> apply_asset_category(const Log& log);
    Result<void> apply_asset_in_category(const Log& log);
    Result<void> apply_grace_period(const Log& log);
    void put_into_category(ReserveId reserve, std::uint8_t category, bool inside);
    Result<void> apply_flash_premium(const Log& log);
    Result<void> apply_oracle(const Log& log);
    Result<void> apply_provider(const Log& log);

    /// The reserve named by the log's first indexed argument.
    Result<ReserveId> reserve_in(const Log& log) const;
    void move(const Address& who, TokenRole role, const U256& scaled, bool up);
    /// Nothing: what was told does not belong to what was known.
    void settle(AccountId account, TokenRole role, const std::optional<U256>& scaled);
    AccountId touched(const Address& who);
    void configure(ReserveId reserve, const ReserveState& state);

    const Market& market_;
    VenueId venue_;
    const Head& block_;
    BookWriter& writer_;
    PriceLeaves& leaves_;
    Cash& cash_;
    bool& liquidations_allowed_;
    Changes& changes_;
    std::vector<AccountId> surprising_;  // more left them in this block than the book had
};

}  // namespace plimsoll::strategy::aave_v3
