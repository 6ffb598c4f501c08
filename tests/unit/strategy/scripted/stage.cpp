// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/strategy/scripted/stage.hpp"

#include "chain/codec/abi_reader.hpp"
#include "chain/codec/abi_writer.hpp"
#include "chain/codec/multicall.hpp"
#include "chain/primitives/keccak.hpp"

#include <algorithm>
#include <iterator>
#include <stdexcept>
#include <utility>

namespace plimsoll::strategy::scripted {

namespace {

std::vector<std::unique_ptr<Venue>> only(std::unique_ptr<Venue> venue) {
    std::vector<std::unique_ptr<Venue>> out;
    out.push_back(std::move(venue));
    return out;
}

ScriptedChain with_deep_pools(const Market& market) {
    ScriptedChain chain;
    add_deep_pools(chain, market);
    return chain;
}

}  // namespace

Market three_assets() {
    Market market;
    market.assets = {Asset{address_of(0xE1), "WETH", 18, false}, Asset{address_of(0xD1), "USDC", 6, false},
                     Asset{address_of(0xF1), "LINK", 18, false}};
    market.prices = {usd(2000), usd(1), usd(10)};
    return market;
}

void add_deep_pools(ScriptedChain& chain, const Market& market) {
    const auto token = [&](ReserveId id) { return market.assets[id].token; };
    // 200 million dollars a side
    chain.add_pool(token(kEther), token(kDollar), 500, ether(100'000).raw(), dollars(200'000'000).raw());
    chain.add_pool(token(kLink), token(kDollar), 500, ether(20'000'000).raw(), dollars(200'000'000).raw());
    chain.add_pool(token(kLink), token(kEther), 500, ether(20'000'000).raw(), ether(100'000).raw());
}

EngineParams default_params(const Market& market) {
    EngineParams params;
    params.chain = ChainId{31337};
    params.executor = address_of(0xE0);
    params.uniswap = ScriptedChain::contracts();
    params.native_asset = market.assets[kEther].token;
    params.min_profit = usd(5);
    return params;
}

Stage::Stage(Market market, ScriptedChain scripted_chain, EngineParams params)
    : chain{std::move(scripted_chain)} {
    auto venue = std::make_unique<ScriptedVenue>(std::move(market));
    venue_ = venue.get();
    engine_ = std::make_unique<Engine>(params, only(std::move(venue)));
}

Stage::Stage(Market market) : Stage{market, with_deep_pools(market), default_params(market)} {}

void Stage::tell(decltype(Event::body) body) {
    Output out;
    const Event event{ReceiveTime{++now_}, 1, std::move(body)};
    if (before) before(event);
    engine_->on(event, out);
    while (engine_->unfinished())
        engine_->proceed(out);
    if (after) after(out);
    std::move(out.decisions.begin(), out.decisions.end(), std::back_inserter(decisions_));
    for (const ReadRequest& request : out.reads)
        foresee(request);
    std::move(out.reads.begin(), out.reads.end(), std::back_inserter(reads));
    std::move(out.watches.begin(), out.watches.end(), std::back_inserter(watches));
    for (const Disarm& one : out.disarms)
        armed.erase(one.key);
    for (Arm& one : out.arms) {
        armed.insert_or_assign(one.decision.key, one.decision);
        last_armed.insert_or_assign(one.decision.key, std::move(one.decision));
    }
    if (!out.triggers.empty()) triggers = std::move(out.triggers.back());
    std::move(out.withdrawals.begin(), out.withdrawals.end(), std::back_inserter(withdrawals));
    std::move(out.notices.begin(), out.notices.end(), std::back_inserter(notices));
    if (!hold) answer_all();
}

void Stage::answer_one() {
    const ReadRequest request = std::move(reads.front());
    reads.pop_front();
    const auto known = foreseen_.find(request.id);
    if (known == foreseen_.end()) return tell(chain.answer(request));
    Bytes answer = std::move(known->second);
    foreseen_.erase(known);
    tell(ReadResult{request.id, request.block_hash, std::move(answer)});
}

/// Blocks may be applied before the answer is told.
void Stage::foresee(const ReadRequest& request) {
    const auto* const calls = std::get_if<std::vector<Call>>(&request.what);
    if (calls == nullptr || calls->empty() || calls->back().to != venue_->market().address) return;
    if (calls->back().data.size() < kAccountCall.size() ||
        !std::equal(kAccountCall.begin(), kAccountCall.end(), calls->back().data.begin()))
        return;
    std::vector<std::optional<Bytes>> data;
    for (const Call& call : *calls)
        data.push_back(state_answer(call));
    std::vector<codec::CallResult> results;
    for (const std::optional<Bytes>& one : data)
        results.push_back(one ? codec::CallResult{true, *one} : codec::CallResult{false, {}});
    foreseen_.emplace(request.id, codec::encode_call_results(results));
}

std::optional<Bytes> Stage::state_answer(const Call& call) {
    const Market& market = venue_->market();
    const std::uint64_t which = codec::AbiReader{BytesView{call.data}.subspan(4)}.u64();
    codec::AbiWriter out;
    if (std::equal(kPriceCall.begin(), kPriceCall.end(), call.data.begin())) {
        const U256 price = market.prices[which].raw();
        return out.u256(price_says ? price_says(static_cast<ReserveId>(which), price) : price).take();
    }
    ++audits;
    for (std::size_t place = 0; place < 2 * market.assets.size(); ++place) {
        const Holder& holder = market.holders[which];
        U256 value = (place % 2 == 0 ? holder.collateral : holder.debt)[place / 2].raw();
        if (account_says) {
            const auto said = account_says(static_cast<AccountId>(which), place, value);
            if (!said) return std::nullopt;
            value = *said;
        }
        out.u256(value);
    }
    return out.take();
}

void Stage::answer_all() {
    while (!reads.empty())
        answer_one();
}

Head Stage::begin_block() {
    ++number;
    time += 12;
    open_ = Head{};
    open_.number = BlockNumber{number};
    open_.parent_hash = heads.empty() ? Hash32{} : heads.back().hash;
    open_.hash = keccak256(std::to_string(number) + "/" + std::to_string(forks_));
    open_.timestamp = Timestamp{time};
    open_.base_fee = base_fee;
    open_.gas_limit = Gas{30'000'000};
    open_.gas_used = Gas{15'000'000};
    logs_ = 0;
    tell(BlockStarted{open_});
    return open_;
}

void Stage::log(Log log) {
    log.block_hash = open_.hash;
    log.block_number = open_.number;
    log.index = logs_++;
    tell(LogSeen{std::move(log)});
}

void Stage::seal() {
    heads.push_back(open_);
    tell(BlockSealed{open_.hash, logs_});
}

Head Stage::block(std::vector<Log> logs) {
    const Head head = begin_block();
    for (Log& one : logs)
        log(std::move(one));
    seal();
    return head;
}

void Stage::undo_block() {
    const Head gone = heads.back();
    heads.pop_back();
    --number;
    ++forks_;
    tell(BlockUndone{gone.hash});
}

void Stage::boot() {
    for (int i = 0; i < 5 && engine_->state() != EngineState::ready; ++i)
        block();
    if (engine_->state() != EngineState::ready) throw std::logic_error{"the engine did not become ready"};
    tick();
}

std::vector<Decision> Stage::take() {
    return std::exchange(decisions_, {});
}

std::vector<Decision> Stage::sends() {
    std::vector<Decision> out;
    std::copy_if(decisions_.begin(), decisions_.end(), std::back_inserter(out),
                 [](const Decision& d) { return d.send(); });
    std::erase_if(decisions_, [](const Decision& d) { return d.send(); });
    return out;
}

std::vector<Decision> Stage::skips() {
    std::vector<Decision> out;
    std::copy_if(decisions_.begin(), decisions_.end(), std::back_inserter(out),
                 [](const Decision& d) { return !d.send(); });
    std::erase_if(decisions_, [](const Decision& d) { return !d.send(); });
    return out;
}

void Stage::land(const Decision& decision, OutcomeKind kind, Gas used) {
    Outcome outcome;
    outcome.key = decision.key;
    outcome.kind = kind;
    outcome.block_number = BlockNumber{number};
    outcome.gas_used = used;
    tell(OutcomeSeen{outcome});
}

}  // namespace plimsoll::strategy::scripted
