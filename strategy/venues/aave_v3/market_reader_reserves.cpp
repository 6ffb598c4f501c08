// SPDX-License-Identifier: Apache-2.0
#include "chain/codec/abi_writer.hpp"
#include "strategy/venues/aave_v3/market_reader.hpp"

#include <string>
#include <utility>

// The part of MarketReader that reads reserves, eMode categories and the sentinel.
namespace plimsoll::strategy::aave_v3 {

namespace {

using codec::AbiReader;
using codec::selector;

constexpr std::size_t kCategories = 255;
constexpr std::uint64_t kBaseUnit = 100'000'000;

Call about_category(const Address& pool, const codec::Selector& what, std::uint64_t category) {
    codec::AbiWriter writer{what};
    writer.u256(U256{category});
    return Call{pool, writer.take()};
}

}  // namespace

void MarketReader::ask_reserves() {
    const Market& market = reading_.market;
    std::vector<Call> calls{plain_call(market.oracle, selector("BASE_CURRENCY_UNIT()"))};
    if (!market.sentinel.is_zero()) {
        calls.push_back(plain_call(market.sentinel, selector("isLiquidationAllowed()")));
        calls.push_back(plain_call(market.sentinel, selector("getSequencerOracle()")));
    }
    ask_categories(calls);
    ask_totals(calls);
    go_on(Round::reserves, std::move(calls));
}

void MarketReader::ask_categories(std::vector<Call>& calls) const {
    const Address& pool = reading_.market.pool;
    for (std::uint64_t category = 1; category <= kCategories; ++category) {
        if (rules().categories == CategoryScheme::one_of_the_reserve) {
            calls.push_back(about_category(pool, selector("getEModeCategoryData(uint8)"), category));
            continue;
        }
        calls.push_back(about_category(pool, selector("getEModeCategoryCollateralConfig(uint8)"), category));
        calls.push_back(about_category(pool, selector("getEModeCategoryCollateralBitmap(uint8)"), category));
    }
}

void MarketReader::ask_totals(std::vector<Call>& calls) const {
    const Market& market = reading_.market;
    for (const ReserveFacts& reserve : market.reserves) {
        const Address& asset = reserve.underlying;
        calls.push_back(call_about(market.oracle, selector("getSourceOfAsset(address)"), asset));
        calls.push_back(call_about(market.oracle, selector("getAssetPrice(address)"), asset));
        calls.push_back(plain_call(reserve.a_token, selector("scaledTotalSupply()")));
        calls.push_back(plain_call(reserve.variable_debt_token, selector("scaledTotalSupply()")));
        calls.push_back(cash_call(market, reserve));
        if (rules().stable_debt)
            calls.push_back(plain_call(reserve.stable_debt_token, selector("totalSupply()")));
        if (rules().discounted_debt)
            calls.push_back(plain_call(reserve.variable_debt_token, selector("getDiscountToken()")));
    }
}

Result<void> MarketReader::read_sentinel(Answers& answers) {
    Market& market = reading_.market;
    if (market.sentinel.is_zero()) return {};
    PLIMSOLL_TRY(const U256 allowed, answers.number("isLiquidationAllowed()"));
    reading_.liquidations_allowed = !allowed.is_zero();
    PLIMSOLL_TRY(const Address feed, answers.address("getSequencerOracle()"));
    market.sequencer_feeds.assign(1, feed);
    return {};
}

u128 MarketReader::reserves_of_bitmap(const U256& bitmap) const {
    u128 out = 0;
    for (std::size_t i = 0; i < reading_.market.reserves.size(); ++i) {
        if (bitmap.bit(reading_.market.reserves[i].pool_id)) out |= only(static_cast<ReserveId>(i));
    }
    return out;
}

Result<void> MarketReader::read_category_with_source(std::uint8_t category, Answers& answers) {
    CategoryState& state = reading_.categories[category];
    PLIMSOLL_TRY(AbiReader outer, answers.open("getEModeCategoryData"));
    AbiReader reader = outer.dynamic();
    reader.skip(1);  // LTV: for borrowers only
    state.threshold = BasisPoints{reader.u64()};
    state.bonus = BasisPoints{reader.u64()};
    const Address price_source = reader.address();
    outer.absorb(reader);
    PLIMSOLL_CHECK(outer.finish("getEModeCategoryData"));
    if (price_source.is_zero()) return {};
    return fail(Errc::unproven,
                "eMode category " + std::to_string(category) + " with a price source of its own");
}

Result<void> MarketReader::read_category_with_bitmap(std::uint8_t category, Answers& answers) {
    CategoryState& state = reading_.categories[category];
    PLIMSOLL_TRY(AbiReader reader, answers.open("getEModeCategoryCollateralConfig"));
    reader.skip(1);  // LTV
    state.threshold = BasisPoints{reader.u64()};
    state.bonus = BasisPoints{reader.u64()};
    PLIMSOLL_CHECK(reader.finish("getEModeCategoryCollateralConfig"));
    PLIMSOLL_TRY(const U256 bitmap, answers.number("getEModeCategoryCollateralBitmap"));
    state.collateral = reserves_of_bitmap(bitmap);
    return {};
}

Result<void> MarketReader::read_categories(Answers& answers) {
    for (std::size_t i = 1; i <= kCategories; ++i) {
        const auto category = static_cast<std::uint8_t>(i);
        if (rules().categories == CategoryScheme::one_of_the_reserve) {
            PLIMSOLL_CHECK(read_category_with_source(category, answers));
        } else {
            PLIMSOLL_CHECK(read_category_with_bitmap(category, answers));
        }
    }
    return {};
}

Result<void> MarketReader::read_totals(std::size_t index, Answers& answers) {
    ReserveFacts& facts = reading_.market.reserves[index];
    PLIMSOLL_TRY(facts.price_source, answers.address("getSourceOfAsset"));
    // A price that cannot be had is none; the pool reverts with it, and the account is left alone.
    const auto price = answers.number("getAssetPrice");
    reading_.prices.push_back(price ? Usd{*price} : Usd{});
    PLIMSOLL_TRY(const u128 supply, answers.number128("scaledTotalSupply of " + facts.symbol));
    PLIMSOLL_TRY(const u128 debt, answers.number128("scaledTotalSupply of debt in " + facts.symbol));
    reading_.totals.push_back({supply, debt});
    // Cash that cannot be read is taken for none: nothing of this asset is seized then.
    const auto cash = answers.number("cash of " + facts.symbol);
    reading_.cash.push_back(cash ? *cash : U256{});
    return refuse_other_debt(facts, answers);
}

Result<void> MarketReader::refuse_other_debt(const ReserveFacts& facts, Answers& answers) {
    if (rules().stable_debt) {
        PLIMSOLL_TRY(const U256 stable, answers.number("totalSupply of stable debt in " + facts.symbol));
        if (!stable.is_zero()) return fail(Errc::unproven, "market with stable debt in " + facts.symbol);
    }
    if (!rules().discounted_debt) return {};
    const auto discount = answers.address("getDiscountToken()");  // only such debt tokens know the call
    if (!discount || discount->is_zero()) return {};
    return fail(Errc::unproven, "market with discounted debt in " + facts.symbol);
}

Result<void> MarketReader::read_reserves() {
    Answers answers{calls_.answers()};
    PLIMSOLL_TRY(const U256 unit, answers.number("BASE_CURRENCY_UNIT()"));
    if (unit != U256{kBaseUnit})
        return fail(Errc::unproven, "oracle with base unit " + to_decimal(unit) + ", not 100000000");
    PLIMSOLL_CHECK(read_sentinel(answers));
    PLIMSOLL_CHECK(read_categories(answers));
    for (std::size_t i = 0; i < reading_.market.reserves.size(); ++i)
        PLIMSOLL_CHECK(read_totals(i, answers));
    ask_sources();
    return {};
}

}  // namespace plimsoll::strategy::aave_v3
