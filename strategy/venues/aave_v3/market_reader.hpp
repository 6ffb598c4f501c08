// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chain/primitives/block.hpp"
#include "strategy/book/book.hpp"
#include "strategy/prices/source_probe.hpp"
#include "strategy/venues/aave_v3/answers.hpp"
#include "strategy/venues/aave_v3/call_list.hpp"
#include "strategy/venues/aave_v3/cash.hpp"
#include "strategy/venues/aave_v3/market.hpp"

#include <array>
#include <string>
#include <string_view>
#include <vector>

namespace plimsoll::strategy::aave_v3 {

/// Sums over all holders, to prove afterwards that no holder was missed.
struct TokenTotals {
    u128 supply{};
    u128 debt{};
};

/// All of a market that does not belong to an account, as of one block.
struct MarketReading {
    Market market;
    std::vector<ReserveState> states;
    std::vector<TokenTotals> totals;
    std::array<CategoryState, 256> categories{};
    std::vector<U256> cash;  // of each reserve's asset, what the pool can pay out
    BasisPoints flash_premium;
    bool liquidations_allowed = true;  // by the sentinel, at the block
    PriceVector prices;
    std::vector<PriceSource> sources;
    std::unordered_map<Address, Answer> answers;
};

/// Reads a market in five rounds of calls at one block: pool, contracts, reserves, price sources and their
/// legs. Refuses what it cannot be exact about: Errc::no_code, Errc::unproven (revision, stable or discounted
/// debt, eMode price source, base unit).
class MarketReader {
  public:
    MarketReader(const Address& pool, std::size_t batch);

    /// The calls of the round under way; `advance` when it is complete.
    [[nodiscard]] CallList& calls() noexcept { return calls_; }
    [[nodiscard]] const CallList& calls() const noexcept { return calls_; }
    [[nodiscard]] bool done() const noexcept { return round_ == Round::done; }
    [[nodiscard]] std::string_view step() const noexcept;
    [[nodiscard]] Result<void> advance();
    [[nodiscard]] MarketReading& reading() noexcept { return reading_; }

  private:
    enum class Round : std::uint8_t { pool, contracts, reserves, sources, legs, done };

    Result<void> read_pool();
    Result<void> read_contracts();
    Result<void> read_reserve(std::size_t index, Answers& answers);
    Result<void> read_provider(Answers& answers);
    void ask_contracts();
    Result<void> read_reserves();
    Result<void> read_categories(Answers& answers);
    Result<void> read_category_with_source(std::uint8_t category, Answers& answers);
    Result<void> read_category_with_bitmap(std::uint8_t category, Answers& answers);
    Result<void> read_sentinel(Answers& answers);
    Result<void> read_totals(std::size_t index, Answers& answers);
    Result<void> refuse_other_debt(const ReserveFacts& facts, Answers& answers);
    void ask_reserves();
    void ask_categories(std::vector<Call>& calls) const;
    void ask_totals(std::vector<Call>& calls) const;
    [[nodiscard]] u128 reserves_of_bitmap(const U256& bitmap) const;
    [[nodiscard]] const Rules& rules() const noexcept { return *reading_.market.rules; }
    void ask_sources();
    void read_sources();
    void ask_legs();
    void read_legs();
    void go_on(Round round, std::vector<Call> calls);

    std::size_t batch_;
    Round round_ = Round::pool;
    CallList calls_;
    std::vector<SourceProbe> probes_;
    MarketReading reading_;
};

}  // namespace plimsoll::strategy::aave_v3
