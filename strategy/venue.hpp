// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chain/primitives/block.hpp"
#include "chain/primitives/event.hpp"
#include "chain/primitives/read_request.hpp"
#include "chain/primitives/result.hpp"
#include "strategy/prices/transmission.hpp"
#include "strategy/quote.hpp"
#include "strategy/snapshot/snapshot_reader.hpp"
#include "strategy/snapshot/snapshot_writer.hpp"

#include <cstdint>
#include <functional>
#include <span>
#include <string_view>
#include <vector>

namespace plimsoll::strategy {

/// One asset of a venue, as routes, rank and the log lines need it.
struct Asset {
    Address token;
    std::string
        symbol;  // as the token says, bounded and printable; the address's first digits where it says nothing
    std::uint8_t decimals{};
    bool polled{};  // its price is read each head, because no event tells it
};

/// Another's or our own liquidation, seen in a sealed block.
struct LiquidationSeen {
    VenueId venue{};
    Address account;
    Address collateral_asset;
    Address debt_asset;
    TokenAmount repaid;
    TokenAmount seized;
    Address liquidator;
    Hash32 transaction_hash;
    Hash32 block_hash;
    BlockNumber block_number;
    /// False if the account was unknown, or its state wrong, before the liquidation told so: the book had
    /// missed something.
    bool indexed = true;
};

struct BootstrapProgress {
    std::string_view step;  // what is being read now
    std::uint64_t done{};
    std::uint64_t total{};
    bool finished{};
};

/// Hands out request ids that are unique in the process.
using NextReadId = std::function<ReadId()>;

/// What changed by applying one sealed block.
struct Changes {
    std::vector<AccountId> accounts;  // positions, flags or category changed
    std::vector<ReserveId> prices;    // price leaf moved
    bool everything = false;          // configuration or indices moved: every account may have changed
    std::vector<LiquidationSeen> liquidations;
};

/// One word of an answer, counted from 0, as it must be.
struct ExpectedWord {
    std::size_t place{};
    std::string_view term;  // what it is called
    U256 value;
};

/// What a market's own contract must answer of an account at the newest applied block, if the book is right.
struct Expectation {
    AccountId account{};
    std::uint32_t version{};  // of the account that is compared
    Call call;
    std::vector<ExpectedWord> words;
};

/// What must hold at that block for expectations to mean anything: the prices they were computed with.
struct Premise {
    Call call;
    U256 value;  // first word of the answer; zero where the call fails
};

/// Accounts from `first` on, before `end`.
struct AccountRange {
    AccountId first{};
    AccountId end{};
};

/// A (collateral, debt) pair in which accounts near their line could be liquidated.
struct Exposure {
    ReserveId collateral{};
    ReserveId debt{};
    TokenAmount largest;  // of the collateral asset, the most that one liquidation of one of them could seize
};

/// A lending market. Virtual per batch, never per account. Pure: all time and all facts come in as arguments.
/// The venue owns its book and its price leaves; every write of a block can be undone by the block's hash.
class Venue {
  public:
    virtual ~Venue() = default;

    [[nodiscard]] virtual std::string_view name() const = 0;
    /// The revision of the market's arithmetic (Aave: POOL_REVISION), once it is read; gas differs by it.
    [[nodiscard]] virtual std::uint32_t revision() const { return 0; }

    /// Reading the market at one block hash, in chunks. After `start`, ask for `next_reads` and feed `accept`
    /// until `progress().finished`. An error is final for this attempt (unproven revision, no code, malformed
    /// answer).
    virtual void start(const Head& at) = 0;
    [[nodiscard]] virtual std::vector<ReadRequest> next_reads(const NextReadId& next_id) = 0;
    [[nodiscard]] virtual Result<void> accept(const ReadResult& result) = 0;
    [[nodiscard]] virtual BootstrapProgress progress() const = 0;

    /// Whose logs this venue needs: its pool, configurator, provider, oracle, tokens and aggregators.
    [[nodiscard]] virtual Watch watch() const = 0;

    /// Applies a sealed block's logs in order, passing over those of emitters it does not watch; afterwards
    /// the book is the chain's at that block, polled prices aside.
    [[nodiscard]] virtual Result<Changes> apply(const Head& block, std::span<const Log> logs) = 0;
    virtual void undo(const Hash32& block_hash) = 0;
    /// What undoing takes, in bytes, about.
    [[nodiscard]] virtual std::size_t undo_bytes() const = 0;
    /// The oldest block that could be undone cannot be any more.
    virtual void drop_oldest_undo() = 0;

    /// Everything a start needs, as of the newest applied block. Whatever way a state was reached, it is the
    /// same bytes.
    virtual void save(SnapshotWriter& out) const = 0;
    /// In place of a reading: afterwards the venue stands at `at`, which cannot be undone.
    /// Errc::config_invalid: the snapshot is another market's; Errc::malformed_input, Errc::unproven: it
    /// cannot be used. After an error the venue must be started.
    [[nodiscard]] virtual Result<void> load(SnapshotReader& in, const Head& at) = 0;
    /// What a reading under way has found so far, for a later process to go on from; empty if that is not
    /// worth keeping.
    [[nodiscard]] virtual Bytes search() const { return {}; }
    /// Before `start`: the next reading goes on from there, as far as it fits.
    virtual void resume_search(BytesView /*search*/) {}

