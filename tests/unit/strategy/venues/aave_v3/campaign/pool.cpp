// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/strategy/venues/aave_v3/campaign/pool.hpp"

#include "strategy/venues/aave_v3/events.hpp"
#include "strategy/venues/aave_v3/math.hpp"
#include "tests/unit/strategy/venues/aave_v3/scripted_market.hpp"

#include <algorithm>

namespace plimsoll::strategy::aave_v3::campaign {

void Pool::tell(const Address& emitter, const Hash32& topic, const std::vector<Hash32>& indexed,
                const std::vector<U256>& data) {
    logs.push_back(event(emitter, topic, indexed, data));
}

void Pool::grow(ReserveId reserve) {
    ReserveState& state = record_.market.reserves[reserve];
    const std::uint64_t elapsed = now_.value - state.updated.value;
    state.updated = now_;
    if (elapsed == 0) return;
    const U256 rate = U256::from_u128(state.debt_rate);
    const U256 income = linear_interest(U256::from_u128(state.supply_rate), elapsed);
    const U256 growth =
        rules_.first < 8 ? compounded_binomial(rate, elapsed) : compounded_taylor(rate, elapsed);
    state.supply_index = ray_mul_half_up(income, U256::from_u128(state.supply_index)).low128();
    state.debt_index = ray_mul_half_up(growth, U256::from_u128(state.debt_index)).low128();
}

void Pool::accrue(ReserveId reserve) {
    const ReserveState& state = record_.market.reserves[reserve];
    set_rates(reserve, state.supply_rate, state.debt_rate);
}

void Pool::set_rates(ReserveId reserve, u128 supply, u128 debt) {
    grow(reserve);
    ReserveState& state = record_.market.reserves[reserve];
    state.supply_rate = supply;
    state.debt_rate = debt;
    tell(kPool, topics::kReserveDataUpdated, {underlying(reserve).to_word()},
         {U256::from_u128(supply), U256{0}, U256::from_u128(debt), U256::from_u128(state.supply_index),
          U256::from_u128(state.debt_index)});
}

U256 Pool::index(ReserveId reserve, Side side) const {
    const ReserveState& state = record_.market.reserves[reserve];
    return U256::from_u128(side == Side::supply ? state.supply_index : state.debt_index);
}

U256 Pool::worth(const U256& scaled, ReserveId reserve, Side side) const {
    if (rules_.first < 9) return ray_mul_half_up(scaled, index(reserve, side));
    return side == Side::supply ? ray_mul_down(scaled, index(reserve, side))
                                : ray_mul_up(scaled, index(reserve, side));
}

U256 Pool::scaled_in(const U256& amount, ReserveId reserve, Side side) const {
    if (rules_.first < 9) return ray_div_half_up(amount, index(reserve, side));
    return side == Side::supply ? ray_div_down(amount, index(reserve, side))
                                : ray_div_up(amount, index(reserve, side));
}

U256 Pool::scaled_out(const U256& amount, ReserveId reserve, Side side) const {
    if (rules_.first < 9) return ray_div_half_up(amount, index(reserve, side));
    return side == Side::supply ? ray_div_up(amount, index(reserve, side))
                                : ray_div_down(amount, index(reserve, side));
}

U256 Pool::balance(AccountId who, ReserveId reserve, Side side) const {
    const Position position = record_[who].in(reserve);
    return worth(U256::from_u128(side == Side::supply ? position.supply : position.debt), reserve, side);
}

void Pool::put(AccountId who, ReserveId reserve, Side side, const U256& scaled) {
    Borrower& borrower = record_.change(who);
    Position position = borrower.in(reserve);
    (side == Side::supply ? position.supply : position.debt) = scaled.low128();
    borrower.put(reserve, position);
}

void Pool::mint(AccountId who, ReserveId reserve, Side side, const U256& amount, const U256& interest) {
    const Position position = record_[who].in(reserve);
    const U256 before = U256::from_u128(side == Side::supply ? position.supply : position.debt);
    const U256 after = before + scaled_in(amount, reserve, side);
    // From 3.5 on the tokens tell by how much the balance rose.
    const U256 told = rules_.first < 9 ? amount : worth(after, reserve, side) - worth(before, reserve, side);
    put(who, reserve, side, after);
    const Hash32 owner = Record::address(who).to_word();
    tell(side == Side::supply ? supply_token(reserve) : debt_token(reserve), topics::kMint, {owner, owner},
         {told + interest, interest, index(reserve, side)});
}

void Pool::burn(AccountId who, ReserveId reserve, Side side, const U256& amount, const U256& interest) {
    const Position position = record_[who].in(reserve);
    const U256 before = U256::from_u128(side == Side::supply ? position.supply : position.debt);
    const U256 all = worth(before, reserve, side);
    const U256 asked = std::min(amount, all);
    const U256 out = asked == all ? before : std::min(before, scaled_out(asked, reserve, side));
    const U256 told = rules_.first < 9 ? asked : all - worth(before - out, reserve, side);
    put(who, reserve, side, before - out);
    const Hash32 owner = Record::address(who).to_word();
    const Address token = side == Side::supply ? supply_token(reserve) : debt_token(reserve);
    if (told >= interest) {
        tell(token, topics::kBurn, {owner, owner}, {told - interest, interest, index(reserve, side)});
    } else {
        tell(token, topics::kMint, {owner, owner}, {interest - told, interest, index(reserve, side)});
    }
    const bool emptied = side == Side::supply && before == out;
    if (emptied && contains(record_[who].collateral, reserve)) set_collateral(who, reserve, false);
}

void Pool::transfer(AccountId from, AccountId to, ReserveId reserve, u128 scaled) {
    if (from == to) return;
    Position giver = record_[from].in(reserve);
    Position taker = record_[to].in(reserve);
    giver.supply -= scaled;
    taker.supply += scaled;
    record_.change(from).put(reserve, giver);
    record_.change(to).put(reserve, taker);
    tell(supply_token(reserve), topics::kBalanceTransfer,
         {Record::address(from).to_word(), Record::address(to).to_word()},
         {U256::from_u128(scaled), index(reserve, Side::supply)});
    const bool emptied = giver.supply == 0 && contains(record_[from].collateral, reserve);
    if (emptied) set_collateral(from, reserve, false);
}

void Pool::set_collateral(AccountId who, ReserveId reserve, bool used) {
    Borrower& borrower = record_.change(who);
    borrower.collateral = used ? borrower.collateral | only(reserve) : borrower.collateral & ~only(reserve);
    tell(kPool, used ? topics::kCollateralEnabled : topics::kCollateralDisabled,
         {underlying(reserve).to_word(), Record::address(who).to_word()}, {});
}

void Pool::set_category(AccountId who, std::uint8_t category) {
    record_.change(who).category = category;
    tell(kPool, topics::kUserEModeSet, {Record::address(who).to_word()}, {U256{category}});
}

void Pool::confuse(AccountId who, ReserveId reserve) {
    record_.change(who).quarantined = true;
    const Hash32 owner = Record::address(who).to_word();
    const U256 more = U256::from_u128(record_[who].in(reserve).supply) + U256{1};
    tell(supply_token(reserve), topics::kBalanceTransfer, {owner, owner},
         {more, index(reserve, Side::supply)});
    // The second half of it arrives.
    Position position = record_[who].in(reserve);
    position.supply += more.low128();
    record_.change(who).put(reserve, position);
}

void Pool::liquidated(AccountId who, ReserveId collateral, ReserveId debt, bool shares) {
    if (shares && rules_.first >= 9) grow(collateral);  // and no log tells it
    tell(kPool, topics::kLiquidationCall,
         {underlying(collateral).to_word(), underlying(debt).to_word(), Record::address(who).to_word()},
         {U256{1}, U256{1}, at(0x9999).to_word().as_u256(), U256{shares ? 1U : 0U}});
}

}  // namespace plimsoll::strategy::aave_v3::campaign
