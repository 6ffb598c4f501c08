// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/goals/stage.hpp"

#include "chain/primitives/hex.hpp"
#include "strategy/snapshot/envelope.hpp"
#include "tests/bench/goals/synthetic_book.hpp"

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace plimsoll::bench {

namespace {

constexpr ChainId kChainId{31337};

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

}  // namespace

Bytes synthetic_snapshot(std::size_t accounts) {
    Market market;  // with hardly anybody in it
    AnsweredEngine reader{Market::unread_engine(false),
                          [&](const ReadRequest& request) { return market.answer(request); }};
    reader.read_market();
    const strategy::AaveV3Venue& venue = reader.venue();
    strategy::Book book{1};
    fill(book, venue.book(), venue.prices(), accounts);
    const Bytes sealed = reader.engine().save().value();
    const BytesView content = strategy::open_snapshot(sealed, kChainId).value();
    return strategy::seal_snapshot(kChainId, replaced(content, bytes_of(venue.book()), bytes_of(book)));
}

Stage::Stage(BytesView snapshot, bool speculate, std::uint32_t armed)
    : AnsweredEngine{Market::unread_engine(speculate, armed),
                     [this](const ReadRequest& request) { return market_.answer(request); }} {
    market_.answer_accounts([this](const Call& call) { return account_data(call); });
    load(snapshot);
    begin_block();
    answer_reads();  // before the block is applied: interest would tell them otherwise
    seal(0);
    answer_reads();
    require_ready();
    tell(Tick{});
    answer_reads();
    arms_ = std::move(out().arms);
    if (!out().triggers.empty()) triggers_ = std::move(out().triggers.back());
    out().clear();
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
    out += word(U256{head().timestamp.value}) + R"(","blockHash":")" + to_string(head().hash);
    out += R"(","blockNumber":")" + to_quantity_hex(U256{head().number.value});
    out += R"(","blockTimestamp":")" + to_quantity_hex(U256{head().timestamp.value});
    out += R"(","transactionHash":")" + to_string(topic) +
           R"(","transactionIndex":"0x0","logIndex":"0x0","removed":false}}})";
    return out;
}

}  // namespace plimsoll::bench
