// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/scripted_stage.hpp"

#include "chain/codec/abi_reader.hpp"
#include "chain/codec/abi_writer.hpp"
#include "chain/codec/selector.hpp"
#include "chain/primitives/hex.hpp"
#include "chain/primitives/keccak.hpp"
#include "chain/rpc/message_reader.hpp"
#include "strategy/venues/aave_v3/events.hpp"
#include "strategy/venues/aave_v3/math.hpp"

#include <algorithm>
#include <array>
#include <stdexcept>
#include <utility>

namespace plimsoll::bench {

namespace aave = strategy::aave_v3;
using strategy::scripted::ScriptedChain;

namespace {

constexpr std::uint64_t kFirstBorrower = 0x100000;

std::string word_hex(const U256& value) {
    return to_hex(value.to_be());
}

/// The pools' numbers do not overlap those of the market.
bool is_uniswap(const Call& call) {
    const auto contracts = ScriptedChain::contracts();
    return call.to == contracts.factory || call.to == contracts.quoter ||
           call.to == strategy::scripted::address_of(0xB000);
}

strategy::EngineParams engine_params(std::uint32_t compared) {
    strategy::EngineParams out;
    out.chain = ChainId{31337};
    out.executor = aave::at(0xE0);
    out.uniswap = ScriptedChain::contracts();
    out.native_asset = aave::underlying(aave::kEther);
    out.audit_batch = compared;
    return out;
}

strategy::AaveV3Params venue_params() {
    strategy::AaveV3Params out = aave::ScriptedMarket::params();
    out.id = 0;
    out.log_range = 1'000'000;
    out.batch = 2'000;
    out.undo_blocks = 64;
    out.sweep_seconds = 1'000'000'000;  // the price event alone is measured; see README.md
    return out;
}

}  // namespace

ScriptedStage::ScriptedStage(std::size_t accounts) {
    // The market's own first account sinks at 1807; these keep above their lines at the crash price but for
    // one.
    add_borrower(market_, 0, 10'000, 15'400);
    for (std::size_t i = 1; i < accounts; ++i)
        add_borrower(market_, i, 10'000, 5'000 + (i * 7'919) % 10'000);
    // The totals hold what the market's own accounts have, too: the venue compares them with what it found.
    const auto set_total = [&](const Address& token, const U256& total) {
        market_.answer(token, "scaledTotalSupply()", {}, total);
    };
    set_total(aave::supply_token(aave::kEther), ether_ + U256{10} * pow10(18));
    set_total(aave::debt_token(aave::kDollar), dollars_ + U256{15'000} * pow10(6));
    pools_.add_pool(aave::underlying(aave::kEther), aave::underlying(aave::kDollar), 500,
                    U256{100'000} * pow10(18), U256{200'000'000} * pow10(6));
    market_.other = [this](const Call& call) { return account_data(call); };
    engine_ = unread_engine(1'000'000);  // everybody is compared at once, before anything is measured
    boot();
}

std::unique_ptr<strategy::Engine> ScriptedStage::unread_engine(std::uint32_t compared) {
    std::vector<std::unique_ptr<strategy::Venue>> venues;
    venues.push_back(std::make_unique<strategy::AaveV3Venue>(venue_params()));
    return std::make_unique<strategy::Engine>(engine_params(compared), std::move(venues));
}

void ScriptedStage::require_ready() const {
    if (engine_->state() == strategy::EngineState::ready) return;
    throw std::runtime_error{"the engine did not become ready: " +
                             (engine_->error() ? engine_->error()->context : std::string{})};
}

void ScriptedStage::restart(BytesView snapshot) {
    engine_ = unread_engine();
    reads_.clear();
    const auto loaded = engine_->load(snapshot);
    if (!loaded) throw std::runtime_error{loaded.error().context};
    begin_block();
    tell(BlockSealed{head_.hash, 0});
    answer_reads();
    require_ready();
    out_.clear();
}

/// The pool agrees with the book. That the book is right is shown where real pools answer.
std::optional<Bytes> ScriptedStage::account_data(const Call& call) const {
    constexpr auto kAccountData = codec::selector("getUserAccountData(address)");
    if (call.data.size() < kAccountData.size() ||
        !std::equal(kAccountData.begin(), kAccountData.end(), call.data.begin()))
        return std::nullopt;
    const auto& venue = dynamic_cast<const strategy::AaveV3Venue&>(engine_->venue(0));
    const auto account = venue.book().find(codec::AbiReader{BytesView{call.data}.subspan(4)}.address());
    std::vector<strategy::Expectation> told;
    if (account) venue.expectations({&*account, 1}, told);
    if (told.empty()) return std::nullopt;
    std::array<U256, 6> words{};
    for (const strategy::ExpectedWord& word : told.front().words)
        words.at(word.place) = word.value;
    codec::AbiWriter out;
    for (const U256& word : words)
        out.u256(word);
    return out.take();
}

void ScriptedStage::add_borrower(aave::ScriptedMarket& market, std::size_t number, std::uint64_t ether_milli,
                                 std::uint64_t dollars) {
    const Address who = aave::at(kFirstBorrower + number);
    const std::vector<Hash32> about{who.to_word()};
    const U256 ether = U256{ether_milli} * pow10(15);
    const U256 debt = U256{dollars} * pow10(6);
    ether_ += ether;
    dollars_ += debt;
    market.answer(aave::supply_token(aave::kEther), "scaledBalanceOf(address)", about, ether);
    market.answer(aave::debt_token(aave::kDollar), "scaledBalanceOf(address)", about, debt);
    market.answer(aave::kPool, "getUserConfiguration(address)", about, U256{0b10010});
    for (const Address& token : {aave::supply_token(aave::kEther), aave::debt_token(aave::kDollar)}) {
        Log mint = aave::event(token, aave::topics::kMint, {who.to_word(), who.to_word()},
                               {U256{1}, U256{0}, U256{aave::kRay}});
        mint.block_number = BlockNumber{60};
        market.logs.push_back(mint);
    }
}

void ScriptedStage::boot() {
    head_ = aave::head(aave::kBootBlock);
    head_.base_fee = Wei{U256{10'000'000'000ULL}};
    head_.gas_limit = Gas{30'000'000};
    head_.gas_used = Gas{15'000'000};
    tell(BlockStarted{head_});
    tell(BlockSealed{head_.hash, 0});
    answer_reads();
    require_ready();
    tell(Tick{});
    out_.clear();
}

void ScriptedStage::tell(decltype(Event::body) body) {
    engine_->on(Event{ReceiveTime{}, 0, std::move(body)}, out_);
    for (ReadRequest& read : out_.reads)
        reads_.push_back(std::move(read));
    out_.reads.clear();
}

void ScriptedStage::answer_reads() {
    while (!reads_.empty()) {
        const ReadRequest request = std::move(reads_.front());
        reads_.pop_front();
        const auto* const calls = std::get_if<std::vector<Call>>(&request.what);
        const bool of_pools = calls != nullptr && !calls->empty() && is_uniswap(calls->front());
        tell(of_pools ? pools_.answer(request) : market_.serve(request));
    }
}

void ScriptedStage::begin_block() {
    const Hash32 parent = head_.hash;
    head_.parent_hash = parent;
    head_.hash = keccak256(parent.bytes);
    head_.number = head_.number.next();
    head_.timestamp = head_.timestamp.next(12);
    tell(BlockStarted{head_});
}

void ScriptedStage::seal() {
    tell(BlockSealed{head_.hash, 1});
}

void ScriptedStage::expire(const strategy::Decision& decision) {
    Outcome outcome;
    outcome.key = decision.key;
    outcome.kind = OutcomeKind::expired;
    tell(OutcomeSeen{outcome});
}

std::string ScriptedStage::price_frame(std::uint64_t price) {
    market_.answer(aave::kOracle, "getAssetPrice(address)", {aave::underlying(aave::kEther).to_word()},
                   U256{price});
    const Hash32 topic = strategy::kAnswerUpdated;
    std::string out =
        R"({"jsonrpc":"2.0","method":"eth_subscription","params":{"subscription":"0xl","result":{"address":")";
    out += to_hex(aave::at(aave::kEtherAggregator).bytes);
    out += R"(","topics":[")" + to_string(topic) + R"(",")" + word_hex(U256{price}) + R"(",")" +
           word_hex(U256{7}) + R"("],"data":")";
    out += word_hex(U256{head_.timestamp.value}) + R"(","blockHash":")" + to_string(head_.hash);
    out += R"(","blockNumber":")" + to_quantity_hex(U256{head_.number.value});
    out += R"(","blockTimestamp":")" + to_quantity_hex(U256{head_.timestamp.value});
    out += R"(","transactionHash":")" + to_string(topic) +
           R"(","transactionIndex":"0x0","logIndex":"0x0","removed":false}}})";
    return out;
}

}  // namespace plimsoll::bench
