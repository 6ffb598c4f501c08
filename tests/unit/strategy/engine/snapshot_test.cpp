// SPDX-License-Identifier: Apache-2.0
// An engine as bytes: whoever takes them up goes on as if nothing had happened.
#include "strategy/snapshot/envelope.hpp"
#include "tests/unit/strategy/scripted/stage.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <stdexcept>
#include <tuple>

namespace plimsoll::strategy::scripted {
namespace {

Market market_with_borrowers(std::size_t count) {
    Market market = three_assets();
    for (std::size_t i = 0; i < count; ++i) {
        const AccountId id = market.add_holder(address_of(0xA000 + i));
        market.holders[id].collateral[kEther] = ether(10);
        market.holders[id].debt[kDollar] = dollars(9'000 + 500 * i);
    }
    return market;
}

ScriptedChain deep_pools(const Market& market) {
    ScriptedChain chain;
    add_deep_pools(chain, market);
    return chain;
}

Bytes saved(const Stage& stage) {
    auto bytes = stage.engine().save();
    if (!bytes) throw std::logic_error{bytes.error().context};
    return *bytes;
}

/// A second engine, on a market of which it only has the addresses, that takes up the snapshot of the first.
struct Pair {
    explicit Pair(const Market& market)
        : went_on{market, deep_pools(market), default_params(market)},
          loaded{market, deep_pools(market), default_params(market)} {
        went_on.boot();
        went_on.take();
    }
    Result<Head> hand_over() {
        loaded.number = went_on.number;
        loaded.time = went_on.time;
        loaded.heads = {went_on.heads.back()};
        loaded.chain = went_on.chain;
        return loaded.engine().load(saved(went_on));
    }
    Stage went_on;
    Stage loaded;
};

TEST(EngineSnapshot, IsOnlyMadeWhenReadyAndTakenUpAtTheBeginning) {
    const Market market = market_with_borrowers(3);
    Stage stage{market};
    EXPECT_EQ(stage.engine().save().error().code, Errc::refused);
    stage.boot();
    const Bytes bytes = saved(stage);
    EXPECT_EQ(stage.engine().load(bytes).error().code, Errc::refused);
}

TEST(EngineSnapshot, IsTheSameAgainAndTheEngineIsReadyWithTheNextBlockWithoutReadingTheMarket) {
    Pair pair{market_with_borrowers(5)};
    const auto head = pair.hand_over();
    ASSERT_TRUE(head) << head.error().context;
    EXPECT_EQ(*head, pair.went_on.heads.back());
    EXPECT_EQ(pair.loaded.engine().state(), EngineState::bootstrapping);
    EXPECT_EQ(pair.loaded.engine().watch().addresses, pair.went_on.engine().watch().addresses);
    EXPECT_EQ(pair.loaded.engine().watch().topics, pair.went_on.engine().watch().topics);
    pair.went_on.block();
    pair.loaded.block();
    ASSERT_EQ(pair.loaded.engine().state(), EngineState::ready);
    EXPECT_EQ(pair.loaded.engine().counts().resyncs, 0U);
    EXPECT_EQ(pair.loaded.engine().counts().pools, 3U);
    EXPECT_TRUE(pair.loaded.watches.empty());  // the shell has it from the engine
    EXPECT_EQ(saved(pair.loaded), saved(pair.went_on));
}

TEST(EngineSnapshot, CutOrChangedAnywhereItIsRefusedAndTheEngineBeginsAsEver) {
    const Market market = market_with_borrowers(2);
    Stage first{market};
    first.boot();
    const Bytes good = saved(first);
    Stage other{market};
    for (std::size_t size = 0; size < good.size(); size += 1 + size / 16) {
        const auto cut = other.engine().load(BytesView{good}.first(size));
        ASSERT_FALSE(cut) << size;
        EXPECT_EQ(cut.error().code, Errc::malformed_input);
    }
    for (std::size_t bit = 0; bit < good.size() * 8; bit += 1 + bit / 64) {
        Bytes flipped = good;
        flipped[bit / 8] = static_cast<std::uint8_t>(flipped[bit / 8] ^ (1U << (bit % 8)));
        ASSERT_FALSE(other.engine().load(flipped)) << bit;
    }
    EXPECT_EQ(other.engine().state(), EngineState::waiting);
    other.boot();
    EXPECT_EQ(saved(other), good);
}

TEST(EngineSnapshot, OfAnotherVersionChainConfigurationOrMarketIsRefused) {
    const Market market = market_with_borrowers(2);
    Stage first{market};
    first.boot();
    Bytes newer = saved(first);
    newer[8] = kSnapshotVersion + 1;
    Stage same{market};
    const auto version = same.engine().load(newer);
    ASSERT_FALSE(version);
    EXPECT_NE(version.error().context.find("version 2"), std::string::npos);

    const auto with = [&](auto&& change) {
        EngineParams params = default_params(market);
        Market theirs = market;
        change(params, theirs);
        Stage stage{theirs, deep_pools(theirs), params};
        const auto loaded = stage.engine().load(saved(first));
        EXPECT_FALSE(loaded);
        return loaded ? Errc{} : loaded.error().code;
    };
    EXPECT_EQ(with([](EngineParams& p, Market&) { p.chain = ChainId{1}; }), Errc::wrong_chain);
    EXPECT_EQ(with([](EngineParams& p, Market&) { p.uniswap.factory = address_of(1); }),
              Errc::config_invalid);
    EXPECT_EQ(with([](EngineParams& p, Market&) { p.intermediates = {address_of(1)}; }),
              Errc::config_invalid);
    EXPECT_EQ(with([](EngineParams&, Market& m) { m.address = address_of(9); }), Errc::config_invalid);
}

/// The content may be anything although the envelope is whole.
RC_GTEST_PROP(EngineSnapshotProperty, HostileContentIsRefusedWithinBounds, ()) {
    const Market market = market_with_borrowers(2);
    static const Bytes good = [&] {
        Stage first{market};
        first.boot();
        return saved(first);
    }();
    const auto content = open_snapshot(good, ChainId{31337});
    Bytes changed{content->begin(), content->end()};
    for (int times = *rc::gen::inRange(1, 4); times > 0; --times) {
        const auto place = *rc::gen::inRange<std::size_t>(0, changed.size());
        changed[place] = *rc::gen::arbitrary<std::uint8_t>();
    }
    changed.resize(*rc::gen::weightedElement<std::size_t>(
        {{3, changed.size()}, {1, *rc::gen::inRange<std::size_t>(0, changed.size())}}));
    Stage stage{market, deep_pools(market), default_params(market)};
    const auto loaded = stage.engine().load(seal_snapshot(ChainId{31337}, changed));
    const EngineState expected = loaded ? EngineState::bootstrapping : EngineState::waiting;
    RC_ASSERT(stage.engine().state() == expected);
}

std::uint64_t drawn(std::uint64_t low, std::uint64_t high) {
    return *rc::gen::inRange<std::uint64_t>(low, high);
}

/// The same random logs for both.
std::vector<Log> some_logs(const Market& market) {
    std::vector<Log> out;
    for (std::uint64_t left = drawn(0, 4); left > 0; --left) {
        const auto account = static_cast<AccountId>(drawn(0, market.holders.size()));
        if (drawn(0, 3) == 0) {
            out.push_back(market.position_log(account, kDollar, {}, dollars(drawn(5'000, 16'000))));
        } else {
            out.push_back(market.price_log(kEther, usd(drawn(1'000, 2'200))));
        }
    }
    return out;
}

/// What is comparable of decisions: all of a send, and of a skip that it was made.
std::vector<std::tuple<Reason, IntentKey, Bytes, BlockNumber>> picture(const std::vector<Decision>& made) {
    std::vector<std::tuple<Reason, IntentKey, Bytes, BlockNumber>> out;
    for (const Decision& one : made)
        out.emplace_back(one.reason, one.key, one.calldata, one.block_number);
    return out;
}

RC_GTEST_PROP(EngineSnapshotProperty, TheLoadedOneDecidesAsTheOneThatWentOnEventForEvent, ()) {
    const Market market = market_with_borrowers(drawn(1, 12));
    Pair pair{market};
    for (std::uint64_t left = drawn(0, 3); left > 0; --left)
        pair.went_on.block(some_logs(market));
    // Of what is under way the journal knows, and nobody is left to be sent.
    pair.went_on.block({market.price_log(kEther, usd(5'000))});
    for (const Decision& made : pair.went_on.sends())
        pair.went_on.land(made, OutcomeKind::expired);
    pair.went_on.take();
    const auto head = pair.hand_over();
    RC_ASSERT(head.has_value());
    pair.went_on.tick();
    pair.loaded.tick();
    RC_ASSERT(pair.loaded.engine().state() == EngineState::ready);
    for (std::uint64_t left = drawn(1, 6); left > 0; --left) {
        const std::vector<Log> logs = some_logs(market);
        pair.went_on.block(logs);
        pair.loaded.block(logs);
        RC_ASSERT(saved(pair.loaded) == saved(pair.went_on));
        const auto sends = pair.went_on.sends();
        RC_ASSERT(picture(pair.loaded.sends()) == picture(sends));
        if (drawn(0, 2) != 0) continue;
        pair.went_on.tick();
        pair.loaded.tick();
        RC_ASSERT(picture(pair.loaded.sends()) == picture(pair.went_on.sends()));
        for (const Decision& made : sends) {
            pair.went_on.land(made, OutcomeKind::confirmed);
            pair.loaded.land(made, OutcomeKind::confirmed);
        }
    }
}

/// A sale in one of the pools, of which the chain the reads are answered from knows nothing.
Log swap_on_a_fork(const Stage& stage) {
    Pool pool = stage.chain.pool(drawn(0, 3));
    return pool.sell(drawn(0, 2) == 0, TokenAmount{U256{drawn(1, 1'000'000)} * pow10(6)});
}

RC_GTEST_PROP(EngineSnapshotProperty, BlocksThatWereUndoneNeverWere, ()) {
    const Market market = market_with_borrowers(drawn(1, 6));
    Stage stage{market, deep_pools(market), default_params(market)};
    stage.boot();
    for (std::uint64_t rounds = drawn(1, 4); rounds > 0; --rounds) {
        const Bytes before = saved(stage);
        const std::size_t known = stage.heads.size();
        stage.hold = true;  // nothing of the fork is answered
        for (std::uint64_t left = drawn(1, 6); left > 0; --left) {
            std::vector<Log> logs = some_logs(market);
            for (std::uint64_t swaps = drawn(0, 3); swaps > 0; --swaps)
                logs.push_back(swap_on_a_fork(stage));
            stage.block(logs);
        }
        RC_ASSERT(saved(stage) != before);
        while (stage.heads.size() > known)
            stage.undo_block();
        RC_ASSERT(saved(stage) == before);
        stage.reads.clear();
        stage.hold = false;
        stage.block({market.price_log(kLink, usd(drawn(9, 12)))});
        RC_ASSERT(stage.engine().counts().resyncs == 0U);
    }
}

}  // namespace
}  // namespace plimsoll::strategy::scripted
