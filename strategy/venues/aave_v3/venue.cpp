// SPDX-License-Identifier: Apache-2.0
#include "strategy/venues/aave_v3/venue.hpp"

#include "strategy/book/book_writer.hpp"
#include "strategy/venues/aave_v3/events.hpp"
#include "strategy/venues/aave_v3/log_applier.hpp"

#include <algorithm>
#include <utility>

namespace plimsoll::strategy {

using aave_v3::Bootstrap;
using aave_v3::LogApplier;
using aave_v3::MarketReading;
using aave_v3::ReserveFacts;
namespace topics = aave_v3::topics;

AaveV3Venue::AaveV3Venue(AaveV3Params params)
    : params_{std::move(params)},
      book_{params_.undo_blocks},
      leaves_{params_.undo_blocks},
      cash_{params_.undo_blocks},
      liquidations_before_{params_.undo_blocks},
      progress_{"waiting", 0, 0, false} {}

AaveV3Venue::~AaveV3Venue() = default;

void AaveV3Venue::start(const Head& at) {
    in_step_ = false;
    price_requests_.clear();
    applied_.clear();
    if (Bytes broken_off = search(); !broken_off.empty()) earlier_search_ = std::move(broken_off);
    bootstrap_ = std::make_unique<Bootstrap>(params_, at, book_);
    bootstrap_->resume(std::exchange(earlier_search_, {}));
}

std::vector<ReadRequest> AaveV3Venue::next_reads(const NextReadId& next_id) {
    if (!bootstrap_) return {};
    return bootstrap_->next_reads(next_id);
}

Result<void> AaveV3Venue::accept(const ReadResult& result) {
    if (!bootstrap_) return fail(Errc::not_found, "answer to a read that nobody asked for");
    if (auto accepted = bootstrap_->accept(result); !accepted) {
        progress_ = bootstrap_->progress();
        bootstrap_.reset();
        Error error = std::move(accepted).error();
        error.context = "venue " + params_.name + ": " + error.context;
        return tl::make_unexpected(std::move(error));
    }
    if (bootstrap_->finished()) finish_bootstrap();
    return {};
}

BootstrapProgress AaveV3Venue::progress() const {
    return bootstrap_ ? bootstrap_->progress() : progress_;
}

void AaveV3Venue::finish_bootstrap() {
    MarketReading& reading = bootstrap_->reading();
    const Head at = bootstrap_->at();
    leaves_.reset(at.hash, std::move(reading.sources), std::move(reading.prices), reading.answers);
    cash_.reset(std::move(reading.cash));
    liquidations_allowed_ = reading.liquidations_allowed;
    market_ = std::move(reading.market);
    progress_ = bootstrap_->progress();
    compared_ = bootstrap_->compared();
    stand_at(at);
    bootstrap_.reset();
}

/// The market is known as of this block.
void AaveV3Venue::stand_at(const Head& at) {
    assets_.clear();
    for (std::size_t i = 0; i < market_.reserves.size(); ++i) {
        const ReserveFacts& facts = market_.reserves[i];
        const auto decimals = book_.reserve(static_cast<ReserveId>(i)).decimals;
        assets_.push_back(Asset{facts.underlying, facts.symbol, decimals, false});
    }
    refresh_polled();
    applied_.assign(1, at);
    liquidations_before_.clear();
    swept_ = Timestamp{};
    in_step_ = true;
    not_told_yet_.clear();
    line_.follow(book_, *market_.rules);
}

void AaveV3Venue::refresh_polled() {
    for (std::size_t i = 0; i < assets_.size(); ++i)
        assets_[i].polled = leaves_.polled(static_cast<ReserveId>(i));
}

Watch AaveV3Venue::watch() const {
    Watch out;
    if (market_.reserves.empty()) return out;
    out.addresses = {market_.pool, market_.configurator, market_.provider, market_.oracle};
    for (const ReserveFacts& reserve : market_.reserves) {
        out.addresses.push_back(reserve.a_token);
        out.addresses.push_back(reserve.variable_debt_token);
    }
    for (const Address& aggregator : leaves_.aggregators())
        out.addresses.push_back(aggregator);
    out.addresses.insert(out.addresses.end(), market_.sequencer_feeds.begin(), market_.sequencer_feeds.end());
    out.topics = {topics::kSupply,
                  topics::kWithdraw,
                  topics::kBorrow,
                  topics::kRepay,
                  topics::kFlashLoan,
                  topics::kBackUnbacked,
                  topics::kSwapBorrowRateMode,
                  topics::kLiquidationCall,
                  topics::kReserveDataUpdated,
                  topics::kCollateralEnabled,
                  topics::kCollateralDisabled,
                  topics::kUserEModeSet,
                  topics::kMint,
                  topics::kBurn,
                  topics::kBalanceTransfer,
                  topics::kReserveInitialized,
                  topics::kReserveDropped,
                  topics::kCollateralConfiguration,
                  topics::kReservePaused,
                  topics::kReserveActive,
                  topics::kReserveFlashLoaning,
                  topics::kProtocolFeeChanged,
                  topics::kEModeCategoryAdded,
                  topics::kEModeAssetCategory,
                  topics::kEModeAssetCollateral,
                  topics::kGracePeriodChanged,
                  topics::kGracePeriodDisabled,
                  topics::kFlashPremiumTotal,
                  topics::kATokenUpgraded,
                  topics::kStableDebtUpgraded,
                  topics::kVariableDebtUpgraded,
                  topics::kAssetSourceUpdated,
                  topics::kPoolUpdated,
                  topics::kConfiguratorUpdated,
                  topics::kPriceOracleUpdated,
                  topics::kSentinelUpdated,
                  topics::kAddressSet,
                  topics::kAddressSetAsProxy,
                  topics::kUpgraded,
                  kAnswerUpdated};
    return out;
}

Result<void> AaveV3Venue::apply_logs(const Head& block, std::span<const Log> logs, Changes& changes) {
    BookWriter writer{book_, block.hash};
    leaves_.begin(block.hash);
    cash_.begin(block.hash);
    liquidations_before_.begin(block.hash);
    liquidations_before_.record(liquidations_allowed_);
    const aave_v3::Ledgers into{writer, leaves_, cash_, liquidations_allowed_};
    LogApplier applier{market_, params_.id, block, into, changes};
    for (const Log& log : logs)
        PLIMSOLL_CHECK(applier.apply(log));
    line_.follow(book_, *market_.rules);
    return {};
}

Result<Changes> AaveV3Venue::apply(const Head& block, std::span<const Log> logs) {
    if (!in_step_) return fail(Errc::not_found, "venue " + params_.name + " must be read again first");
    if (block.parent_hash != applied_.back().hash) {
        in_step_ = false;
        return fail(Errc::not_found,
                    "block " + to_string(block.hash) + " does not follow " + to_string(applied_.back().hash));
    }
    Changes changes;
    applied_.push_back(block);
    if (applied_.size() > params_.undo_blocks + 1) applied_.pop_front();
    if (auto done = apply_logs(block, logs, changes); !done) {
        in_step_ = false;
        return tl::make_unexpected(std::move(done).error());
    }
    std::sort(changes.accounts.begin(), changes.accounts.end());
    changes.accounts.erase(std::unique(changes.accounts.begin(), changes.accounts.end()),
                           changes.accounts.end());
    // Interest moves everybody as time passes, and no log tells it.
    if (block.timestamp.value >= swept_.value + params_.sweep_seconds) changes.everything = true;
    if (changes.everything) swept_ = block.timestamp;
    refresh_polled();
    return changes;
}

void AaveV3Venue::undo(const Hash32& block_hash) {
    if (applied_.empty() || applied_.back().hash != block_hash) {
        const bool buried = std::any_of(applied_.begin(), applied_.end(),
                                        [&block_hash](const Head& head) { return head.hash == block_hash; });
        // A block that was never applied needs no undoing; one below the tip cannot be taken out.
        if (buried) in_step_ = false;
        return;
    }
    const auto allowed = [this](bool before) { liquidations_allowed_ = before; };
    const bool undone = book_.undo(block_hash) == Undo::done && leaves_.undo(block_hash) == Undo::done &&
                        cash_.undo(block_hash) == Undo::done &&
                        liquidations_before_.undo(block_hash, allowed) == Undo::done;
    applied_.pop_back();
    if (!undone || applied_.empty()) in_step_ = false;
    line_.follow(book_, *market_.rules);
    swept_ = Timestamp{};
    refresh_polled();
}

std::size_t AaveV3Venue::undo_bytes() const {
    return book_.undo_bytes() + leaves_.undo_bytes() + cash_.undo_bytes() + liquidations_before_.bytes() +
           applied_.size() * sizeof(Head);
}

void AaveV3Venue::drop_oldest_undo() {
    if (applied_.size() < 2) return;
    book_.drop_oldest_undo();
    leaves_.drop_oldest_undo();
    cash_.drop_oldest_undo();
    liquidations_before_.drop_oldest();
    applied_.pop_front();
}

std::vector<ReserveId> AaveV3Venue::what_if(std::span<const Log> logs, PriceVector& prices) const {
    return leaves_.what_if(logs, prices);
}

std::vector<ReserveId> AaveV3Venue::what_if_mined(const Transmission& pending, PriceVector& prices) const {
    return leaves_.what_if(pending.aggregator, pending.answer, prices);
}

void AaveV3Venue::answers_of(ReserveId leaf, std::vector<AggregatorAnswer>& out) const {
    leaves_.answers_of(leaf, out);
}

}  // namespace plimsoll::strategy
