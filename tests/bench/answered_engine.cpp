// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/answered_engine.hpp"

#include "chain/codec/abi_reader.hpp"
#include "chain/codec/abi_writer.hpp"
#include "chain/codec/selector.hpp"
#include "chain/primitives/keccak.hpp"

#include <algorithm>
#include <array>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace plimsoll::bench {

namespace aave = strategy::aave_v3;
using strategy::scripted::ScriptedChain;

namespace {

/// The pools' numbers do not overlap those of the market.
bool is_of_pools(const ReadRequest& request) {
    const auto* const calls = std::get_if<std::vector<Call>>(&request.what);
    if (calls == nullptr || calls->empty()) return false;
    const auto contracts = ScriptedChain::contracts();
    const Address& to = calls->front().to;
    const U256 number = to.to_word().as_u256();
    return to == contracts.factory || to == contracts.quoter ||
           (number >= U256{0xB000} && number < U256{0xB100});
}

}  // namespace

std::unique_ptr<strategy::Engine> unread_engine(strategy::EngineParams params) {
    params.chain = ChainId{31337};
    params.executor = aave::at(0xE0);
    params.uniswap = ScriptedChain::contracts();
    params.native_asset = aave::underlying(aave::kEther);
    strategy::AaveV3Params venue = aave::ScriptedMarket::params();
    venue.id = 0;
    venue.log_range = 1'000'000;
    venue.batch = 2'000;
    venue.undo_blocks = 64;
    std::vector<std::unique_ptr<strategy::Venue>> venues;
    venues.push_back(std::make_unique<strategy::AaveV3Venue>(venue));
    return std::make_unique<strategy::Engine>(std::move(params), std::move(venues));
}

ReadResult answer_from(aave::ScriptedMarket& market, const ScriptedChain& pools, const ReadRequest& request) {
    if (is_of_pools(request)) return pools.answer(request);
    market.asked.clear();
    return market.serve(request);
}

AnsweredEngine::AnsweredEngine(std::unique_ptr<strategy::Engine> engine, Answer answer)
    : engine_{std::move(engine)}, answer_{std::move(answer)} {}

void AnsweredEngine::read_market() {
    head_ = aave::head(aave::kBootBlock);
    head_.base_fee = Wei{U256{10'000'000'000ULL}};
    head_.gas_limit = Gas{30'000'000};
    head_.gas_used = Gas{15'000'000};
    tell(BlockStarted{head_});
    seal(0);
    answer_reads();
    require_ready();
}

void AnsweredEngine::load(BytesView snapshot) {
    const auto loaded = engine_->load(snapshot);
    if (!loaded) throw std::runtime_error{loaded.error().context};
    head_ = *loaded;
}

void AnsweredEngine::require_ready() const {
    if (engine_->state() == strategy::EngineState::ready) return;
    std::string told = "the engine did not become ready: ";
    if (engine_->error()) throw std::runtime_error{told + engine_->error()->context};
    for (const strategy::Notice& notice : out_.notices)
        told += notice.text;
    throw std::runtime_error{told};
}

void AnsweredEngine::begin_block() {
    const Hash32 parent = head_.hash;
    head_.parent_hash = parent;
    head_.hash = keccak256(parent.bytes);
    head_.number = head_.number.next();
    head_.timestamp = head_.timestamp.next(12);
    tell(BlockStarted{head_});
}

void AnsweredEngine::tell(decltype(Event::body) body) {
    engine_->on(Event{ReceiveTime{}, 0, std::move(body)}, out_);
    for (ReadRequest& read : out_.reads)
        reads_.push_back(std::move(read));
    out_.reads.clear();
}

void AnsweredEngine::seal(std::uint32_t logs) {
    tell(BlockSealed{head_.hash, logs});
}

void AnsweredEngine::answer_reads() {
    while (!reads_.empty()) {
        const ReadRequest request = std::move(reads_.front());
        reads_.pop_front();
        tell(answer_(request));
    }
}

std::optional<Bytes> AnsweredEngine::account_data(const Call& call) const {
    constexpr auto kAccountData = codec::selector("getUserAccountData(address)");
    if (call.data.size() < kAccountData.size() ||
        !std::equal(kAccountData.begin(), kAccountData.end(), call.data.begin()))
        return std::nullopt;
    const auto account = venue().book().find(codec::AbiReader{BytesView{call.data}.subspan(4)}.address());
    std::vector<strategy::Expectation> told;
    if (account) venue().expectations({&*account, 1}, told);
    if (told.empty()) return std::nullopt;
    std::array<U256, 6> words{};
    for (const strategy::ExpectedWord& word : told.front().words)
        words.at(word.place) = word.value;
    codec::AbiWriter out;
    for (const U256& word : words)
        out.u256(word);
    return out.take();
}

const strategy::AaveV3Venue& AnsweredEngine::venue() const {
    return dynamic_cast<const strategy::AaveV3Venue&>(engine_->venue(0));
}

}  // namespace plimsoll::bench
