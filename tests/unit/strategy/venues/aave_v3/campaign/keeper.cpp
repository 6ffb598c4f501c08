// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/strategy/venues/aave_v3/campaign/keeper.hpp"

#include <algorithm>
#include <limits>
#include <numeric>

namespace plimsoll::strategy::aave_v3::campaign {

namespace {

/// Who was known as below the line before interest alone sank somebody is not asked for by a look at changes.
constexpr bool kInterestIsTold = true;
constexpr double kNoHealth = std::numeric_limits<double>::max();

std::vector<ReserveView> accrue_all(const Rules& rules, const Book& book, Timestamp t, bool wide) {
    std::vector<ReserveView> out;
    for (std::size_t i = 0; i < book.reserve_count(); ++i) {
        const ReserveState& state = book.reserve(static_cast<ReserveId>(i));
        out.push_back(wide ? accrued_wide(rules, state, t) : accrued(rules, state, t));
    }
    return out;
}

}  // namespace

void Keeper::judge_everybody(const PriceVector& prices, Timestamp t) {
    const Book& book = venue_.book();
    reserves_ = accrue_all(rules_, book, t, false);
    const Valuation at{rules_, book, reserves_, prices, t, record_.market.sentinel_told};
    ReserveSet untold = 0;
    for (std::size_t i = 0; i < kReserves; ++i) {
        if (venue_.prices_pending() && venue_.assets()[i].polled) untold |= only(static_cast<ReserveId>(i));
    }
    states_.assign(book.size(), State::healthy);
    health_.assign(book.size(), kNoHealth);
    for (AccountId account = 0; account < book.size(); ++account) {
        if (!record_[account].owes()) continue;
        const AccountData data = account_data(at, account);
        if (!data.valued || data.collateral.is_zero() || book.quarantined(account)) continue;
        if (data.health_factor.raw().fits64())
            health_[account] = static_cast<double>(data.health_factor.raw().low64()) / 1e18;
        if (!can_be_liquidated(at, data)) continue;
        const bool waits = ((book.collateral(account) | book.debts(account)) & untold) != 0;
        states_[account] = waits ? State::waiting : State::below;
    }
}

bool Keeper::must_be_told(AccountId account, const Changes& changes, ReserveSet moved) const {
    if (states_[account] != State::below) return false;
    if (changes.everything) return true;
    if (known_[account]) return false;
    if (kInterestIsTold || record_[account].holds(moved)) return true;
    return std::binary_search(changes.accounts.begin(), changes.accounts.end(), account);
}

/// Bends what the venue told.
void Keeper::err(const Changes& changes) {
    const double line = record_.market.sentinel_told ? 1.0 : 0.95;
    if (mistake_ == Mistake::forgets_touched) {
        std::erase_if(told_, [&](AccountId account) {
            const auto& touched = changes.accounts;
            return std::binary_search(touched.begin(), touched.end(), account) && !known_[account];
        });
    } else if (mistake_ == Mistake::loose_bound) {
        std::erase_if(told_, [&](AccountId account) { return health_[account] > line * 0.999; });
    } else if (mistake_ == Mistake::eager_bound) {
        for (AccountId account = 0; account < states_.size(); ++account) {
            if (health_[account] < line * 1.001 && states_[account] == State::healthy)
                return told_.push_back(account);
        }
    }
}

std::string Keeper::look(const Changes& changes, const PriceVector& prices, Timestamp t, bool what_if,
                         Outcome& outcome) {
    told_.clear();
    venue_.liquidatable(changes, prices, t, told_);
    judge_everybody(prices, t);
    known_.resize(states_.size());
    err(changes);
    outcome.told += told_.size();
    is_told_.assign(states_.size(), false);
    for (const AccountId account : told_) {
        if (account >= states_.size())
            return "account " + std::to_string(account) + " is told, and does not exist";
        if (is_told_[account]) return describe(account, "is told twice");
        if (states_[account] != State::below) return describe(account, "is told, and must not be");
        is_told_[account] = true;
    }
    ReserveSet moved = 0;
    for (const ReserveId leaf : changes.prices)
        moved |= only(leaf);
    std::size_t below = 0;
    for (AccountId account = 0; account < states_.size(); ++account) {
        if (!is_told_[account] && must_be_told(account, changes, moved))
            return describe(account, "is missed");
        below += states_[account] == State::below ? 1U : 0U;
        if (what_if) continue;
        outcome.newcomers += is_told_[account] && !known_[account] ? 1U : 0U;
        known_[account] = (known_[account] || is_told_[account]) && states_[account] != State::healthy;
    }
    outcome.most_below = std::max(outcome.most_below, below);
    return {};
}

std::vector<AccountId> Keeper::known() const {
    std::vector<AccountId> out;
    for (AccountId account = 0; account < known_.size(); ++account) {
        if (known_[account]) out.push_back(account);
    }
    return out;
}

std::string Keeper::describe(AccountId account, std::string_view what) const {
    std::string out = "account " + std::to_string(account) + " " + std::string{what} + ": health factor ";
    out += health_[account] == kNoHealth ? "none" : std::to_string(health_[account]);
    out += ", category " + std::to_string(venue_.book().category(account));
    if (venue_.book().quarantined(account)) out += ", quarantined";
    for (const Book::Holding holding : venue_.book().holdings(account)) {
        out += ", reserve " + std::to_string(holding.reserve);
        if (contains(venue_.book().collateral(account), holding.reserve)) out += " as collateral";
        out += " " + to_decimal(U256::from_u128(holding.position.supply)) + " owing " +
               to_decimal(U256::from_u128(holding.position.debt));
    }
    return out;
}

std::string compare_accounts(const AaveV3Venue& venue, const Record& record,
                             std::span<const AccountId> which) {
    const Book& book = venue.book();
    if (book.size() != record.size()) return "the book has another number of accounts than the record";
    for (const AccountId account : which) {
        const Borrower& borrower = record[account];
        const std::string who = "account " + std::to_string(account);
        if (book.find(Record::address(account)) != account) return who + " is not found by its address";
        std::size_t held = 0;
        for (const Book::Holding holding : book.holdings(account)) {
            ++held;
            if (borrower.in(holding.reserve) != holding.position)
                return who + " holds something else in reserve " + std::to_string(holding.reserve);
        }
        if (held != borrower.positions.size()) return who + " has another number of positions";
        if (book.collateral(account) != borrower.collateral) return who + " has other collateral flags";
        if (book.category(account) != borrower.category) return who + " is in another category";
        if (book.quarantined(account) != borrower.quarantined) return who + " differs in quarantine";
    }
    return {};
}

std::string compare_books(const AaveV3Venue& venue, const Record& record, const Rules& rules, Timestamp t) {
    std::vector<AccountId> all(record.size());
    std::iota(all.begin(), all.end(), AccountId{0});
    if (std::string wrong = compare_accounts(venue, record, all); !wrong.empty()) return wrong;
    Book own{0};
    record.fill(own);
    const std::vector<ReserveView> own_reserves = accrue_all(rules, own, t, true);
    const std::vector<ReserveView> reserves = accrue_all(rules, venue.book(), t, false);
    const Valuation own_at{rules, own, own_reserves, venue.prices(), t};
    const Valuation at{rules, venue.book(), reserves, venue.prices(), t};
    for (const AccountId account : all) {
        const AccountData expected = account_data_wide(own_at, account);
        const AccountData data = account_data(at, account);
        const bool same = expected.collateral == data.collateral && expected.debt == data.debt &&
                          expected.threshold == data.threshold && expected.valued == data.valued &&
                          expected.health_factor == data.health_factor;
        if (!same) return "account " + std::to_string(account) + " is worth something else";
    }
    return {};
}

}  // namespace plimsoll::strategy::aave_v3::campaign
