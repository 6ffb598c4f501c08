// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "strategy/book/book.hpp"
#include "strategy/book/undo_journal.hpp"
#include "strategy/prices/price_leaves.hpp"
#include "strategy/venue.hpp"
#include "strategy/venues/aave_v3/bootstrap.hpp"
#include "strategy/venues/aave_v3/cash.hpp"
#include "strategy/venues/aave_v3/health.hpp"
#include "strategy/venues/aave_v3/line_watch.hpp"
#include "strategy/venues/aave_v3/liquidation.hpp"
#include "strategy/venues/aave_v3/market.hpp"
#include "strategy/venues/aave_v3/market_view.hpp"
#include "strategy/venues/aave_v3/params.hpp"

#include <deque>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace plimsoll::strategy {

/// An Aave V3 pool of any revision that rules.hpp has a proven row for. After an error of `apply` the book is
/// no longer the chain's: the venue names no candidate until `start` has read it again.
class AaveV3Venue final : public Venue {
  public:
    explicit AaveV3Venue(AaveV3Params params);
    ~AaveV3Venue() override;

    [[nodiscard]] std::string_view name() const override { return params_.name; }
    [[nodiscard]] std::uint32_t revision() const override {
        return static_cast<std::uint32_t>(market_.revision);
    }

    void start(const Head& at) override;
    [[nodiscard]] std::vector<ReadRequest> next_reads(const NextReadId& next_id) override;
    [[nodiscard]] Result<void> accept(const ReadResult& result) override;
    [[nodiscard]] BootstrapProgress progress() const override;
    [[nodiscard]] Watch watch() const override;

    /// The block must follow the last one applied. Errc::not_found: it does not, or code or configuration
    /// changed beyond what logs tell; the market must be read again, and proves itself again then.
    [[nodiscard]] Result<Changes> apply(const Head& block, std::span<const Log> logs) override;
    void undo(const Hash32& block_hash) override;
    [[nodiscard]] std::size_t undo_bytes() const override;
    void drop_oldest_undo() override;
    void save(SnapshotWriter& out) const override;
    [[nodiscard]] Result<void> load(SnapshotReader& in, const Head& at) override;
    [[nodiscard]] Bytes search() const override { return bootstrap_ ? bootstrap_->search() : Bytes{}; }
    void resume_search(BytesView search) override { earlier_search_.assign(search.begin(), search.end()); }
    [[nodiscard]] std::vector<ReserveId> what_if(std::span<const Log> logs,
                                                 PriceVector& prices) const override;

    [[nodiscard]] std::vector<ReserveId> what_if_mined(const Transmission& pending,
                                                       PriceVector& prices) const override;

    [[nodiscard]] std::vector<ReadRequest> price_reads(const Head& block, const NextReadId& next_id) override;
    [[nodiscard]] Result<std::vector<ReserveId>> accept_prices(const ReadResult& result) override;
    [[nodiscard]] bool prices_pending() const override { return leaves_.pending(); }

    [[nodiscard]] const PriceVector& prices() const override { return leaves_.prices(); }
    [[nodiscard]] std::span<const Asset> assets() const override { return assets_; }
    [[nodiscard]] std::size_t account_count() const override { return book_.size(); }
    [[nodiscard]] Address account_address(AccountId account) const override { return book_.address(account); }
    [[nodiscard]] std::uint32_t account_version(AccountId account) const override {
        return book_.version(account);
    }

    void expectations(std::span<const AccountId> accounts, std::vector<Expectation>& out) const override;
    void premises(std::vector<Premise>& out) const override;
    void proven_by_reading(std::vector<AccountId>& out) const override;

