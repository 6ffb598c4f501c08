// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/goals/line_book.hpp"

#include "strategy/venues/aave_v3/line_terms.hpp"
#include "tests/bench/goals/market.hpp"

#include <algorithm>

namespace plimsoll::bench {

namespace aave = strategy::aave_v3;
using strategy::AccountId;
using strategy::LineTerm;
using strategy::ReserveId;

LineBook::LineBook(const strategy::AaveV3Venue& venue) {
    const strategy::Book& book = venue.book();
    const aave::Rules& rules = *venue.market().rules;
    aave::MarketView view;
    const Timestamp now = book.reserve(0).updated;
    const aave::Valuation at{rules, book, view.at(rules, book, now), venue.prices(), now, true};
    weights_ = aave::line_units(book);
    aave::weigh(at, weights_);
    const strategy::LineWeights units = aave::line_units(book);
    first_.reserve(book.size() + 1);
    first_.push_back(0);
    for (AccountId account = 0; account < book.size(); ++account) {
        aave::line_terms(rules, book, units, account, terms_);
        first_.push_back(static_cast<std::uint32_t>(terms_.size()));
    }
}

strategy::LineIndex::TermsOf LineBook::terms_of() const {
    return [this](AccountId account, std::vector<LineTerm>& out) {
        const auto own = terms(account);
        out.assign(own.begin(), own.end());
    };
}

void LineBook::relieve(AccountId account) {
    for (std::uint32_t at = first_[account]; at < first_[account + 1]; ++at) {
        if (terms_[at].owed) terms_[at].amount *= 0.9;
    }
}

void LineBook::move_ether(double factor) {
    for (std::size_t i = 0; i < weights_.reserves; ++i) {
        if (!Market::follows_ether(static_cast<ReserveId>(i))) continue;
        weights_.backing[i] *= factor;
        weights_.owed[i] *= factor;
    }
}

void LineBook::accrue(double seconds) {
    constexpr double kYear = 365.0 * 24 * 3600;
    for (std::size_t i = 0; i < weights_.reserves; ++i) {
        weights_.backing[i] *= 1 + 0.02 * seconds / kYear;
        weights_.owed[i] *= 1 + 0.04 * seconds / kYear;
    }
}

const strategy::LineKernel& usual_kernel() {
    const auto kernels = strategy::line_kernels();
    const auto found =
        std::find_if(kernels.begin(), kernels.end(), [](const auto& k) { return k.name == "avx2"; });
    return found == kernels.end() ? kernels.front() : *found;
}

}  // namespace plimsoll::bench
