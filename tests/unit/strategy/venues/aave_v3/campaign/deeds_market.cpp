// SPDX-License-Identifier: Apache-2.0
#include "strategy/prices/price_leaves.hpp"
#include "strategy/venues/aave_v3/events.hpp"
#include "strategy/venues/aave_v3/math.hpp"
#include "tests/unit/strategy/venues/aave_v3/campaign/deeds.hpp"
#include "tests/unit/strategy/venues/aave_v3/campaign/oracle.hpp"

#include <algorithm>
#include <cmath>

namespace plimsoll::strategy::aave_v3::campaign {

namespace {

ReserveId some_reserve(Chance& chance) {
    return static_cast<ReserveId>(chance.below(kReserves));
}

U256 moved_by(const U256& answer, double factor) {
    const auto parts = static_cast<std::uint64_t>(factor * 1e9);
    return answer * U256{parts} / U256{1'000'000'000} + U256{1};
}

/// The aggregator's answer times `factor`, back towards where it began if it has gone far.
void move_answer(Pool& pool, ReserveId reserve, double factor) {
    MarketRecord& market = pool.record().market;
    const ReserveId own = aggregator_of(reserve);
    U256& answer = market.answers.at(own);
    const double first = is_product(own) ? 1.1e18 : first_price(own);
    const double gone = answer.to_double() / first;
    if (gone > 2.0) factor = std::min(factor, 0.7);
    if (gone < 0.5) factor = std::max(factor, 1.3);
    answer = moved_by(answer, factor);
    if (!is_polled(reserve)) pool.logs.push_back(answer_log(own, answer));  // else nobody tells
}

void move_some(Pool& pool, Chance& chance, double spread) {
    for (std::uint64_t left = chance.between(std::uint64_t{1}, 3); left != 0; --left)
        move_answer(pool, some_reserve(chance), 1.0 + chance.between(-spread, spread));
}

void crash(Pool& pool, Chance& chance) {
    const double factor = chance.between(0.6, 0.95);
    const auto first = static_cast<ReserveId>(chance.one_in(2) ? 0 : chance.below(kReserves - 6));
    for (ReserveId reserve = first; reserve < first + 6; ++reserve) {
        if (aggregator_of(reserve) == reserve) move_answer(pool, reserve, factor);
    }
}

void recover(Pool& pool) {
    for (ReserveId reserve = 0; reserve < kReserves; ++reserve) {
        if (aggregator_of(reserve) != reserve || is_product(reserve)) continue;
        const double gone = pool.record().market.answers.at(reserve).to_double() / first_price(reserve);
        if (gone < 0.9 || gone > 1.1) move_answer(pool, reserve, std::sqrt(1.0 / gone));
    }
}

/// A polled asset loses its price.
void lose_price(Pool& pool, Chance& chance) {
    pool.record().market.instead.at(chance.between(std::uint64_t{kPolled}, kFragile - 1)) = U256{};
}

void find_prices(Pool& pool) {
    for (ReserveId reserve = kPolled; reserve < kFragile; ++reserve)
        pool.record().market.instead.at(reserve).reset();
}

/// What makes an event-driven price a polled one.
void break_feed(Pool& pool, Chance& chance) {
    const auto reserve = static_cast<ReserveId>(chance.between(std::uint64_t{kFragile}, kReserves - 1));
    MarketRecord& market = pool.record().market;
    const U256 price = market.answers.at(reserve);
    const std::uint64_t kind = chance.below(3);
    if (kind == 0) {
        market.instead.at(reserve) = U256{};
        pool.logs.push_back(answer_log(reserve, {}));
    } else if (kind == 1) {
        market.instead.at(reserve) = moved_by(price, chance.between(0.9, 1.1));
        pool.tell(kOracle, topics::kAssetSourceUpdated,
                  {underlying(reserve).to_word(), at(0x800 + reserve).to_word()}, {});
    } else {
        // The aggregator was replaced behind its proxy: no log.
        market.instead.at(reserve) = moved_by(price, chance.between(0.9, 1.1));
    }
}

void configure_threshold(Pool& pool, Chance& chance) {
    const ReserveId reserve = some_reserve(chance);
    ReserveState& state = pool.record().market.reserves[reserve];
    const std::uint64_t step = chance.below(400);
    const bool none = chance.one_in(12);
    state.threshold =
        BasisPoints{none ? 0 : std::clamp<std::uint64_t>(state.threshold.value + step - 200, 4'000, 9'000)};
    state.bonus = BasisPoints{10'000 + chance.below(1'500)};
    pool.tell(kConfigurator, topics::kCollateralConfiguration, {underlying(reserve).to_word()},
              {U256{0}, U256{state.threshold.value}, U256{state.bonus.value}});
}

void switch_flag(Pool& pool, Chance& chance) {
    const ReserveId reserve = some_reserve(chance);
    ReserveState& state = pool.record().market.reserves[reserve];
    const std::uint64_t kind = chance.below(4);
    const std::vector<Hash32> about{underlying(reserve).to_word()};
    const auto tell = [&](const Hash32& topic, bool& flag) {
        flag = !flag;
        pool.tell(kConfigurator, topic, about, {U256{flag ? 1U : 0U}});
    };
    if (kind == 0) return tell(topics::kReservePaused, state.paused);
    if (kind == 1) return tell(topics::kReserveFlashLoaning, state.flash_enabled);
    if (kind == 2) {
        const U256 old{state.protocol_fee.value};
        state.protocol_fee = BasisPoints{chance.below(2'000)};
        return pool.tell(kConfigurator, topics::kProtocolFeeChanged, about,
                         {old, U256{state.protocol_fee.value}});
    }
    state.grace_until = Timestamp{chance.one_in(2) ? pool.now().value + 3'600 : 0};
    if (state.grace_until.value != 0) {
        pool.tell(kConfigurator, topics::kGracePeriodChanged, about, {U256{state.grace_until.value}});
    } else {
        pool.tell(kConfigurator, topics::kGracePeriodDisabled, about, {});
    }
}

void change_category(Pool& pool, Chance& chance) {
    const auto id = chance.between(std::uint64_t{1}, kCategories - 1);
    MarketRecord& market = pool.record().market;
    if (chance.one_in(2)) {
        CategoryState& state = market.categories.at(id);
        state.threshold = BasisPoints{chance.between(std::uint64_t{8'500}, 9'700)};
        state.bonus = BasisPoints{chance.between(std::uint64_t{10'050}, 10'400)};
        pool.tell(
            kConfigurator, topics::kEModeCategoryAdded, {Hash32::from_u256(U256{id})},
            {U256{0}, U256{state.threshold.value}, U256{state.bonus.value}, U256{0}, U256{160}, U256{0}});
        return;
    }
    const ReserveId reserve = some_reserve(chance);
    const std::vector<Hash32> about{underlying(reserve).to_word()};
    if (pool.rules().categories == CategoryScheme::bitmaps) {
        CategoryState& state = market.categories.at(id);
        state.collateral ^= only(reserve);
        const bool inside = contains(state.collateral, reserve);
        return pool.tell(kConfigurator, topics::kEModeAssetCollateral, about,
                         {U256{id}, U256{inside ? 1U : 0U}});
    }
    std::uint64_t old = 0;
    for (std::uint64_t i = 1; i < kCategories; ++i) {
        CategoryState& state = market.categories.at(i);
        if (!contains(state.collateral, reserve)) continue;
        old = i;
        state.collateral &= ~only(reserve);
    }
    const std::uint64_t next = old == id ? 0 : id;
    if (next != 0) market.categories.at(next).collateral |= only(reserve);
    pool.tell(kConfigurator, topics::kEModeAssetCategory, about, {U256{old}, U256{next}});
}

void change_rates(Pool& pool, Chance& chance) {
    for (std::uint64_t left = chance.between(std::uint64_t{1}, 4); left != 0; --left) {
        const u128 thousandth = kRay.low128() / 1'000;
        const std::uint64_t debt = chance.one_in(20) ? chance.below(4'000) : chance.below(150);
        pool.set_rates(some_reserve(chance), thousandth * (debt / 2), thousandth * debt);
    }
}

}  // namespace

Log answer_log(ReserveId own, const U256& answer) {
    const U256 told = answer.is_zero() ? U256::max() : answer;
    return event(aggregator(own), kAnswerUpdated, {Hash32::from_u256(told), Hash32{}}, {U256{1}});
}

std::string_view price_deed(Pool& pool, Chance& chance) {
    const std::uint64_t kind = chance.below(100);
    if (kind < 55) return move_some(pool, chance, 0.001), "small tick";
    if (kind < 80) return move_some(pool, chance, 0.01), "tick";
    if (kind < 82) return crash(pool, chance), "crash";
    if (kind < 90) return recover(pool), "recovery";
    if (kind < 91) return lose_price(pool, chance), "price lost";
    if (kind < 95) return find_prices(pool), "prices found";
    if (kind == 95 && chance.one_in(12)) return break_feed(pool, chance), "feed broken";
    const auto polled = static_cast<ReserveId>(chance.between(std::uint64_t{kPolled}, kFragile - 1));
    return move_answer(pool, polled, 1.0 + chance.between(-0.02, 0.02)), "polled price";
}

std::string_view market_deed(Pool& pool, Chance& chance) {
    const std::uint64_t kind = chance.below(20);
    if (kind < 12) return change_rates(pool, chance), "rates";
    if (kind < 14) return configure_threshold(pool, chance), "configuration";
    if (kind < 16) return switch_flag(pool, chance), "flag";
    if (kind < 18) return change_category(pool, chance), "category";
    if (chance.one_in(3)) {
        bool& allowed = pool.record().market.liquidations_allowed;
        allowed = !allowed;
        return "sentinel";
    }
    return "nothing";
}

}  // namespace plimsoll::strategy::aave_v3::campaign
