// SPDX-License-Identifier: Apache-2.0
// A market for tests: balances do not grow unless told, every account may be liquidated for half of its debt
// at 5 % bonus.
#pragma once

#include "chain/codec/selector.hpp"
#include "strategy/venue.hpp"

#include <deque>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace plimsoll::strategy::scripted {

[[nodiscard]] inline Address address_of(std::uint64_t number) {
    return Address::from_word(Hash32::from_u256(U256{number}));
}

inline constexpr Hash32 kPriceTopic = codec::topic("Price(uint256,uint256)");
inline constexpr codec::Selector kAccountCall = codec::selector("account(uint256)");
inline constexpr codec::Selector kPriceCall = codec::selector("price(uint256)");
inline constexpr Hash32 kPositionTopic = codec::topic("Position(uint256,uint256,uint256,uint256)");

/// The aggregator of a reserve's price, as far as transactions that are not mined yet tell it.
[[nodiscard]] inline Address aggregator_of(ReserveId reserve) {
    return address_of(0xC000 + std::uint64_t{reserve});
}

struct Holder {
    Address address;
    std::vector<TokenAmount> collateral;  // by ReserveId
    std::vector<TokenAmount> debt;
    std::uint32_t version = 0;
};

/// What the venue's scripts may change before or between events.
struct Market {
    Address address = address_of(0x7E);
    std::vector<Asset> assets;
    PriceVector prices;
    std::vector<Holder> holders;
    std::uint64_t interest_per_billion_second = 0;  // of the debt, linear
    Timestamp interest_from;
    bool lends = true;
    std::optional<Error> refuse;  // what the bootstrap answers
    bool compares = true;         // the bootstrap compares every account with the chain

    AccountId add_holder(Address who);
    [[nodiscard]] Log price_log(ReserveId reserve, const Usd& price) const;
    [[nodiscard]] Log position_log(AccountId account, ReserveId reserve, const TokenAmount& collateral,
                                   const TokenAmount& debt) const;
};

class ScriptedVenue : public Venue {
  public:
    explicit ScriptedVenue(Market market) : market_{std::move(market)} {}

    [[nodiscard]] std::string_view name() const override { return "scripted"; }
    void start(const Head& at) override;
    [[nodiscard]] std::vector<ReadRequest> next_reads(const NextReadId& next_id) override;
    [[nodiscard]] Result<void> accept(const ReadResult& result) override;
    [[nodiscard]] BootstrapProgress progress() const override;
    [[nodiscard]] Watch watch() const override;
    [[nodiscard]] Result<Changes> apply(const Head& block, std::span<const Log> logs) override;
    void undo(const Hash32& block_hash) override;
    [[nodiscard]] std::size_t undo_bytes() const override { return undo_.size() * kUndoBytes; }
    void drop_oldest_undo() override { undo_.pop_front(); }
    void save(SnapshotWriter& out) const override;
    [[nodiscard]] Result<void> load(SnapshotReader& in, const Head& at) override;
    static constexpr std::size_t kUndoBytes = 1'000;  // that a block is said to take
    [[nodiscard]] std::vector<ReserveId> what_if(std::span<const Log> logs,
                                                 PriceVector& prices) const override;
    [[nodiscard]] std::vector<ReserveId> what_if_mined(const Transmission& pending,
                                                       PriceVector& prices) const override;
    [[nodiscard]] std::vector<ReadRequest> price_reads(const Head& block, const NextReadId& next_id) override;
    [[nodiscard]] Result<std::vector<ReserveId>> accept_prices(const ReadResult& result) override;
    [[nodiscard]] bool prices_pending() const override { return pending_; }
    [[nodiscard]] const PriceVector& prices() const override { return market_.prices; }
    [[nodiscard]] std::span<const Asset> assets() const override { return market_.assets; }
    [[nodiscard]] std::size_t account_count() const override { return market_.holders.size(); }
    [[nodiscard]] Address account_address(AccountId account) const override {
        return market_.holders[account].address;
    }
    [[nodiscard]] std::uint32_t account_version(AccountId account) const override {
        return market_.holders[account].version;
    }
    void expectations(std::span<const AccountId> accounts, std::vector<Expectation>& out) const override;
    void premises(std::vector<Premise>& out) const override;
    void proven_by_reading(std::vector<AccountId>& out) const override;
    void health(std::span<const AccountId> accounts, const PriceVector& prices, Timestamp t,
                std::span<Wad> out) const override;
    void liquidatable(const Changes& changes, const PriceVector& prices, Timestamp t,
                      std::vector<AccountId>& out) const override;
    void reserves_of(AccountId account, std::vector<ReserveId>& out) const override;
    void answers_of(ReserveId leaf, std::vector<AggregatorAnswer>& out) const override;
    void near_line(const PriceVector& prices, Timestamp t, const Wad& below,
                   std::vector<AccountId>& out) const override;
    void quotes(AccountId account, const PriceVector& prices, Timestamp t,
                std::vector<Quote>& out) const override;
    [[nodiscard]] Result<Quote> resize(const Quote& quote, const TokenAmount& repaid,
                                       const PriceVector& prices, Timestamp t) const override;
    [[nodiscard]] Call encode(const Quote& quote) const override;
    [[nodiscard]] Result<TokenAmount> flash_fee(ReserveId asset, const TokenAmount& amount) const override;
    [[nodiscard]] Address flash_lender() const override { return market_.address; }
    [[nodiscard]] unsigned assets_of(AccountId) const override { return 2; }
    [[nodiscard]] Result<LiquidationSeen> expect(const Quote&, std::span<const Log>) const override {
        return fail(Errc::not_found, "scripted");
    }

    /// The whole quote in `collateral` for repaying `repaid` of `debt`, capped by what the account has.
    [[nodiscard]] Quote quote_of(AccountId account, ReserveId collateral, ReserveId debt,
                                 const TokenAmount& repaid, const PriceVector& prices, Timestamp t) const;
    [[nodiscard]] Market& market() { return market_; }
    std::size_t applied = 0;

  private:
    [[nodiscard]] Wad health_of(AccountId account, const PriceVector& prices, Timestamp t) const;
    [[nodiscard]] TokenAmount debt_of(AccountId account, ReserveId reserve, Timestamp t) const;
    [[nodiscard]] bool holds_polled(AccountId account) const;

    Market market_;
    std::deque<std::pair<Hash32, Market>> undo_;
    bool asked_ = false;
    bool finished_ = false;
    bool loaded_ = false;
    std::uint32_t versions_ = 0;
    bool pending_ = false;
    std::map<ReadId, std::vector<ReserveId>> price_asks_;
};

}  // namespace plimsoll::strategy::scripted
