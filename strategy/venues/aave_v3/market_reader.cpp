// SPDX-License-Identifier: Apache-2.0
#include "strategy/venues/aave_v3/market_reader.hpp"

#include "chain/codec/abi_reader.hpp"
#include "chain/codec/abi_writer.hpp"
#include "chain/codec/selector.hpp"
#include "strategy/venues/aave_v3/reserve_data.hpp"

#include <utility>

namespace plimsoll::strategy::aave_v3 {

namespace {

using codec::AbiReader;
using codec::AbiWriter;
using codec::CallResult;
using codec::selector;

constexpr std::size_t kContractCalls = 3;
constexpr std::size_t kCallsPerContract = 2;
constexpr std::size_t kCategories = 255;
constexpr std::size_t kOracleCalls = 1;
constexpr std::size_t kCallsPerReserve = 5;
constexpr std::uint64_t kBaseUnit = 100'000'000;

Call plain(const Address& to, const codec::Selector& what) {
    return Call{to, AbiWriter{what}.take()};
}

Call about(const Address& to, const codec::Selector& what, const Address& whom) {
    AbiWriter writer{what};
    writer.address(whom);
    return Call{to, writer.take()};
}

Result<AbiReader> open(const CallResult& answer, std::string_view what) {
    if (!answer.success) return fail(Errc::reverted, std::string{what} + " reverted");
    return AbiReader{answer.data};
}

Result<Address> address_of(const CallResult& answer, std::string_view what) {
    PLIMSOLL_TRY(AbiReader reader, open(answer, what));
    const Address out = reader.address();
    PLIMSOLL_CHECK(reader.finish(what));
    return out;
}

Result<U256> number_of(const CallResult& answer, std::string_view what) {
    PLIMSOLL_TRY(AbiReader reader, open(answer, what));
    const U256 out = reader.u256();
    PLIMSOLL_CHECK(reader.finish(what));
    return out;
}

Result<u128> scaled_total(const CallResult& answer, std::string_view what) {
    PLIMSOLL_TRY(const U256 value, number_of(answer, what));
    if (!value.fits128()) return fail(Errc::malformed_reply, std::string{what} + " exceeds 128 bits");
    return value.low128();
}

}  // namespace

MarketReader::MarketReader(const Address& pool, std::size_t batch) : batch_{batch} {
    reading_.market.pool = pool;
    go_on(Round::pool,
          {plain(pool, selector("POOL_REVISION()")), plain(pool, selector("ADDRESSES_PROVIDER()")),
           plain(pool, selector("getReservesList()")), plain(pool, selector("FLASHLOAN_PREMIUM_TOTAL()"))});
}

void MarketReader::go_on(Round round, std::vector<Call> calls) {
    round_ = round;
    calls_ = CallList{std::move(calls), batch_};
}

std::string_view MarketReader::step() const noexcept {
    switch (round_) {
        case Round::pool:
            return "pool";
        case Round::contracts:
            return "contracts";
        case Round::reserves:
            return "reserves";
        case Round::sources:
        case Round::legs:
            return "price sources";
        case Round::done:
            break;
    }
    return "market";
}

Result<void> MarketReader::advance() {
    switch (round_) {
        case Round::pool:
            return read_pool();
        case Round::contracts:
            return read_contracts();
        case Round::reserves:
            return read_reserves();
        case Round::sources:
            read_sources();
            break;
        case Round::legs:
            read_legs();
            break;
        case Round::done:
            break;
    }
    return {};
}

Result<void> MarketReader::read_pool() {
    Market& market = reading_.market;
    const std::string where = " at " + to_string(market.pool);
    const std::span<const CallResult> answers = calls_.answers();
    if (answers[0].success && answers[0].data.empty()) return fail(Errc::no_code, "no contract" + where);
    if (!answers[0].success)
        return fail(Errc::unproven, "no Aave V3 pool" + where + ": POOL_REVISION() reverts");
    PLIMSOLL_TRY(const U256 revision, number_of(answers[0], "POOL_REVISION()" + where));
    if (revision.is_zero() || revision > U256{kNewestProvenRevision}) {
        return fail(Errc::unproven, "pool revision " + to_decimal(revision) + where +
                                        "; proven are revisions 1 to 3 (Aave V3.0.x)");
    }
    market.revision = revision.low64();
    PLIMSOLL_TRY(market.provider, address_of(answers[1], "ADDRESSES_PROVIDER()"));
    PLIMSOLL_TRY(AbiReader list, open(answers[2], "getReservesList()"));
    AbiReader items = list.dynamic();
    const std::size_t count = items.length();
    for (std::size_t i = 0; i < count; ++i) {
        ReserveFacts facts;
        facts.underlying = items.address();
        market.reserves.push_back(std::move(facts));
    }
    list.absorb(items);
    PLIMSOLL_CHECK(list.finish("getReservesList()"));
    if (count > kMaxReserves) return fail(Errc::malformed_reply, "more than 128 reserves");
    PLIMSOLL_TRY(const U256 premium, number_of(answers[3], "FLASHLOAN_PREMIUM_TOTAL()"));
    if (premium > U256{10'000}) return fail(Errc::malformed_reply, "flash premium above 100 %");
    reading_.flash_premium = BasisPoints{premium.low64()};

    std::vector<Call> calls{plain(market.provider, selector("getPriceOracle()")),
                            plain(market.provider, selector("getPriceOracleSentinel()")),
                            plain(market.provider, selector("getPoolConfigurator()"))};
    for (const ReserveFacts& reserve : market.reserves) {
        calls.push_back(about(market.pool, selector("getReserveData(address)"), reserve.underlying));
        calls.push_back(plain(reserve.underlying, selector("symbol()")));
    }
    go_on(Round::contracts, std::move(calls));
    return {};
}

Result<void> MarketReader::read_reserve(const CallResult& data, const CallResult& symbol, std::size_t index) {
    ReserveFacts& facts = reading_.market.reserves[index];
    PLIMSOLL_TRY(AbiReader reader, open(data, "getReserveData of " + to_string(facts.underlying)));
    reading_.states[index] = read_reserve_data(reader, facts);
    PLIMSOLL_CHECK(reader.finish("getReserveData of " + to_string(facts.underlying)));
    facts.symbol = token_symbol(symbol.success ? symbol.data : BytesView{}, facts.underlying);
    return {};
}

Result<void> MarketReader::read_contracts() {
    Market& market = reading_.market;
    const std::span<const CallResult> answers = calls_.answers();
    PLIMSOLL_TRY(market.oracle, address_of(answers[0], "getPriceOracle()"));
    PLIMSOLL_TRY(const Address sentinel, address_of(answers[1], "getPriceOracleSentinel()"));
    if (!sentinel.is_zero()) {
        return fail(Errc::unproven, "market with a price oracle sentinel (" + to_string(sentinel) + ")");
    }
    PLIMSOLL_TRY(market.configurator, address_of(answers[2], "getPoolConfigurator()"));
    reading_.states.resize(market.reserves.size());
    for (std::size_t i = 0; i < market.reserves.size(); ++i) {
        const std::size_t at = kContractCalls + i * kCallsPerContract;
        PLIMSOLL_CHECK(read_reserve(answers[at], answers[at + 1], i));
    }
    market.index();
    ask_reserves();
    return {};
}

void MarketReader::ask_reserves() {
    const Market& market = reading_.market;
    std::vector<Call> calls{plain(market.oracle, selector("BASE_CURRENCY_UNIT()"))};
    for (std::uint64_t category = 1; category <= kCategories; ++category) {
        AbiWriter writer{selector("getEModeCategoryData(uint8)")};
        writer.u256(U256{category});
        calls.push_back(Call{market.pool, writer.take()});
    }
    for (const ReserveFacts& reserve : market.reserves) {
        calls.push_back(about(market.oracle, selector("getSourceOfAsset(address)"), reserve.underlying));
        calls.push_back(about(market.oracle, selector("getAssetPrice(address)"), reserve.underlying));
        calls.push_back(plain(reserve.a_token, selector("scaledTotalSupply()")));
        calls.push_back(plain(reserve.variable_debt_token, selector("scaledTotalSupply()")));
        calls.push_back(plain(reserve.stable_debt_token, selector("totalSupply()")));
    }
    go_on(Round::reserves, std::move(calls));
}

Result<void> MarketReader::read_category(std::uint8_t category, const CallResult& answer) {
    PLIMSOLL_TRY(AbiReader outer, open(answer, "getEModeCategoryData"));
    AbiReader reader = outer.dynamic();
    reader.skip(1);  // LTV: for borrowers only
    reading_.categories[category].threshold = BasisPoints{reader.u64()};
    reading_.categories[category].bonus = BasisPoints{reader.u64()};
    const Address price_source = reader.address();
    outer.absorb(reader);
    PLIMSOLL_CHECK(outer.finish("getEModeCategoryData"));
    if (price_source.is_zero()) return {};
    return fail(Errc::unproven,
                "eMode category " + std::to_string(category) + " with a price source of its own");
}

Result<void> MarketReader::read_totals(std::size_t index, std::size_t at) {
    const std::span<const CallResult> answers = calls_.answers();
    ReserveFacts& facts = reading_.market.reserves[index];
    PLIMSOLL_TRY(facts.price_source, address_of(answers[at], "getSourceOfAsset"));
    // A price that cannot be had is none; the pool reverts with it, and the account is left alone.
    const auto price = number_of(answers[at + 1], "getAssetPrice");
    reading_.prices.push_back(price ? Usd{*price} : Usd{});
    PLIMSOLL_TRY(const u128 supply, scaled_total(answers[at + 2], "scaledTotalSupply of " + facts.symbol));
    PLIMSOLL_TRY(const u128 debt,
                 scaled_total(answers[at + 3], "scaledTotalSupply of debt in " + facts.symbol));
    reading_.totals.push_back({supply, debt});
    PLIMSOLL_TRY(const U256 stable,
                 number_of(answers[at + 4], "totalSupply of stable debt in " + facts.symbol));
    if (stable.is_zero()) return {};
    return fail(Errc::unproven, "market with stable debt in " + facts.symbol);
}

Result<void> MarketReader::read_reserves() {
    const std::span<const CallResult> answers = calls_.answers();
    PLIMSOLL_TRY(const U256 unit, number_of(answers[0], "BASE_CURRENCY_UNIT()"));
    if (unit != U256{kBaseUnit})
        return fail(Errc::unproven, "oracle with base unit " + to_decimal(unit) + ", not 100000000");
    for (std::size_t i = 1; i <= kCategories; ++i) {
        PLIMSOLL_CHECK(read_category(static_cast<std::uint8_t>(i), answers[kOracleCalls + i - 1]));
    }
    for (std::size_t i = 0; i < reading_.market.reserves.size(); ++i) {
        PLIMSOLL_CHECK(read_totals(i, kOracleCalls + kCategories + i * kCallsPerReserve));
    }
    ask_sources();
    return {};
}

void MarketReader::ask_sources() {
    std::vector<Call> calls;
    for (const ReserveFacts& reserve : reading_.market.reserves) {
        probes_.emplace_back(reserve.price_source);
        for (Call& call : probes_.back().first_calls())
            calls.push_back(std::move(call));
    }
    go_on(Round::sources, std::move(calls));
}

void MarketReader::read_sources() {
    std::span<const CallResult> answers = calls_.answers();
    for (std::size_t i = 0; i < probes_.size(); ++i) {
        if (reading_.market.reserves[i].price_source.is_zero()) continue;
        probes_[i].accept_first(answers.first(SourceProbe::kFirstCalls));
        answers = answers.subspan(SourceProbe::kFirstCalls);
    }
    ask_legs();
}

void MarketReader::ask_legs() {
    std::vector<Call> calls;
    for (const SourceProbe& probe : probes_) {
        for (Call& call : probe.second_calls())
            calls.push_back(std::move(call));
    }
    go_on(Round::legs, std::move(calls));
}

void MarketReader::read_legs() {
    std::span<const CallResult> answers = calls_.answers();
    for (SourceProbe& probe : probes_) {
        if (!probe.second_calls().empty()) {
            probe.accept_second(answers.first(SourceProbe::kSecondCalls));
            answers = answers.subspan(SourceProbe::kSecondCalls);
        }
        probe.collect(reading_.answers);
        reading_.sources.push_back(probe.source());
    }
    go_on(Round::done, {});
}

}  // namespace plimsoll::strategy::aave_v3
