// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "strategy/book/far_group.hpp"
#include "strategy/book/line_bounds.hpp"
#include "strategy/book/line_scan.hpp"
#include "strategy/book/line_term.hpp"

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

namespace plimsoll::strategy {

/// Who is below the line, kept up to date at the cost of what crosses it. Everybody is far above it
/// (FarGroup), or filed above or below with bounds of the weights (LineBounds), or too near the line for
/// floating point to tell. Where more bounds are crossed than a pass over everybody costs, or the group of
/// those far above is safe no more, such a pass (LineScan) answers instead; the rest is left for later.
///
/// It is a filter: exact integers decide about whomever it names, and whomever it does not name is healthy,
/// cannot be valued, or has nothing to seize.
class LineIndex {
  public:
    /// Tells an account's holdings as they were put last; `terms` comes empty.
    using TermsOf = std::function<void(AccountId account, std::vector<LineTerm>& terms)>;

    struct Look {
        /// Near the line, or below it and not so at the last look.
        std::span<const AccountId> news;
        std::span<const AccountId> standing;  // below it at the last look and still, if they were asked for
    };
    enum class Whom : std::uint8_t { newcomers, everybody };
    struct Counts {
        std::uint64_t looks{};
        std::uint64_t passes{};   // looks that a pass over everybody answered
        std::uint64_t refiled{};  // accounts whose bounds were crossed
    };

    /// The account's holdings changed; no terms: it has no line any more.
    void put(AccountId account, std::span<const LineTerm> terms, const LineWeights& weights);
    /// From nothing, for accounts 0 to `accounts` - 1. The next look takes the longer for it.
    void rebuild(std::size_t accounts, const LineWeights& weights, const TermsOf& terms_of);

    /// Who may be below the line at these weights, each once, at the cost of little more than a pass at most;
    /// with `patience` as many times that, for less of it the next time. The weights of reserves that are not
    /// among `changed` are those of the last look. Good until the next call.
    [[nodiscard]] Look look(const LineWeights& weights, const TermsOf& terms_of, std::size_t patience = 1,
                            Whom whom = Whom::everybody, ReserveSet changed = kAllReserves);

    /// Somebody was asked about another line: at the next look everybody below this one is news.
    void passed_over() noexcept {
        scan_.unmark_all();
        behind_ = true;
    }

    /// Who may be below another line: a pass.
    void below(const LineWeights& weights, double line, std::vector<AccountId>& out) const {
        scan_.below(weights, line, out);
    }

    void clear();
    /// For when there is nothing else to do, a little at a time: memory of bounds that are void is used
    /// again, and whoever came near is filed, whoever went far is not any more.
    void tidy(const TermsOf& terms_of);
    [[nodiscard]] std::size_t size() const noexcept { return scan_.size(); }
    [[nodiscard]] const Counts& counts() const noexcept { return counts_; }
    [[nodiscard]] std::size_t bytes() const noexcept;

  private:
    enum class State : std::uint8_t { absent, near, far, above, below };

    [[nodiscard]] State& state_of(AccountId account);
    void call_near(AccountId account);
    static constexpr ReserveSet kAllReserves = first_reserves(kMaxReserves);

    void learn_moves(const LineWeights& weights, ReserveSet changed);
    [[nodiscard]] State side_of(AccountId account, const LineWeights& weights, const TermsOf& terms_of);
    void follow(const LineWeights& weights, ReserveSet among, std::size_t most);
    void file_near(const LineWeights& weights, const TermsOf& terms_of);
    [[nodiscard]] Look pass(const LineWeights& weights, Whom whom);
    [[nodiscard]] Look catch_up();
    void renew(const TermsOf& terms_of);
    void let_go(const TermsOf& terms_of);

    LineScan scan_;
    FarGroup far_;
    LineBounds above_{LineSide::above};
    LineBounds below_{LineSide::below};
    ChunkedVector<State> states_;
    std::vector<AccountId> near_;   // what has no bounds
    std::vector<AccountId> under_;  // what is filed below
    std::vector<AccountId> news_;
    std::vector<AccountId> standing_;
    std::vector<AccountId> crossed_;
    std::vector<LineTerm> terms_;
    bool behind_ = false;            // bounds say who was below, but not at the last look
    FarGroup next_far_;              // while it is being filled
    std::vector<AccountId> coming_;  // of those far above, who must be filed before it counts
    bool renewing_ = false;
    AccountId next_to_let_go_ = 0;
    LineBounds::Moves moves_{};
    LineWeights last_;
    Counts counts_;
};

}  // namespace plimsoll::strategy
