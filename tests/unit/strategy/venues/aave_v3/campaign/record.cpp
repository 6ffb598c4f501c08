// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/strategy/venues/aave_v3/campaign/record.hpp"

#include "strategy/book/book_writer.hpp"
#include "tests/unit/strategy/venues/aave_v3/scripted_market.hpp"

#include <algorithm>

namespace plimsoll::strategy::aave_v3::campaign {

Position Borrower::in(ReserveId reserve) const {
    for (const auto& [id, position] : positions) {
        if (id == reserve) return position;
    }
    return {};
}

bool Borrower::holds(ReserveSet reserves) const {
    return std::any_of(positions.begin(), positions.end(),
                       [&](const auto& each) { return contains(reserves, each.first); });
}

bool Borrower::owes() const {
    return std::any_of(positions.begin(), positions.end(),
                       [](const auto& each) { return each.second.debt != 0; });
}

void Borrower::put(ReserveId reserve, const Position& position) {
    std::erase_if(positions, [&](const auto& each) { return each.first == reserve; });
    if (!position.empty()) positions.emplace_back(reserve, position);
}

void Record::begin() {
    if (frames_.size() == kDepth) frames_.erase(frames_.begin());
    frames_.push_back(Frame{market, accounts_.size(), {}});
}

void Record::undo() {
    Frame frame = std::move(frames_.back());
    frames_.pop_back();
    for (auto each = frame.old.rbegin(); each != frame.old.rend(); ++each)
        accounts_[each->first] = std::move(each->second);
    accounts_.resize(frame.accounts);
    market = std::move(frame.market);
}

std::vector<AccountId> Record::changed() const {
    std::vector<AccountId> out;
    for (const auto& [account, old] : frames_.back().old)
        out.push_back(account);
    return out;
}

Borrower& Record::change(AccountId account) {
    if (!frames_.empty()) frames_.back().old.emplace_back(account, accounts_[account]);
    return accounts_[account];
}

AccountId Record::add() {
    accounts_.emplace_back();
    return static_cast<AccountId>(accounts_.size() - 1);
}

Address Record::address(AccountId account) {
    return at(0x1000000 + std::uint64_t{account});
}

void Record::fill(Book& book) const {
    book.reset(kReserves);
    BookWriter writer = BookWriter::baseline(book);
    for (std::size_t i = 0; i < kReserves; ++i)
        writer.set_reserve(static_cast<ReserveId>(i), market.reserves[i]);
    for (std::size_t i = 1; i < kCategories; ++i)
        writer.set_category_state(static_cast<std::uint8_t>(i), market.categories.at(i));
    for (AccountId id = 0; id < size(); ++id) {
        const Borrower& borrower = accounts_[id];
        const AccountId account = writer.account(address(id));
        for (const auto& [reserve, position] : borrower.positions)
            writer.set_position(account, reserve, position);
        for (std::size_t i = 0; i < kReserves; ++i) {
            const auto reserve = static_cast<ReserveId>(i);
            if (contains(borrower.collateral, reserve)) writer.set_collateral(account, reserve, true);
        }
        writer.set_category(account, borrower.category);
        if (borrower.quarantined) writer.quarantine(account);
    }
}

}  // namespace plimsoll::strategy::aave_v3::campaign
