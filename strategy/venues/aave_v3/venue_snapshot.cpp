// SPDX-License-Identifier: Apache-2.0
#include "strategy/venues/aave_v3/venue.hpp"

#include <utility>

// The part of AaveV3Venue that turns the market into bytes and back.
namespace plimsoll::strategy {

using aave_v3::Market;
using aave_v3::ReserveFacts;

namespace {

constexpr std::size_t kFactsBytes = 5 * 20 + 4 + 2;
constexpr std::size_t kMostSymbol = 64;
constexpr std::size_t kMostFeeds = 2;

void save_facts(const ReserveFacts& facts, SnapshotWriter& out) {
    for (const Address& address : {facts.underlying, facts.a_token, facts.stable_debt_token,
                                   facts.variable_debt_token, facts.price_source})
        out.address(address);
    out.text(facts.symbol);
    out.u16(facts.pool_id);
}

ReserveFacts load_facts(SnapshotReader& in) {
    ReserveFacts out;
    for (Address* const address :
         {&out.underlying, &out.a_token, &out.stable_debt_token, &out.variable_debt_token, &out.price_source})
        *address = in.address();
    out.symbol = in.text(kMostSymbol);
    out.pool_id = in.u16();
    if (out.pool_id >= kMaxReserves) in.reject("reserve id above 127");
    return out;
}

}  // namespace

void AaveV3Venue::save(SnapshotWriter& out) const {
    out.address(market_.pool);
    out.u64(market_.revision);
    for (const Address& address : {market_.provider, market_.configurator, market_.oracle, market_.sentinel})
        out.address(address);
    out.length(market_.sequencer_feeds.size());
    for (const Address& feed : market_.sequencer_feeds)
        out.address(feed);
    out.boolean(market_.packed_calls);
    out.boolean(liquidations_allowed_);
    out.length(market_.reserves.size());
    for (const ReserveFacts& facts : market_.reserves)
        save_facts(facts, out);
    book_.save(out);
    leaves_.save(out);
    cash_.save(out);
}

Result<void> AaveV3Venue::load_market(SnapshotReader& in) {
    Market market;
    market.pool = in.address();
    market.revision = in.u64();
    PLIMSOLL_CHECK(in.check("market"));
    if (market.pool != params_.pool) {
        return fail(Errc::config_invalid,
                    "snapshot of the pool " + to_string(market.pool) + ", not of " + to_string(params_.pool));
    }
    PLIMSOLL_TRY(market.rules, aave_v3::rules_for(U256{market.revision}));
    for (Address* const address : {&market.provider, &market.configurator, &market.oracle, &market.sentinel})
        *address = in.address();
    market.sequencer_feeds.resize(in.length(kMostFeeds, sizeof(Address)));
    for (Address& feed : market.sequencer_feeds)
        feed = in.address();
    market.packed_calls = in.boolean();
    liquidations_allowed_ = in.boolean();
    std::size_t left = in.length(kMaxReserves, kFactsBytes);
    for (; left != 0 && in.ok(); --left)
        market.reserves.push_back(load_facts(in));
    PLIMSOLL_CHECK(in.check("market"));
    market.index();
    if (market.by_token.size() != 2 * market.reserves.size() ||
        market.by_underlying.size() != market.reserves.size())
        return fail(Errc::malformed_input, "snapshot: one token in two places");
    market_ = std::move(market);
    return {};
}

Result<void> AaveV3Venue::load(SnapshotReader& in, const Head& at) {
    in_step_ = false;
    bootstrap_.reset();
    price_requests_.clear();
    applied_.clear();
    compared_.clear();
    PLIMSOLL_CHECK(load_market(in));
    book_.load(in);
    leaves_.load(in, at.hash);
    cash_.load(in, market_.reserves.size());
    if (book_.reserve_count() != market_.reserves.size() || leaves_.size() != market_.reserves.size())
        in.reject("another number of reserves");
    PLIMSOLL_CHECK(in.check("market"));
    stand_at(at);
    progress_ = BootstrapProgress{"ready", book_.size(), book_.size(), true};
    return {};
}

}  // namespace plimsoll::strategy
