// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/goals/synthetic_book.hpp"

#include "strategy/book/book_writer.hpp"
#include "strategy/venues/aave_v3/health.hpp"
#include "strategy/venues/aave_v3/math.hpp"
#include "tests/bench/goals/market.hpp"

#include <array>
#include <cmath>
#include <random>
#include <vector>

namespace plimsoll::bench {

namespace {

using strategy::AccountId;
using strategy::BookWriter;
using strategy::ReserveId;

constexpr std::uint8_t kEtherCategory = 1;

/// Writes one account after another. All randomness is its own: the standard's distributions are not the
/// same everywhere.
class Writer {
  public:
    Writer(strategy::Book& book, const strategy::PriceVector& prices)
        : book_{book}, writer_{BookWriter::baseline(book)} {
        for (std::size_t i = 0; i < book.reserve_count(); ++i) {
            const strategy::ReserveState& state = book.reserve(static_cast<ReserveId>(i));
            const double unit = std::pow(10.0, state.decimals);
            const double price = prices[i].raw().to_double();
            backing_.push_back(price / unit * static_cast<double>(state.supply_index) / 1e27);
            owed_.push_back(price / unit * static_cast<double>(state.debt_index) / 1e27);
        }
    }

    /// Half a thousandth above the line: what Ether falls in an event makes it sink.
    void victim() {
        const AccountId account = begin(0);
        supply(account, Market::kEther, 10 * 2'000e8);
        owe(account, Market::kDollar, weighted_ / 1.0005);
    }

    void other(std::uint64_t number) {
        const AccountId account = begin(number);
        const bool in_category = chance(0.1);
        if (in_category) category(account, kEtherCategory);
        const unsigned backings = 1 + static_cast<unsigned>(random_() % 3);
        const unsigned debts = 1 + static_cast<unsigned>(random_() % 2);
        for (unsigned i = 0; i < backings; ++i)
            supply(account, in_category ? ether_like() : asset(), std::pow(10.0, between(10, 14)));
        const double factor = health_factor();
        for (unsigned i = 0; i < debts; ++i)
            owe(account, in_category ? ether_like() : asset(), weighted_ / factor / debts);
    }

  private:
    double uniform() { return static_cast<double>(random_() >> 11U) * 0x1p-53; }
    double between(double least, double most) { return least + (most - least) * uniform(); }
    bool chance(double part) { return uniform() < part; }

    ReserveId ether_like() { return std::array<ReserveId, 6>{0, 2, 3, 4, 5, 6}.at(random_() % 6); }
    ReserveId asset() {
        return chance(0.05) ? ether_like() : static_cast<ReserveId>(random_() % Market::kReserves);
    }
    double health_factor() {
        const double place = uniform();
        if (place < 0.1) return between(1.002, 1.05);
        if (place < 0.3) return between(1.05, 1.2);
        return place < 0.7 ? between(1.2, 2) : between(2, 10);
    }

    AccountId begin(std::uint64_t number) {
        weighted_ = 0;
        category_ = 0;
        return writer_.account(strategy::aave_v3::at(kVictimAddress + number));
    }
    void category(AccountId account, std::uint8_t category) {
        category_ = category;
        writer_.set_category(account, category);
    }
    void supply(AccountId account, ReserveId reserve, double value) {
        strategy::Position position = book_.position(account, reserve);
        position.supply += static_cast<u128>(value / backing_[reserve]);
        writer_.set_position(account, reserve, position);
        writer_.set_collateral(account, reserve, true);
        const BasisPoints threshold = strategy::aave_v3::terms_for(book_, reserve, category_).threshold;
        weighted_ += value * static_cast<double>(threshold.value) / 1e4;
    }
    void owe(AccountId account, ReserveId reserve, double value) {
        strategy::Position position = book_.position(account, reserve);
        position.debt += static_cast<u128>(value / owed_[reserve]);
        writer_.set_position(account, reserve, position);
    }

    strategy::Book& book_;
    BookWriter writer_;
    std::vector<double> backing_;  // value of the smallest scaled part, by reserve
    std::vector<double> owed_;
    std::mt19937_64 random_{20'261'123};
    double weighted_ = 0;  // of the account in hand: collateral times threshold
    std::uint8_t category_ = 0;
};

}  // namespace

void fill(strategy::Book& book, const strategy::Book& like, const strategy::PriceVector& prices,
          std::size_t accounts) {
    book.reset(like.reserve_count());
    BookWriter market = BookWriter::baseline(book);
    for (std::size_t i = 0; i < like.reserve_count(); ++i) {
        const auto id = static_cast<ReserveId>(i);
        strategy::ReserveState state = like.reserve(id);
        state.supply_index += state.supply_index / 100 * (i + 1);
        state.debt_index += state.debt_index / 60 * (i + 1);
        market.set_reserve(id, state);
    }
    for (unsigned category = 0; category < 256; ++category) {
        const auto id = static_cast<std::uint8_t>(category);
        if (like.category_state(id) != strategy::CategoryState{})
            market.set_category_state(id, like.category_state(id));
    }
    market.set_flash_premium(like.flash_premium());
    Writer writer{book, prices};
    if (accounts != 0) writer.victim();
    for (std::size_t number = 1; number < accounts; ++number)
        writer.other(number);
}

}  // namespace plimsoll::bench
