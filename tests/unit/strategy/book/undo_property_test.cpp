// SPDX-License-Identifier: Apache-2.0
#include "strategy/book/book_writer.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <tuple>
#include <vector>

namespace plimsoll::strategy {
namespace {

constexpr std::size_t kReserves = 5;
constexpr std::size_t kAddresses = 12;

Hash32 block(std::uint64_t number) {
    return Hash32::from_u256(U256{number});
}

Address who(std::size_t number) {
    Address out;
    out.bytes[0] = static_cast<std::uint8_t>(number);
    return out;
}

/// All that can be seen of a book, versions aside: those never repeat.
struct Picture {
    using Held = std::tuple<ReserveId, u128, u128>;
    struct Account {
        Address address;
        ReserveSet collateral;
        std::uint8_t category;
        bool quarantined;
        std::vector<Held> holdings;
        bool operator==(const Account&) const = default;
    };
    std::vector<Account> accounts;
    std::vector<ReserveState> reserves;
    std::vector<CategoryState> categories;
    BasisPoints premium;
    bool operator==(const Picture&) const = default;
};

Picture picture(const Book& book) {
    Picture out;
    for (AccountId id = 0; id < book.size(); ++id) {
        Picture::Account account{
            book.address(id), book.collateral(id), book.category(id), book.quarantined(id), {}};
        for (const Book::Holding holding : book.holdings(id)) {
            account.holdings.emplace_back(holding.reserve, holding.position.supply, holding.position.debt);
        }
        if (book.find(account.address) != id) throw std::logic_error("address and account disagree");
        out.accounts.push_back(std::move(account));
    }
    for (ReserveId reserve = 0; reserve < kReserves; ++reserve) {
        out.reserves.push_back(book.reserve(reserve));
    }
    for (int category = 0; category < 4; ++category) {
        out.categories.push_back(book.category_state(static_cast<std::uint8_t>(category)));
    }
    out.premium = book.flash_premium();
    return out;
}

void write_at_random(BookWriter& writer) {
    const auto account = writer.account(who(*rc::gen::inRange<std::size_t>(0, kAddresses)));
    const auto reserve = *rc::gen::inRange<ReserveId>(0, kReserves);
    const auto value = *rc::gen::inRange<std::uint64_t>(0, 4);
    switch (*rc::gen::inRange(0, 8)) {
        case 0:
            writer.set_collateral(account, reserve, value % 2 == 0);
            break;
        case 1:
            writer.set_category(account, static_cast<std::uint8_t>(value));
            break;
        case 2:
            writer.quarantine(account);
            break;
        case 3: {
            ReserveState state = writer.book().reserve(reserve);
            state.debt_index += value;
            state.paused = value == 1;
            writer.set_reserve(reserve, state);
            break;
        }
        case 4:
            writer.set_category_state(static_cast<std::uint8_t>(value), {BasisPoints{value}, BasisPoints{9}});
            break;
        case 5:
            writer.set_flash_premium(BasisPoints{value});
            break;
        default:
            writer.set_position(account, reserve, {value, *rc::gen::inRange<std::uint64_t>(0, 3)});
            break;
    }
}

RC_GTEST_PROP(BookUndo, UndoingEveryBlockRestoresEveryPicture, ()) {
    Book book{64};
    book.reset(kReserves);
    std::vector<Picture> pictures;
    const auto blocks = *rc::gen::inRange<std::uint64_t>(1, 20);
    for (std::uint64_t number = 0; number < blocks; ++number) {
        pictures.push_back(picture(book));
        BookWriter writer{book, block(number)};
        const int writes = *rc::gen::inRange(0, 15);
        for (int i = 0; i < writes; ++i)
            write_at_random(writer);
    }
    for (std::uint64_t number = blocks; number-- > 0;) {
        RC_ASSERT(book.undo(block(number)) == Undo::done);
        RC_ASSERT(picture(book) == pictures[number]);
    }
}

}  // namespace
}  // namespace plimsoll::strategy
