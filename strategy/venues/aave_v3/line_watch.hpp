// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "strategy/book/line_index.hpp"
#include "strategy/venues/aave_v3/health.hpp"

#include <cstdint>
#include <span>
#include <vector>

namespace plimsoll::strategy::aave_v3 {

/// Who is below the liquidation line of one market: its book in the terms of a LineIndex. Looking does not
/// change what is known, only what the next look costs.
class LineWatch {
  public:
    /// Newcomers: who was not below at the last look, or is too near the line to tell.
    using Whom = LineIndex::Whom;

    /// After each write to the book, and before the next look.
    void follow(Book& book, const Rules& rules);

    /// Everybody who may be below the line at that moment, each once, by rising number; exact integers are to
    /// confirm. Good until the next call.
    [[nodiscard]] std::span<const AccountId> look(const Valuation& at, Whom whom);

    /// Who may be below another health factor, by rising number: a pass over all.
    void below(const Valuation& at, double line, std::vector<AccountId>& out);

    [[nodiscard]] const LineIndex& index() const noexcept { return index_; }

  private:
    /// Only what differs from the newest moment.
    void weigh(const Valuation& at);
    void by_number(std::vector<AccountId>& accounts, std::size_t from, std::size_t all);
    [[nodiscard]] static LineIndex::TermsOf terms_of(const Valuation& at, const LineWeights& units);

    LineIndex index_;
    LineWeights units_;         // of which only the tokens' units are known
    LineWeights weights_;       // of the newest moment, for which
    std::uint64_t moment_ = 0;  // Valuation's
    PriceVector prices_;        // and prices they hold
    ReserveSet changed_ = 0;    // since the newest look
    ReserveSet unvalued_ = 0;   // at the newest look
    bool rebuild_ = true;       // before the next look
    std::uint64_t terms_version_ = 0;
    std::vector<AccountId> touched_;
    std::vector<AccountId> found_;
    std::vector<LineTerm> terms_;
    std::vector<std::uint64_t> bits_;  // by account, while they are put in order
};

}  // namespace plimsoll::strategy::aave_v3
