// SPDX-License-Identifier: Apache-2.0
#include "strategy/venues/aave_v3/line_watch.hpp"

#include "strategy/venues/aave_v3/line_terms.hpp"
#include "strategy/venues/aave_v3/math.hpp"

#include <algorithm>
#include <bit>
#include <utility>

namespace plimsoll::strategy::aave_v3 {

void LineWatch::follow(Book& book, const Rules& rules) {
    book.take_touched(touched_);
    if (terms_version_ != book.terms_version()) {
        terms_version_ = book.terms_version();
        units_ = weights_ = line_units(book);
        moment_ = 0;
        rebuild_ = true;
    }
    if (rebuild_) return;
    for (const AccountId account : touched_) {
        terms_.clear();
        if (account < book.size()) line_terms(rules, book, units_, account, terms_);
        index_.put(account, terms_, units_);
    }
}

LineIndex::TermsOf LineWatch::terms_of(const Valuation& at, const LineWeights& units) {
    return [&at, &units](AccountId account, std::vector<LineTerm>& terms) {
        line_terms(at.rules, at.book, units, account, terms);
    };
}

void LineWatch::weigh(const Valuation& at) {
    const bool as_before = at.moment != 0 && std::exchange(moment_, at.moment) == at.moment;
    prices_.resize(weights_.reserves);
    for (std::size_t i = 0; i < weights_.reserves; ++i) {
        if (as_before && prices_[i] == at.prices[i]) continue;
        const auto reserve = static_cast<ReserveId>(i);
        aave_v3::weigh(at, reserve, weights_);
        prices_[i] = at.prices[i];
        changed_ |= only(reserve);
    }
    if (!rebuild_) return;
    index_.rebuild(at.book.size(), weights_, terms_of(at, units_));
    changed_ = first_reserves(weights_.reserves);
    rebuild_ = false;
}

std::span<const AccountId> LineWatch::look(const Valuation& at, Whom whom) {
    constexpr std::size_t kPatience = 64;  // nothing is in a hurry when everybody is looked at
    found_.clear();
    // Where the sentinel moves the line, the index does not move with it.
    if (liquidation_line(at) != kWad) {
        below(at, liquidation_line(at).to_double() / 1e18, found_);
        index_.passed_over();
        return found_;
    }
    weigh(at);
    // Where a price came back, whoever merely has the reserve switched on can be valued again, too.
    if ((std::exchange(unvalued_, at.unvalued) & ~at.unvalued) != 0) index_.passed_over();
    const bool everybody = whom == Whom::everybody;
    const LineIndex::TermsOf terms = terms_of(at, units_);
    const LineIndex::Look seen =
        index_.look(weights_, terms, everybody ? kPatience : 1, whom, std::exchange(changed_, ReserveSet{0}));
    found_.assign(seen.news.begin(), seen.news.end());
    if (everybody) found_.insert(found_.end(), seen.standing.begin(), seen.standing.end());
    if (everybody) index_.tidy(terms);
    by_number(found_, 0, at.book.size());
    return found_;
}

void LineWatch::below(const Valuation& at, double line, std::vector<AccountId>& out) {
    weigh(at);
    const std::size_t before = out.size();
    index_.below(weights_, line, out);
    by_number(out, before, at.book.size());
}

/// Each account is there once: where they are many, a bit for each is quicker than to compare them.
void LineWatch::by_number(std::vector<AccountId>& accounts, std::size_t from, std::size_t all) {
    constexpr std::size_t kBits = 64;
    if (accounts.size() - from < all / kBits)
        return std::sort(accounts.begin() + static_cast<std::ptrdiff_t>(from), accounts.end());
    bits_.assign(all / kBits + 1, 0);
    for (std::size_t i = from; i < accounts.size(); ++i)
        bits_[accounts[i] / kBits] |= std::uint64_t{1} << accounts[i] % kBits;
    std::size_t next = from;
    for (std::size_t word = 0; word < bits_.size(); ++word) {
        for (std::uint64_t left = bits_[word]; left != 0; left &= left - 1)
            accounts[next++] =
                static_cast<AccountId>(word * kBits) + static_cast<AccountId>(std::countr_zero(left));
    }
}

}  // namespace plimsoll::strategy::aave_v3