    /// Where the logs of an unsealed block would move the prices; the book is untouched. Returns the leaves
    /// that move.
    [[nodiscard]] virtual std::vector<ReserveId> what_if(std::span<const Log> logs,
                                                         PriceVector& prices) const = 0;

    /// Likewise, where an answer that is not mined yet would.
    [[nodiscard]] virtual std::vector<ReserveId> what_if_mined(const Transmission& pending,
                                                               PriceVector& prices) const = 0;

    /// Price reads due at this block: polled leaves, and the event-driven ones to be checked. Answered
    /// through `accept_prices`, which returns the leaves that moved; an event-driven leaf that differs
    /// becomes polled and is counted. The answer is handed over once its block is applied, never before, and
    /// dropped if the block is undone.
    [[nodiscard]] virtual std::vector<ReadRequest> price_reads(const Head& block,
                                                               const NextReadId& next_id) = 0;
    [[nodiscard]] virtual Result<std::vector<ReserveId>> accept_prices(const ReadResult& result) = 0;
    /// True while a polled leaf's price of the newest applied block is still being read.
    [[nodiscard]] virtual bool prices_pending() const = 0;

    [[nodiscard]] virtual const PriceVector& prices() const = 0;
    [[nodiscard]] virtual std::span<const Asset> assets() const = 0;
    [[nodiscard]] virtual std::size_t account_count() const = 0;
    [[nodiscard]] virtual Address account_address(AccountId account) const = 0;
    /// Counts up whenever the account's own state changes.
    [[nodiscard]] virtual std::uint32_t account_version(AccountId account) const = 0;

    /// What the market's contracts must answer about each of these accounts at the newest applied block.
    /// Appends nothing for an account that is not known exactly, cannot be valued, or holds a polled asset
    /// while prices_pending().
    virtual void expectations(std::span<const AccountId> accounts, std::vector<Expectation>& out) const = 0;
    virtual void premises(std::vector<Premise>& out) const = 0;
    /// Accounts that the last reading itself compared with the chain; none after `load`.
    virtual void proven_by_reading(std::vector<AccountId>& out) const = 0;

    /// Exact health factors at time `t`; max() for an account without debt.
    virtual void health(std::span<const AccountId> accounts, const PriceVector& prices, Timestamp t,
                        std::span<Wad> out) const = 0;
    /// A block has begun, and `liquidatable` will be asked at `t`: whatever does not hang on the prices that
    /// it brings is computed. What is told later is the same.
    virtual void prepare(Timestamp /*t*/) const {}
    /// Appends every account that is liquidatable at `prices` and `t` and either is named in `changes` or may
    /// have become so since the last call (all of them when `changes.everything`); whoever was told before
    /// may be left out. Exact integers confirm. Accounts that hold a polled asset are left out while
    /// prices_pending().
    virtual void liquidatable(const Changes& changes, const PriceVector& prices, Timestamp t,
                              std::vector<AccountId>& out) const = 0;
    /// Appends the reserves that the account holds as collateral or owes.
    virtual void reserves_of(AccountId /*account*/, std::vector<ReserveId>& /*out*/) const {}
    /// Appends the aggregators whose answers make this leaf's price, with the newest answer of each; nothing
    /// if anything else may move it.
    virtual void answers_of(ReserveId /*leaf*/, std::vector<AggregatorAnswer>& /*out*/) const {}
    /// Appends everybody whose health factor is below `below`, by rising number, and maybe some a little
    /// above it. A venue that appends nothing has nobody armed.
    virtual void near_line(const PriceVector& /*prices*/, Timestamp /*t*/, const Wad& /*below*/,
                           std::vector<AccountId>& /*out*/) const {}
    /// Adds to `widest` the pairs of those accounts whose health factor is below `below`, or widens what is
    /// there of them, for the exit routes to be ready in time. A venue that adds nothing has routes kept for
    /// all pairs.
    virtual void exposures(AccountRange /*among*/, const PriceVector& /*prices*/, Timestamp /*t*/,
                           const Wad& /*below*/, std::vector<Exposure>& /*widest*/) const {}
    /// Appends, for every legal (collateral, debt) pair of the account, the quote with the largest amount.
    virtual void quotes(AccountId account, const PriceVector& prices, Timestamp t,
                        std::vector<Quote>& out) const = 0;
    /// The same pair with at most `repaid` of the debt asset.
    [[nodiscard]] virtual Result<Quote> resize(const Quote& quote, const TokenAmount& repaid,
                                               const PriceVector& prices, Timestamp t) const = 0;
    /// The venue's own call for a quote, as the Executor will make it, and whom it must approve for the debt
    /// asset.
    [[nodiscard]] virtual Call encode(const Quote& quote) const = 0;
    /// Fee for borrowing `amount` of `asset` by flash from this venue; an error if it cannot lend that now.
    [[nodiscard]] virtual Result<TokenAmount> flash_fee(ReserveId asset, const TokenAmount& amount) const = 0;
    [[nodiscard]] virtual Address flash_lender() const = 0;
    /// Number of assets the account holds or owes: what the pool's health check loops over, for the gas
    /// estimate.
    [[nodiscard]] virtual unsigned assets_of(AccountId account) const = 0;
    /// Our liquidation as the receipt tells it, or not_found. An asset that is zero in the quote matches any:
    /// of an intent from before a restart only the account is known.
    [[nodiscard]] virtual Result<LiquidationSeen> expect(const Quote& quote,
                                                         std::span<const Log> receipt_logs) const = 0;
};

}  // namespace plimsoll::strategy
