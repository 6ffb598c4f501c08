// SPDX-License-Identifier: Apache-2.0
#include "chain/codec/abi_reader.hpp"
#include "strategy/venues/aave_v3/events.hpp"
#include "strategy/venues/aave_v3/log_applier.hpp"

#include <string>

// The part of LogApplier that follows what the pool can pay out.
namespace plimsoll::strategy::aave_v3 {

namespace {

constexpr std::uint64_t kNoDebt = 0;  // interest rate mode of a flash loan that is paid back

/// What one event of the pool says about its cash, `amount` in or out.
struct CashFlow {
    bool in = true;
    U256 amount;
};

// Supply(reserve*, user, onBehalfOf*, amount, referral*), Withdraw(reserve*, user*, to*, amount),
// Borrow(reserve*, user, onBehalfOf*, amount, mode, rate, referral*), Repay(reserve*, user*, repayer*,
// amount, useATokens), FlashLoan(target*, initiator, asset*, amount, mode, premium, referral*),
// BackUnbacked(reserve*, backer*, amount, fee).
bool read_flow(const Hash32& topic, codec::AbiReader& reader, CashFlow& out) {
    if (topic == topics::kSupply || topic == topics::kBorrow) {
        reader.skip(1);
        out = {topic == topics::kSupply, reader.u256()};
    } else if (topic == topics::kWithdraw) {
        out = {false, reader.u256()};
    } else if (topic == topics::kRepay) {
        const U256 amount = reader.u256();
        out.amount = reader.boolean() ? U256{} : amount;
    } else if (topic == topics::kFlashLoan) {
        reader.skip(2);
        const std::uint64_t mode = reader.u64();
        const U256 premium = reader.u256();
        out.amount = mode == kNoDebt ? premium : U256{};
    } else if (topic == topics::kBackUnbacked) {
        out.amount = reader.u256();
        out.amount += reader.u256();
    } else {
        return false;
    }
    return true;
}

}  // namespace

Result<void> LogApplier::apply_cash(const Log& log) {
    codec::AbiReader reader{log.data_view()};
    CashFlow flow;
    try {
        if (!read_flow(log.topic0(), reader, flow)) return {};
        const std::size_t place = log.topic0() == topics::kFlashLoan ? 2 : 1;
        const auto reserve = market_.reserve_of(Address::from_word(log.topics[place]));
        if (log.topic_count <= place || !reserve || !reader.ok()) {
            return fail(Errc::malformed_input,
                        "a movement of cash with an impossible shape in " + to_string(log.transaction_hash));
        }
        if (flow.amount.is_zero()) return {};
        if (flow.in) {
            cash_.add(*reserve, flow.amount);
        } else {
            cash_.take(*reserve, flow.amount);
        }
    } catch (const ArithmeticError&) {
        return fail(Errc::malformed_input,
                    "a movement of cash beyond all measure in " + to_string(log.transaction_hash));
    }
    return {};
}

Result<void> LogApplier::apply_liquidation_cash(const LiquidationSeen& seen, bool in_shares) {
    const auto debt = market_.reserve_of(seen.debt_asset);
    const auto collateral = market_.reserve_of(seen.collateral_asset);
    if (!debt || !collateral) {
        return fail(Errc::malformed_input,
                    "a liquidation of an unknown reserve in " + to_string(seen.transaction_hash));
    }
    try {
        cash_.add(*debt, seen.repaid.raw());
    } catch (const ArithmeticError&) {
        return fail(Errc::malformed_input,
                    "a liquidation beyond all measure in " + to_string(seen.transaction_hash));
    }
    if (!in_shares) cash_.take(*collateral, seen.seized.raw());
    return {};
}

}  // namespace plimsoll::strategy::aave_v3
