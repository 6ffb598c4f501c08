// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/scripted_stage.hpp"

#include "strategy/venues/aave_v3/events.hpp"
#include "strategy/venues/aave_v3/math.hpp"

#include <utility>
#include <vector>

namespace plimsoll::bench {

namespace aave = strategy::aave_v3;

namespace {

constexpr std::uint64_t kFirstBorrower = 0x100000;

}  // namespace

ScriptedStage::ScriptedStage(std::size_t accounts)
    // Everybody is compared at once, before anything is measured.
    : answered_{answered(unread_engine(1'000'000))} {
    add_borrower(0, 15'400);
    for (std::size_t i = 1; i < accounts; ++i)
        add_borrower(i, 5'000 + (i * 7'919) % 10'000);
    // The totals hold what the market's own accounts have, too: the venue compares them with what it found.
    const auto set_total = [&](const Address& token, const U256& total) {
        market_.answer(token, "scaledTotalSupply()", {}, total);
    };
    set_total(aave::supply_token(aave::kEther), ether_ + U256{10} * pow10(18));
    set_total(aave::debt_token(aave::kDollar), dollars_ + U256{15'000} * pow10(6));
    pools_.add_pool(aave::underlying(aave::kEther), aave::underlying(aave::kDollar), 500,
                    U256{100'000} * pow10(18), U256{200'000'000} * pow10(6));
    market_.other = [this](const Call& call) { return answered_.account_data(call); };
    answered_.read_market();
    answered_.tell(Tick{});
}

std::unique_ptr<strategy::Engine> ScriptedStage::unread_engine(std::uint32_t compared) {
    strategy::EngineParams params;
    params.audit_batch = compared;
    return bench::unread_engine(std::move(params));
}

AnsweredEngine ScriptedStage::answered(std::unique_ptr<strategy::Engine> engine) {
    return {std::move(engine),
            [this](const ReadRequest& request) { return answer_from(market_, pools_, request); }};
}

void ScriptedStage::restart(BytesView snapshot) {
    answered_ = answered(unread_engine());
    answered_.load(snapshot);
    answered_.begin_block();
    answered_.seal(0);
    answered_.answer_reads();
    answered_.require_ready();
}

void ScriptedStage::add_borrower(std::size_t number, std::uint64_t dollars) {
    const Address who = aave::at(kFirstBorrower + number);
    const std::vector<Hash32> about{who.to_word()};
    const U256 ether = U256{10} * pow10(18);
    const U256 debt = U256{dollars} * pow10(6);
    ether_ += ether;
    dollars_ += debt;
    market_.answer(aave::supply_token(aave::kEther), "scaledBalanceOf(address)", about, ether);
    market_.answer(aave::debt_token(aave::kDollar), "scaledBalanceOf(address)", about, debt);
    market_.answer(aave::kPool, "getUserConfiguration(address)", about, U256{0b10010});
    for (const Address& token : {aave::supply_token(aave::kEther), aave::debt_token(aave::kDollar)}) {
        Log mint = aave::event(token, aave::topics::kMint, {who.to_word(), who.to_word()},
                               {U256{1}, U256{0}, U256{aave::kRay}});
        mint.block_number = BlockNumber{60};
        market_.logs.push_back(mint);
    }
}

}  // namespace plimsoll::bench
