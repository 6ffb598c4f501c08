// SPDX-License-Identifier: Apache-2.0
#include "strategy/book/book_writer.hpp"

namespace plimsoll::strategy {

AccountId BookWriter::account(const Address& address) {
    if (const auto known = book_->find(address)) return *known;
    const AccountId made = book_->create(address);
    note(Book::Created{});
    return made;
}

void BookWriter::set_collateral(AccountId account, ReserveId reserve, bool used) {
    const ReserveSet old = book_->collateral_[account];
    if (contains(old, reserve) == used) return;
    note(Book::OldCollateral{account, old});
    book_->collateral_[account] = old ^ only(reserve);
    book_->touch(account);
}

void BookWriter::set_category(AccountId account, std::uint8_t category) {
    const std::uint8_t old = book_->category_[account];
    if (old == category) return;
    note(Book::OldCategory{account, old});
    book_->category_[account] = category;
    book_->touch(account);
}

void BookWriter::quarantine(AccountId account) {
    if (book_->quarantined_[account]) return;
    note(Book::OldQuarantine{account, false});
    book_->set_quarantine(account, true);
}

void BookWriter::set_position(AccountId account, ReserveId reserve, const Position& position) {
    const Position old = book_->position(account, reserve);
    if (old == position) return;
    note(Book::OldPosition{account, reserve, old});
    book_->put(account, reserve, position);
}

void BookWriter::set_reserve(ReserveId reserve, const ReserveState& state) {
    if (book_->reserves_[reserve] == state) return;
    note(Book::OldReserve{reserve, book_->reserves_[reserve]});
    book_->set_reserve(reserve, state);
}

void BookWriter::set_category_state(std::uint8_t category, const CategoryState& state) {
    if (book_->categories_[category] == state) return;
    note(Book::OldCategoryState{category, book_->categories_[category]});
    book_->set_category_state(category, state);
}

void BookWriter::set_flash_premium(BasisPoints premium) {
    if (book_->flash_premium_ == premium) return;
    note(Book::OldPremium{book_->flash_premium_});
    book_->flash_premium_ = premium;
    ++book_->market_version_;
}

}  // namespace plimsoll::strategy
