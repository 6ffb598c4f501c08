// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/arithmetic_book.hpp"

#include "strategy/book/book_writer.hpp"
#include "strategy/venues/aave_v3/math.hpp"

#include <array>

namespace plimsoll::bench {

using strategy::BookWriter;
using strategy::ReserveId;

ArithmeticBook::ArithmeticBook(std::size_t accounts) {
    book_.reset(kReserves);
    for (std::size_t i = 0; i < kReserves; ++i)
        add_reserve(static_cast<ReserveId>(i));
    for (std::size_t i = 0; i < accounts; ++i)
        add_account(i);
}

void ArithmeticBook::add_reserve(ReserveId reserve) {
    strategy::ReserveState out;
    out.decimals = std::array<std::uint8_t, 4>{6, 8, 18, 18}[random_() % 4];
    out.supply_index = strategy::aave_v3::kRay.low128() + (u128{random_()} << 22U);
    out.debt_index = strategy::aave_v3::kRay.low128() + (u128{random_()} << 23U);
    out.supply_rate = strategy::aave_v3::kRay.low128() / 50;
    out.debt_rate = strategy::aave_v3::kRay.low128() / 25;
    out.updated = Timestamp{kNow - random_() % 3'600};
    out.threshold = BasisPoints{7'000 + random_() % 2'000};
    out.active = true;
    BookWriter::baseline(book_).set_reserve(reserve, out);
    prices_.emplace_back(U256{random_() % 1'000'000'000'000 + 10'000'000});
}

u128 ArithmeticBook::balance(ReserveId reserve) {
    const U256 worth = U256{random_() % 100'000'000'000'000 + 10'000'000'000};
    return (worth * pow10(book_.reserve(reserve).decimals) / prices_[reserve].raw()).low128();
}

void ArithmeticBook::add_account(std::uint64_t number) {
    BookWriter writer = BookWriter::baseline(book_);
    Address address;
    for (std::size_t i = 0; i < 8; ++i)
        address.bytes[i] = static_cast<std::uint8_t>(number >> (8 * i));
    const strategy::AccountId account = writer.account(address);
    const std::uint64_t collaterals = 1 + random_() % 3;
    const std::uint64_t debts = 1 + random_() % 2;
    for (std::uint64_t i = 0; i < collaterals + debts; ++i) {
        const auto reserve = static_cast<ReserveId>(random_() % kReserves);
        strategy::Position position = book_.position(account, reserve);
        (i < collaterals ? position.supply : position.debt) = balance(reserve);
        writer.set_position(account, reserve, position);
        if (i < collaterals) writer.set_collateral(account, reserve, true);
    }
}

strategy::aave_v3::Valuation ArithmeticBook::valuation(const strategy::aave_v3::Rules& rules) const {
    const Timestamp now{kNow};
    return {rules, book_, view_.at(rules, book_, now), prices_, now, true};
}

}  // namespace plimsoll::bench
