// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/strategy/venues/aave_v3/campaign/oracle.hpp"

#include "chain/codec/abi_writer.hpp"
#include "chain/codec/multicall.hpp"
#include "strategy/venues/aave_v3/math.hpp"

#include <deque>
#include <string>
#include <variant>

namespace plimsoll::strategy::aave_v3::campaign {

namespace {

using Words = std::vector<U256>;

Bytes words_of(const Words& values) {
    codec::AbiWriter writer;
    for (const U256& value : values)
        writer.u256(value);
    return writer.take();
}

U256 word(const Address& address) {
    return address.to_word().as_u256();
}

std::uint8_t decimals_of(ReserveId reserve) {
    constexpr std::array<std::uint8_t, 5> kDecimals{18, 6, 18, 8, 18};
    return kDecimals.at(reserve % kDecimals.size());
}

void open_reserve(MarketRecord& market, ReserveId reserve, Chance& chance) {
    ReserveState& state = market.reserves[reserve];
    state.decimals = decimals_of(reserve);
    state.supply_index = kRay.low128() + kRay.low128() / 1'000 * chance.below(200);
    state.debt_index = kRay.low128() + kRay.low128() / 1'000 * chance.below(400);
    state.supply_rate = kRay.low128() / 1'000 * chance.below(60);
    state.debt_rate = kRay.low128() / 1'000 * chance.between(std::uint64_t{5}, 90);
    state.updated = head(kBootBlock).timestamp;
    state.threshold = BasisPoints{reserve == 5 ? 0 : 6'500 + 50 * chance.below(50)};
    state.bonus = BasisPoints{10'500};
    state.protocol_fee = BasisPoints{1'000};
    state.active = true;
    state.flash_enabled = true;
    market.answers.at(reserve) = is_product(reserve) ? U256{1'000'000 + chance.below(200'000)} * pow10(12)
                                                     : U256{static_cast<std::uint64_t>(first_price(reserve))};
}

std::uint64_t category_of(const MarketRecord& market, ReserveId reserve) {
    for (std::uint64_t i = 1; i < kCategories; ++i) {
        if (contains(market.categories.at(i).collateral, reserve)) return i;
    }
    return 0;
}

/// As ReserveConfiguration packs it.
U256 configuration(const ReserveState& state, std::uint64_t category) {
    return (U256{state.threshold.value} << 16U) + (U256{state.bonus.value} << 32U) +
           (U256{state.decimals} << 48U) + (U256{1} << 56U) + (U256{1} << 63U) +
           (U256{state.protocol_fee.value} << 152U) + (U256{category} << 168U);
}

void tell_tokens(ScriptedMarket& script, const MarketRecord& market, ReserveId reserve) {
    const ReserveState& state = market.reserves[reserve];
    const std::vector<Hash32> about{underlying(reserve).to_word()};
    const Address stable = at(0x500 + reserve);
    script.answer(kPool, "getReserveData(address)", about,
                  words_of({configuration(state, category_of(market, reserve)),
                            U256::from_u128(state.supply_index), U256::from_u128(state.supply_rate),
                            U256::from_u128(state.debt_index), U256::from_u128(state.debt_rate), U256{0},
                            U256{state.updated.value}, U256{reserve}, word(supply_token(reserve)),
                            word(stable), word(debt_token(reserve)), U256{1}, U256{0}, U256{0}, U256{0}}));
    script.answer(underlying(reserve), "symbol()", {},
                  codec::AbiWriter{}.text("T" + std::to_string(reserve)).take());
    script.answer(supply_token(reserve), "scaledTotalSupply()", {}, U256{0});
    script.answer(debt_token(reserve), "scaledTotalSupply()", {}, U256{0});
    script.answer(stable, "totalSupply()", {}, U256{0});
    script.answer(underlying(reserve), "balanceOf(address)", {supply_token(reserve).to_word()}, pow10(30));
    script.answer(kPool, "getLiquidationGracePeriod(address)", about, U256{0});
    script.answer(kPool, "getVirtualUnderlyingBalance(address)", about, pow10(30));
}

void tell_source(ScriptedMarket& script, const MarketRecord& market, ReserveId reserve) {
    const std::vector<Hash32> about{underlying(reserve).to_word()};
    const Address source = at(0x600 + reserve);
    script.answer(kOracle, "getSourceOfAsset(address)", about, word(source));
    script.answer(kOracle, "getAssetPrice(address)", about, oracle_price(market, reserve).raw());
    if (is_polled(reserve)) return;
    if (!is_product(reserve)) {
        script.answer(source, "aggregator()", {}, word(aggregator(reserve)));
        script.answer(source, "latestAnswer()", {}, market.answers.at(aggregator_of(reserve)));
        return;
    }
    const Address ratio = at(0x700 + reserve);
    script.answer(source, "ASSET_TO_PEG()", {}, word(ratio));
    script.answer(source, "PEG_TO_BASE()", {}, word(at(0x600)));
    script.answer(source, "DENOMINATOR()", {}, pow10(26));
    script.answer(source, "DECIMALS()", {}, U256{8});
    script.answer(ratio, "aggregator()", {}, word(aggregator(reserve)));
    script.answer(ratio, "latestAnswer()", {}, market.answers.at(reserve));
}

/// Categories 1 to 3 are in use from the start; 4 and 5 are empty.
void open_categories(ScriptedMarket& script, MarketRecord& market, std::uint64_t revision) {
    constexpr std::array<std::pair<ReserveId, ReserveId>, 4> kRanges{{{0, 0}, {0, 3}, {6, 9}, {22, 25}}};
    for (std::size_t i = 1; i < kRanges.size(); ++i) {
        CategoryState& state = market.categories.at(i);
        state.threshold = BasisPoints{9'000 + 100 * i};
        state.bonus = BasisPoints{10'100};
        for (ReserveId reserve = kRanges.at(i).first; reserve <= kRanges.at(i).second; ++reserve)
            state.collateral |= only(reserve);
    }
    if (revision < 5) {
        for (std::uint64_t i = 1; i < kCategories; ++i) {
            const CategoryState& state = market.categories.at(i);
            codec::AbiWriter tuple;
            tuple.u256(U256{state.threshold.value}).u256(U256{state.threshold.value});
            tuple.u256(U256{state.bonus.value}).address({}).text("label");
            script.answer(kPool, "getEModeCategoryData(uint8)", {Hash32::from_u256(U256{i})},
                          codec::AbiWriter{}.dynamic(tuple).take());
        }
        return;
    }
    script.become(revision);
    for (std::uint64_t i = 1; i < kCategories; ++i) {
        const CategoryState& state = market.categories.at(i);
        const std::vector<Hash32> about{Hash32::from_u256(U256{i})};
        script.answer(kPool, "getEModeCategoryCollateralConfig(uint8)", about,
                      words_of({U256{0}, U256{state.threshold.value}, U256{state.bonus.value}}));
        script.answer(kPool, "getEModeCategoryCollateralBitmap(uint8)", about,
                      U256::from_u128(state.collateral));
    }
}

}  // namespace

Address aggregator(ReserveId reserve) {
    return at(kFirstAggregator + aggregator_of(reserve));
}

double first_price(ReserveId reserve) {
    constexpr std::array<double, 6> kPrices{3e11, 1e8, 2e9, 6e12, 5e6, 1.5e10};
    return reserve < 4 ? kPrices[0] : kPrices.at(reserve % kPrices.size());
}

Usd oracle_price(const MarketRecord& market, ReserveId reserve) {
    if (market.instead.at(reserve)) return Usd{*market.instead.at(reserve)};
    const U256& own = market.answers.at(aggregator_of(reserve));
    if (!is_product(reserve)) return Usd{own};
    return Usd{own * market.answers[0] * pow10(8) / pow10(26)};
}

void open_market(ScriptedMarket& script, MarketRecord& market, std::uint64_t revision, Chance& chance) {
    script.logs.clear();  // nobody is there yet
    market.reserves.resize(kReserves);
    Words list{U256{32}, U256{kReserves}};
    for (ReserveId reserve = 0; reserve < kReserves; ++reserve) {
        open_reserve(market, reserve, chance);
        list.push_back(word(underlying(reserve)));
    }
    script.answer(kPool, "getReservesList()", {}, words_of(list));
    open_categories(script, market, revision);
    for (ReserveId reserve = 0; reserve < kReserves; ++reserve) {
        tell_tokens(script, market, reserve);
        tell_source(script, market, reserve);
    }
    script.answer(kProvider, "getPriceOracleSentinel()", {}, word(kSentinel));
    script.answer(kSentinel, "isLiquidationAllowed()", {}, U256{1});
    script.answer(kSentinel, "getSequencerOracle()", {}, word(at(0x111)));
}

ReadResult answer_prices(const MarketRecord& market, const ReadRequest& request) {
    std::deque<Bytes> data;
    std::vector<codec::CallResult> results;
    for (const Call& call : std::get<std::vector<Call>>(request.what)) {
        U256 value = pow10(30);  // a reserve's cash
        if (call.to == kOracle) value = oracle_price(market, call.data.at(4 + 31)).raw();
        if (call.to == kSentinel) value = U256{market.liquidations_allowed ? 1U : 0U};
        const bool told = call.to != kOracle || !value.is_zero();
        results.push_back({told, data.emplace_back(told ? words_of({value}) : Bytes{})});
    }
    return {request.id, request.block_hash, codec::encode_call_results(results)};
}

}  // namespace plimsoll::strategy::aave_v3::campaign
