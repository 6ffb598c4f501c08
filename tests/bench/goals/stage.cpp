// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/goals/stage.hpp"

#include "chain/codec/abi_reader.hpp"
#include "chain/codec/abi_writer.hpp"
#include "chain/codec/selector.hpp"
#include "chain/primitives/hex.hpp"
#include "chain/primitives/keccak.hpp"
#include "strategy/snapshot/envelope.hpp"
#include "tests/bench/goals/synthetic_book.hpp"

#include <algorithm>
#include <array>
#include <stdexcept>
#include <utility>

namespace plimsoll::bench {

namespace aave = strategy::aave_v3;

namespace {

constexpr ChainId kChainId{31337};

Head first_head() {
    Head out = aave::head(aave::kBootBlock);
    out.base_fee = Wei{U256{10'000'000'000ULL}};
    out.gas_limit = Gas{30'000'000};
    out.gas_used = Gas{15'000'000};
    return out;
}

/// `whole` with the only occurrence of `part` replaced.
Bytes replaced(BytesView whole, BytesView part, BytesView by) {
    const auto found = std::search(whole.begin(), whole.end(), part.begin(), part.end());
    if (found == whole.end()) throw std::runtime_error{"the snapshot does not hold the book's bytes"};
    Bytes out{whole.begin(), found};
    out.insert(out.end(), by.begin(), by.end());
    out.insert(out.end(), found + static_cast<std::ptrdiff_t>(part.size()), whole.end());
    return out;
}

Bytes bytes_of(const strategy::Book& book) {
    strategy::SnapshotWriter out;
    book.save(out);
    return out.take();
}

const strategy::AaveV3Venue& venue_of(const strategy::Engine& engine) {
    return dynamic_cast<const strategy::AaveV3Venue&>(engine.venue(0));
}

[[noreturn]] void not_ready(const strategy::Engine& engine, const std::string& told) {
    throw std::runtime_error{"the engine did not become ready: " +
                             (engine.error() ? engine.error()->context : told)};
}

/// Reads the market with hardly anybody in it, as a keeper does at its first start.
std::unique_ptr<strategy::Engine> read_market() {
    Market market;
    auto engine = Market::unread_engine(false);
    strategy::Output out;
    std::deque<ReadRequest> reads;
    std::string told;
    const auto tell = [&](decltype(Event::body) body) {
        engine->on(Event{ReceiveTime{}, 0, std::move(body)}, out);
        std::move(out.reads.begin(), out.reads.end(), std::back_inserter(reads));
        for (const strategy::Notice& notice : out.notices)
            told += notice.text;
        out.clear();
    };
    const Head head = first_head();
    tell(BlockStarted{head});
    tell(BlockSealed{head.hash, 0});
    while (!reads.empty()) {
        const ReadRequest request = std::move(reads.front());
        reads.pop_front();
        tell(market.answer(request));
    }
    if (engine->state() != strategy::EngineState::ready) not_ready(*engine, told);
    return engine;
}

}  // namespace

Bytes synthetic_snapshot(std::size_t accounts) {
    const auto engine = read_market();
    const strategy::AaveV3Venue& venue = venue_of(*engine);
    strategy::Book book{1};
    fill(book, venue.book(), venue.prices(), accounts);
    const Bytes sealed = engine->save().value();
    const BytesView content = strategy::open_snapshot(sealed, kChainId).value();
    return strategy::seal_snapshot(kChainId, replaced(content, bytes_of(venue.book()), bytes_of(book)));
}

Stage::Stage(BytesView snapshot, bool speculate, std::uint32_t armed)
    : engine_{Market::unread_engine(speculate, armed)} {
    market_.answer_accounts([this](const Call& call) { return account_data(call); });
    const auto loaded = engine_->load(snapshot);
    if (!loaded) throw std::runtime_error{loaded.error().context};
    head_ = *loaded;
    begin_block();
    answer_reads();  // before the block is applied: interest would tell them otherwise
    seal(0);
    answer_reads();
    std::string told;
    for (const strategy::Notice& notice : out_.notices)
        told += notice.text;
    if (engine_->state() != strategy::EngineState::ready) not_ready(*engine_, told);
    tell(Tick{});
    answer_reads();
    arms_ = std::move(out_.arms);
    if (!out_.triggers.empty()) triggers_ = std::move(out_.triggers.back());
    out_.clear();
}

const strategy::AaveV3Venue& Stage::venue() const {
    return venue_of(*engine_);
}

/// The pool agrees with the book. That the book is right is shown where real pools answer.
std::optional<Bytes> Stage::account_data(const Call& call) const {
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

void Stage::tell(decltype(Event::body) body) {
    engine_->on(Event{ReceiveTime{}, 0, std::move(body)}, out_);
    for (ReadRequest& read : out_.reads)
        reads_.push_back(std::move(read));
    out_.reads.clear();
}

void Stage::answer_reads() {
    while (!reads_.empty()) {
        const ReadRequest request = std::move(reads_.front());
        reads_.pop_front();
        tell(market_.answer(request));
    }
}

void Stage::begin_block() {
    const Hash32 parent = head_.hash;
    head_.parent_hash = parent;
    head_.hash = keccak256(parent.bytes);
    head_.number = head_.number.next();
    head_.timestamp = head_.timestamp.next(12);
    tell(BlockStarted{head_});
}

void Stage::seal(std::uint32_t logs) {
    tell(BlockSealed{head_.hash, logs});
}

void Stage::expire(const strategy::Decision& decision) {
    Outcome outcome;
    outcome.key = decision.key;
    outcome.kind = OutcomeKind::expired;
    tell(OutcomeSeen{outcome});
}

std::string Stage::price_frame(std::uint64_t price) {
    const auto word = [](const U256& value) { return to_hex(value.to_be()); };
    market_.set_ether_price(price);
    const Hash32 topic = strategy::kAnswerUpdated;
    std::string out =
        R"({"jsonrpc":"2.0","method":"eth_subscription","params":{"subscription":"0xl","result":{"address":")";
    out += to_hex(Market::ether_aggregator().bytes);
    out += R"(","topics":[")" + to_string(topic) + R"(",")" + word(U256{price}) + R"(",")" + word(U256{7}) +
           R"("],"data":")";
    out += word(U256{head_.timestamp.value}) + R"(","blockHash":")" + to_string(head_.hash);
    out += R"(","blockNumber":")" + to_quantity_hex(U256{head_.number.value});
    out += R"(","blockTimestamp":")" + to_quantity_hex(U256{head_.timestamp.value});
    out += R"(","transactionHash":")" + to_string(topic) +
           R"(","transactionIndex":"0x0","logIndex":"0x0","removed":false}}})";
    return out;
}

}  // namespace plimsoll::bench
