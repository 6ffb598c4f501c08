// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "strategy/book/book.hpp"

namespace plimsoll::strategy {

/// The only way to write to a Book. Each write notes the old value under the block it belongs to.
class BookWriter {
  public:
    /// Writes of `block`, which becomes the newest.
    BookWriter(Book& book, const Hash32& block) : book_{&book}, recording_{true} {
        book_->journal_.begin(block);
    }
    /// Writes of a first reading, which cannot be undone.
    [[nodiscard]] static BookWriter baseline(Book& book) { return BookWriter{book}; }

    [[nodiscard]] const Book& book() const noexcept { return *book_; }

    /// The account of this address, made if there is none.
    AccountId account(const Address& address);
    void set_collateral(AccountId account, ReserveId reserve, bool used);
    void set_category(AccountId account, std::uint8_t category);
    void quarantine(AccountId account);
    void set_position(AccountId account, ReserveId reserve, const Position& position);
    void set_reserve(ReserveId reserve, const ReserveState& state);
    void set_category_state(std::uint8_t category, const CategoryState& state);
    void set_flash_premium(BasisPoints premium);

  private:
    explicit BookWriter(Book& book) noexcept : book_{&book}, recording_{false} {}
    template <class Entry>
    void note(Entry old) {
        if (recording_) book_->journal_.record(Book::Old{old});
    }

    Book* book_;
    bool recording_;
};

}  // namespace plimsoll::strategy
