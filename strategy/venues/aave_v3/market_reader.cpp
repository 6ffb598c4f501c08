// SPDX-License-Identifier: Apache-2.0
#include "strategy/venues/aave_v3/market_reader.hpp"

#include "chain/codec/abi_writer.hpp"
#include "strategy/venues/aave_v3/reserve_data.hpp"

#include <utility>

// The pool and its contracts, and the price sources. What is read of each reserve and category:
// market_reader_reserves.cpp.
namespace plimsoll::strategy::aave_v3 {

namespace {

using codec::AbiReader;
using codec::CallResult;
using codec::selector;

/// An L2Pool that is asked to liquidate nobody answers with an error of its own, a plain Pool with none.
Call packed_liquidation(const Address& pool) {
    codec::AbiWriter writer{selector("liquidationCall(bytes32,bytes32)")};
    writer.u256(U256{}).u256(U256{});
    return Call{pool, writer.take()};
}

}  // namespace

MarketReader::MarketReader(const Address& pool, std::size_t batch) : batch_{batch} {
    reading_.market.pool = pool;
    go_on(Round::pool,
          {plain_call(pool, selector("POOL_REVISION()")), plain_call(pool, selector("ADDRESSES_PROVIDER()")),
           plain_call(pool, selector("getReservesList()")),
           plain_call(pool, selector("FLASHLOAN_PREMIUM_TOTAL()")), packed_liquidation(pool)});
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
    const CallResult& first = calls_.answers().front();
    if (first.success && first.data.empty()) return fail(Errc::no_code, "no contract" + where);
    if (!first.success) return fail(Errc::unproven, "no Aave V3 pool" + where + ": POOL_REVISION() reverts");
    Answers answers{calls_.answers()};
    PLIMSOLL_TRY(const U256 revision, answers.number("POOL_REVISION()" + where));
    auto rules = rules_for(revision);
    if (!rules) return fail(rules.error().code, rules.error().context + ", the pool" + where);
    market.rules = *rules;
    market.revision = revision.low64();
    PLIMSOLL_TRY(market.provider, answers.address("ADDRESSES_PROVIDER()"));
    PLIMSOLL_TRY(AbiReader list, answers.open("getReservesList()"));
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
    PLIMSOLL_TRY(const U256 premium, answers.number("FLASHLOAN_PREMIUM_TOTAL()"));
    if (premium > U256{10'000}) return fail(Errc::malformed_reply, "flash premium above 100 %");
    reading_.flash_premium = BasisPoints{premium.low64()};
    const CallResult& packed = answers.next();
    market.packed_calls = !packed.success && !packed.data.empty();
    ask_contracts();
    return {};
}

void MarketReader::ask_contracts() {
    const Market& market = reading_.market;
    std::vector<Call> calls{plain_call(market.provider, selector("getPriceOracle()")),
                            plain_call(market.provider, selector("getPoolConfigurator()"))};
    if (rules().sentinel) {
        calls.push_back(plain_call(market.provider, selector("getPriceOracleSentinel()")));
    }
    for (const ReserveFacts& reserve : market.reserves) {
        calls.push_back(call_about(market.pool, selector("getReserveData(address)"), reserve.underlying));
        calls.push_back(plain_call(reserve.underlying, selector("symbol()")));
        if (!rules().grace_period) continue;
        calls.push_back(
            call_about(market.pool, selector("getLiquidationGracePeriod(address)"), reserve.underlying));
    }
    go_on(Round::contracts, std::move(calls));
}

Result<void> MarketReader::read_contracts() {
    Market& market = reading_.market;
    Answers answers{calls_.answers()};
    PLIMSOLL_TRY(market.oracle, answers.address("getPriceOracle()"));
    PLIMSOLL_TRY(market.configurator, answers.address("getPoolConfigurator()"));
    if (rules().sentinel) {
        PLIMSOLL_TRY(market.sentinel, answers.address("getPriceOracleSentinel()"));
    }
    reading_.states.resize(market.reserves.size());
    for (std::size_t i = 0; i < market.reserves.size(); ++i)
        PLIMSOLL_CHECK(read_reserve(i, answers));
    market.index();
    ask_reserves();
    return {};
}

Result<void> MarketReader::read_reserve(std::size_t index, Answers& answers) {
    ReserveFacts& facts = reading_.market.reserves[index];
    ReserveState& state = reading_.states[index];
    const std::string what = "getReserveData of " + to_string(facts.underlying);
    PLIMSOLL_TRY(AbiReader reader, answers.open(what));
    std::uint8_t category = 0;
    state = read_reserve_data(reader, facts, category);
    PLIMSOLL_CHECK(reader.finish(what));
    const CallResult& symbol = answers.next();
    facts.symbol = token_symbol(symbol.success ? symbol.data : BytesView{}, facts.underlying);
    if (rules().categories == CategoryScheme::one_of_the_reserve && category != 0) {
        reading_.categories[category].collateral |= only(static_cast<ReserveId>(index));
    }
    if (!rules().grace_period) return {};
    PLIMSOLL_TRY(const U256 until, answers.number("getLiquidationGracePeriod of " + facts.symbol));
    if (!until.fits64()) return fail(Errc::malformed_reply, "grace period beyond all time");
    state.grace_until = Timestamp{until.low64()};
    return {};
}

void MarketReader::ask_sources() {
    std::vector<Call> calls;
    for (const Address& feed : reading_.market.sequencer_feeds)
        calls.push_back(plain_call(feed, selector("aggregator()")));
    for (const ReserveFacts& reserve : reading_.market.reserves) {
        probes_.emplace_back(reserve.price_source);
        for (Call& call : probes_.back().first_calls())
            calls.push_back(std::move(call));
    }
    go_on(Round::sources, std::move(calls));
}

void MarketReader::read_sources() {
    std::span<const CallResult> answers = calls_.answers();
    if (std::vector<Address>& feeds = reading_.market.sequencer_feeds; !feeds.empty()) {
        // A feed that is no proxy tells its own events.
        const auto aggregator = Answers{answers.first(1)}.address("aggregator()");
        answers = answers.subspan(1);
        if (aggregator && !aggregator->is_zero()) feeds.push_back(*aggregator);
    }
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
