// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "strategy/venue.hpp"
#include "strategy/venues/aave_v3/account_reader.hpp"
#include "strategy/venues/aave_v3/market_reader.hpp"
#include "strategy/venues/aave_v3/self_check.hpp"

#include <memory>
#include <utility>
#include <vector>

namespace plimsoll::strategy::aave_v3 {

/// The first reading of a market at one block: what the market is, who its accounts are, what they hold, and
/// whether the pool judges them as its rules say. Fills the book.
class Bootstrap {
  public:
    Bootstrap(const AaveV3Params& params, const Head& at, Book& book);

    [[nodiscard]] std::vector<ReadRequest> next_reads(const NextReadId& next_id);
    [[nodiscard]] Result<void> accept(const ReadResult& result);
    [[nodiscard]] BootstrapProgress progress() const noexcept;
    [[nodiscard]] bool finished() const noexcept { return finished_; }
    [[nodiscard]] const Head& at() const noexcept { return at_; }
    /// Accounts that the pool itself was asked about.
    [[nodiscard]] std::vector<AccountId> compared() const {
        return check_ ? check_->compared() : std::vector<AccountId>{};
    }
    [[nodiscard]] MarketReading& reading() noexcept { return market_.reading(); }
    /// What the search for accounts has come to; empty before and after it.
    [[nodiscard]] Bytes search() const;
    /// The search goes on from what an earlier one had come to, if that fits.
    void resume(Bytes search) { resume_ = std::move(search); }

  private:
    Result<void> accept_market(const ReadResult& result);
    Result<void> accept_accounts(const ReadResult& result);
    Result<void> accept_check(const ReadResult& result);
    void begin_search();
    void write_market();

    AaveV3Params params_;
    Head at_;
    Book& book_;
    MarketReader market_;
    std::unique_ptr<AccountReader> accounts_;  // once the market is read
    std::unique_ptr<SelfCheck> check_;         // once the accounts are
    Bytes resume_;                             // until the search begins
    bool resumed_ = false;                     // it did not begin at the first block
    bool finished_ = false;
};

}  // namespace plimsoll::strategy::aave_v3