    void health(std::span<const AccountId> accounts, const PriceVector& prices, Timestamp t,
                std::span<Wad> out) const override;
    void prepare(Timestamp t) const override;
    void liquidatable(const Changes& changes, const PriceVector& prices, Timestamp t,
                      std::vector<AccountId>& out) const override;
    void reserves_of(AccountId account, std::vector<ReserveId>& out) const override;
    void answers_of(ReserveId leaf, std::vector<AggregatorAnswer>& out) const override;
    void near_line(const PriceVector& prices, Timestamp t, const Wad& below,
                   std::vector<AccountId>& out) const override;
    void exposures(AccountRange among, const PriceVector& prices, Timestamp t, const Wad& below,
                   std::vector<Exposure>& widest) const override;
    void quotes(AccountId account, const PriceVector& prices, Timestamp t,
                std::vector<Quote>& out) const override;
    [[nodiscard]] Result<Quote> resize(const Quote& quote, const TokenAmount& repaid,
                                       const PriceVector& prices, Timestamp t) const override;
    [[nodiscard]] Call encode(const Quote& quote) const override;
    [[nodiscard]] Result<TokenAmount> flash_fee(ReserveId asset, const TokenAmount& amount) const override;
    [[nodiscard]] Address flash_lender() const override { return params_.pool; }
    [[nodiscard]] unsigned assets_of(AccountId account) const override;
    [[nodiscard]] Result<LiquidationSeen> expect(const Quote& quote,
                                                 std::span<const Log> receipt_logs) const override;

    /// What is known, for probes and tests.
    [[nodiscard]] const Book& book() const noexcept { return book_; }
    [[nodiscard]] const PriceLeaves& leaves() const noexcept { return leaves_; }
    [[nodiscard]] const aave_v3::Market& market() const noexcept { return market_; }
    [[nodiscard]] const aave_v3::Cash& cash() const noexcept { return cash_; }
    /// What the pool would do with exactly this request.
    [[nodiscard]] std::optional<aave_v3::Liquidation> would_liquidate(
        const aave_v3::LiquidationRequest& request, const PriceVector& prices, Timestamp t) const;
    /// False from an error of `apply`, or an undo beyond the journal, until the market is read again.
    [[nodiscard]] bool in_step() const noexcept { return in_step_; }
    /// How often an account or a reserve was computed in 256 bits, because some number of it needs more than
    /// 128. Right all the same, but it takes about five times as long.
    [[nodiscard]] std::uint64_t wide_computations() const noexcept {
        return wide_accounts_ + view_.wide_reserves();
    }

  private:
    struct PriceRequest {
        ReadId id;
        Hash32 block;
        std::vector<ReserveId> leaves;
        std::optional<ReserveId> cash;
        bool sentinel = false;
    };
    void take_other_answers(const PriceRequest& request, std::span<const codec::CallResult> answers);
    [[nodiscard]] aave_v3::Valuation valuation(const PriceVector& prices, Timestamp t) const;
    void finish_bootstrap();
    void stand_at(const Head& at);
    [[nodiscard]] Result<void> load_market(SnapshotReader& in);
    void refresh_polled();
    [[nodiscard]] ReserveSet waiting() const;
    [[nodiscard]] Result<void> apply_logs(const Head& block, std::span<const Log> logs, Changes& changes);
    [[nodiscard]] std::optional<Quote> best_quote(const aave_v3::Valuation& at,
                                                  const aave_v3::LiquidationRequest& request,
                                                  const aave_v3::AccountData& data) const;
    [[nodiscard]] Quote filled_quote(const aave_v3::LiquidationRequest& request,
                                     const aave_v3::Liquidation& what, const aave_v3::AccountData& data,
                                     Timestamp t) const;
    void confirm(const aave_v3::Valuation& at, std::span<const AccountId> candidates,
                 std::vector<AccountId>& out) const;

    AaveV3Params params_;
    Book book_;
    PriceLeaves leaves_;
    aave_v3::Cash cash_;
    bool liquidations_allowed_ = true;       // by the sentinel, when it was asked last
    UndoJournal<bool> liquidations_before_;  // likewise, before each block
    aave_v3::Market market_;
    std::vector<Asset> assets_;
    std::unique_ptr<aave_v3::Bootstrap> bootstrap_;  // while reading
    Bytes earlier_search_;                           // for the next reading
    BootstrapProgress progress_;
    std::vector<AccountId> compared_;  // by the reading
    std::deque<Head> applied_;         // newest last; what undo falls back to
    Timestamp swept_;                  // when every account was last due for a look
    bool in_step_ = false;
    std::deque<PriceRequest> price_requests_;
    mutable aave_v3::MarketView view_;  // kept between calls of one moment
    mutable std::uint64_t wide_accounts_ = 0;
    mutable aave_v3::LineWatch line_;              // looking only changes what the next look costs
    mutable std::vector<AccountId> not_told_yet_;  // found where it could not be told, or only by a what-if
    mutable std::vector<AccountId> candidates_;    // of the look in hand
};

}  // namespace plimsoll::strategy
