// SPDX-License-Identifier: Apache-2.0
#include "chain/codec/abi_reader.hpp"
#include "chain/codec/abi_writer.hpp"
#include "chain/codec/selector.hpp"
#include "strategy/venues/aave_v3/balances.hpp"
#include "strategy/venues/aave_v3/events.hpp"
#include "strategy/venues/aave_v3/venue.hpp"

#include <bit>

// The part of AaveV3Venue that says how to call the pool and reads what came of it.
namespace plimsoll::strategy {

namespace {

int count(ReserveSet set) {
    return std::popcount(static_cast<std::uint64_t>(set)) +
           std::popcount(static_cast<std::uint64_t>(set >> 64U));
}

const U256 kMostPacked = (U256{1} << 128U) - U256{1};  // stands for the whole debt

}  // namespace

Call AaveV3Venue::encode(const Quote& quote) const {
    const U256& cover = quote.at_most.is_zero() ? quote.repaid.raw() : quote.at_most.raw();
    if (market_.packed_calls && cover < kMostPacked) {
        // CalldataLogic.decodeLiquidationCallParams: ids of 16 bits, the user, then amount and receiveAToken.
        const U256 collateral{market_.reserves[quote.collateral].pool_id};
        const U256 debt{market_.reserves[quote.debt].pool_id};
        const U256 user = quote.account_address.to_word().as_u256();
        codec::AbiWriter writer{codec::selector("liquidationCall(bytes32,bytes32)")};
        writer.u256(collateral | (debt << 16U) | (user << 32U)).u256(cover);
        return Call{params_.pool, writer.take()};
    }
    codec::AbiWriter writer{codec::selector("liquidationCall(address,address,address,uint256,bool)")};
    writer.address(quote.collateral_asset).address(quote.debt_asset).address(quote.account_address);
    writer.u256(cover).boolean(false);
    return Call{params_.pool, writer.take()};
}

Result<TokenAmount> AaveV3Venue::flash_fee(ReserveId asset, const TokenAmount& amount) const {
    if (!in_step_ || asset >= book_.reserve_count())
        return fail(Errc::refused, "the venue's state is not known");
    const ReserveState& state = book_.reserve(asset);
    if (!state.active || state.paused || !state.flash_enabled || amount.raw() > cash_.of(asset)) {
        return fail(Errc::refused, "no such flash loan of " + assets_[asset].symbol + " now");
    }
    try {
        return TokenAmount{aave_v3::flash_premium(*market_.rules, amount.raw(), book_.flash_premium())};
    } catch (const ArithmeticError&) {
        return fail(Errc::refused, "flash loan beyond all measure");
    }
}

void AaveV3Venue::reserves_of(AccountId account, std::vector<ReserveId>& out) const {
    const ReserveSet held = book_.collateral(account) | book_.debts(account);
    for (std::size_t i = 0; i < assets_.size(); ++i) {
        if ((held >> i & 1U) != 0) out.push_back(static_cast<ReserveId>(i));
    }
}

unsigned AaveV3Venue::assets_of(AccountId account) const {
    return static_cast<unsigned>(count(book_.collateral(account) | book_.debts(account)));
}

Result<LiquidationSeen> AaveV3Venue::expect(const Quote& quote, std::span<const Log> receipt_logs) const {
    for (const Log& log : receipt_logs) {
        if (log.address != params_.pool || log.topic0() != aave_v3::topics::kLiquidationCall ||
            log.topic_count != 4)
            continue;
        const Address collateral = Address::from_word(log.topics[1]);
        const Address debt = Address::from_word(log.topics[2]);
        if (!quote.collateral_asset.is_zero() && collateral != quote.collateral_asset) continue;
        if (!quote.debt_asset.is_zero() && debt != quote.debt_asset) continue;
        if (Address::from_word(log.topics[3]) != quote.account_address) continue;
        codec::AbiReader reader{log.data_view()};
        LiquidationSeen seen{params_.id, quote.account_address, collateral, debt, {}, {}, {}, {}, {}, {}};
        seen.repaid = TokenAmount{reader.u256()};
        seen.seized = TokenAmount{reader.u256()};
        seen.liquidator = reader.address();
        seen.transaction_hash = log.transaction_hash;
        seen.block_hash = log.block_hash;
        seen.block_number = log.block_number;
        PLIMSOLL_CHECK(reader.finish("LiquidationCall"));
        return seen;
    }
    return fail(Errc::not_found,
                "no LiquidationCall of " + to_string(quote.account_address) + " in the receipt");
}

}  // namespace plimsoll::strategy
