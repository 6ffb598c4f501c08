// SPDX-License-Identifier: Apache-2.0
#include "strategy/venues/aave_v3/log_applier.hpp"

#include "chain/codec/abi_reader.hpp"
#include "strategy/venues/aave_v3/events.hpp"
#include "strategy/venues/aave_v3/market_view.hpp"

#include <algorithm>
#include <optional>
#include <string>

namespace plimsoll::strategy::aave_v3 {

namespace {

constexpr std::uint64_t kStableMode = 1;

tl::unexpected<Error> malformed(const Log& log, std::string_view event) {
    return fail(Errc::malformed_input,
                std::string{event} + " with an impossible shape in " + to_string(log.transaction_hash));
}

tl::unexpected<Error> must_be_read_again(const Log& log, std::string_view what) {
    return fail(Errc::not_found, std::string{what} + " in " + to_string(log.transaction_hash));
}

}  // namespace

Result<void> LogApplier::apply(const Log& log) {
    if (log.removed || log.topic_count == 0) return {};
    if (const auto role = market_.role_of(log.address)) return apply_token(log, *role);
    if (log.address == market_.pool) return apply_pool(log);
    if (log.address == market_.configurator) return apply_configurator(log);
    if (log.address == market_.oracle) return apply_oracle(log);
    if (log.address == market_.provider) return apply_provider(log);
    // The sequencer went or came back: not before the sentinel is asked again.
    const auto& feeds = market_.sequencer_feeds;
    const bool of_sequencer = std::find(feeds.begin(), feeds.end(), log.address) != feeds.end();
    if (of_sequencer && log.topic0() == kAnswerUpdated) liquidations_allowed_ = false;
    leaves_.apply(log, changes_.prices);
    return {};
}

AccountId LogApplier::touched(const Address& who) {
    const AccountId account = writer_.account(who);
    changes_.accounts.push_back(account);
    return account;
}

Result<ReserveId> LogApplier::reserve_in(const Log& log) const {
    const auto reserve = market_.reserve_of(Address::from_word(log.topics[1]));
    if (log.topic_count < 2 || !reserve) return malformed(log, "an event about an unknown reserve");
    return *reserve;
}

Result<void> LogApplier::apply_pool(const Log& log) {
    const Hash32& topic = log.topic0();
    if (topic == topics::kReserveDataUpdated) return apply_reserve_data(log);
    if (topic == topics::kUpgraded) return must_be_read_again(log, "the pool's implementation was replaced");
    PLIMSOLL_CHECK(apply_cash(log));
    return apply_pool_position(log);
}

Result<void> LogApplier::apply_pool_position(const Log& log) {
    const Hash32& topic = log.topic0();
    if (topic == topics::kCollateralEnabled) return apply_collateral(log, true);
    if (topic == topics::kCollateralDisabled) return apply_collateral(log, false);
    if (topic == topics::kLiquidationCall) return apply_liquidation(log);
    if (topic == topics::kBorrow || topic == topics::kSwapBorrowRateMode) return apply_rate_mode(log);
    if (topic != topics::kUserEModeSet) return {};
    codec::AbiReader reader{log.data_view()};
    const std::uint64_t category = reader.u64();
    if (log.topic_count != 2 || !reader.ok() || category > 255) return malformed(log, "UserEModeSet");
    writer_.set_category(touched(Address::from_word(log.topics[1])), static_cast<std::uint8_t>(category));
    return {};
}

Result<void> LogApplier::apply_reserve_data(const Log& log) {
    PLIMSOLL_TRY(const ReserveId reserve, reserve_in(log));
    codec::AbiReader reader{log.data_view()};
    ReserveState state = writer_.book().reserve(reserve);
    state.supply_rate = reader.u128_value();
    reader.skip(1);  // stable rate
    state.debt_rate = reader.u128_value();
    state.supply_index = reader.u128_value();
    state.debt_index = reader.u128_value();
    state.updated = block_.timestamp;
    if (!reader.ok()) return malformed(log, "ReserveDataUpdated");
    writer_.set_reserve(reserve, state);
    return {};
}

Result<void> LogApplier::apply_collateral(const Log& log, bool used) {
    PLIMSOLL_TRY(const ReserveId reserve, reserve_in(log));
    if (log.topic_count != 3) return malformed(log, "ReserveUsedAsCollateral");
    writer_.set_collateral(touched(Address::from_word(log.topics[2])), reserve, used);
    return {};
}

// Stable debt is not followed: who touches it is never acted on.
Result<void> LogApplier::apply_rate_mode(const Log& log) {
    codec::AbiReader reader{log.data_view()};
    const bool borrow = log.topic0() == topics::kBorrow;
    if (borrow) reader.skip(2);  // caller, amount
    const std::uint64_t mode = reader.u64();
    if (log.topic_count < 3 || !reader.ok()) return malformed(log, "Borrow or SwapBorrowRateMode");
    if (borrow && mode != kStableMode) return {};
    writer_.quarantine(touched(Address::from_word(log.topics[2])));
    return {};
}

Result<void> LogApplier::apply_liquidation(const Log& log) {
    codec::AbiReader reader{log.data_view()};
    LiquidationSeen seen;
    seen.repaid = TokenAmount{reader.u256()};
    seen.seized = TokenAmount{reader.u256()};
    seen.liquidator = reader.address();
    const bool in_shares = reader.boolean();
    if (log.topic_count != 4 || !reader.ok()) return malformed(log, "LiquidationCall");
    seen.venue = venue_;
    seen.collateral_asset = Address::from_word(log.topics[1]);
    seen.debt_asset = Address::from_word(log.topics[2]);
    seen.account = Address::from_word(log.topics[3]);
    seen.transaction_hash = log.transaction_hash;
    seen.block_hash = block_.hash;
    seen.block_number = block_.number;
    // The debt's burn came before.
    const std::optional<AccountId> account = writer_.book().find(seen.account);
    seen.indexed =
        account && std::find(surprising_.begin(), surprising_.end(), *account) == surprising_.end();
    changes_.liquidations.push_back(seen);
    PLIMSOLL_CHECK(apply_silent_accrual(seen, in_shares));
    return apply_liquidation_cash(seen, in_shares);
}

// LiquidationLogic.executeLiquidationCall brings both reserves up to date; of a collateral that is handed
// over as shares the rates stay, so that no ReserveDataUpdated follows. The pool leaves the debt index of a
// reserve without any debt alone; nobody's position hangs on that one.
Result<void> LogApplier::apply_silent_accrual(const LiquidationSeen& seen, bool in_shares) {
    if (!market_.rules->silent_accrual || !in_shares) return {};
    const auto reserve = market_.reserve_of(seen.collateral_asset);
    if (!reserve) return {};  // refused where its cash is followed
    ReserveState state = writer_.book().reserve(*reserve);
    const ReserveView now = accrued(*market_.rules, state, block_.timestamp);
    if (now.broken || !now.income.fits128() || !now.debt_index.fits128()) {
        return fail(Errc::malformed_input,
                    "indices beyond all measure in " + to_string(seen.transaction_hash));
    }
    state.supply_index = now.income.low128();
    state.debt_index = now.debt_index.low128();
    state.updated = block_.timestamp;
    writer_.set_reserve(*reserve, state);
    return {};
}

// More leaves than there was, or something else than there can be: a log was missed long ago. Nothing is sure
// about this account any more.
void LogApplier::settle(AccountId account, TokenRole role, const std::optional<U256>& scaled) {
    if (!scaled || !scaled->fits128()) {
        surprising_.push_back(account);
        return writer_.quarantine(account);
    }
    Position position = writer_.book().position(account, role.reserve);
    (role.side == TokenSide::supply ? position.supply : position.debt) = scaled->low128();
    writer_.set_position(account, role.reserve, position);
}

namespace {

U256 scaled_balance(const Book& book, AccountId account, TokenRole role) {
    const Position position = book.position(account, role.reserve);
    return U256::from_u128(role.side == TokenSide::supply ? position.supply : position.debt);
}

}  // namespace

void LogApplier::move(const Address& who, TokenRole role, const U256& scaled, bool up) {
    const AccountId account = touched(who);
    const U256 old = scaled_balance(writer_.book(), account, role);
    if (!up && old < scaled) return settle(account, role, std::nullopt);
    settle(account, role, up ? old + scaled : old - scaled);
}

Result<void> LogApplier::apply_token(const Log& log, TokenRole role) {
    const Hash32& topic = log.topic0();
    if (topic == topics::kUpgraded) return must_be_read_again(log, "a token's implementation was replaced");
    if (log.topic_count != 3) return {};
    try {
        if (topic == topics::kMint) return apply_balance(log, role, true);
        if (topic == topics::kBurn) return apply_balance(log, role, false);
        if (topic == topics::kBalanceTransfer) return apply_transfer(log, role);
    } catch (const ArithmeticError&) {
        return malformed(log, "a token event");
    }
    return {};
}

// Mint(caller, onBehalfOf, value, balanceIncrease, index) and Burn(from, target, value, balanceIncrease,
// index).
Result<void> LogApplier::apply_balance(const Log& log, TokenRole role, bool mint) {
    codec::AbiReader reader{log.data_view()};
    TokenEvent told;
    told.mint = mint;
    told.value = reader.u256();
    told.increase = reader.u256();
    told.index = reader.u256();
    if (!reader.ok()) return malformed(log, mint ? "Mint" : "Burn");
    const AccountId account = touched(Address::from_word(log.topics[mint ? 2 : 1]));
    const U256 before = scaled_balance(writer_.book(), account, role);
    settle(account, role, scaled_after(*market_.rules, role.side, before, told));
    return {};
}

// BalanceTransfer(from, to, value, index): value is scaled already.
Result<void> LogApplier::apply_transfer(const Log& log, TokenRole role) {
    codec::AbiReader reader{log.data_view()};
    const U256 scaled = reader.u256();
    if (!reader.ok()) return malformed(log, "BalanceTransfer");
    move(Address::from_word(log.topics[1]), role, scaled, false);
    move(Address::from_word(log.topics[2]), role, scaled, true);
    return {};
}

}  // namespace plimsoll::strategy::aave_v3
