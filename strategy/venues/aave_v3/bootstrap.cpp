// SPDX-License-Identifier: Apache-2.0
#include "strategy/venues/aave_v3/bootstrap.hpp"

#include "strategy/book/book_writer.hpp"
#include "strategy/snapshot/snapshot_reader.hpp"
#include "strategy/snapshot/snapshot_writer.hpp"

namespace plimsoll::strategy::aave_v3 {

Bootstrap::Bootstrap(const AaveV3Params& params, const Head& at, Book& book)
    : params_{params}, at_{at}, book_{book}, market_{params.pool, params.batch} {}

std::vector<ReadRequest> Bootstrap::next_reads(const NextReadId& next_id) {
    std::vector<ReadRequest> out;
    CallList& calls = market_.calls();
    while (!market_.done() && !calls.all_asked() && calls.outstanding() < params_.outstanding) {
        out.push_back(calls.ask(next_id(), at_.hash));
    }
    if (check_ && check_->can_ask()) out.push_back(check_->ask(next_id()));
    while (accounts_ && accounts_->can_ask() && accounts_->outstanding() < params_.outstanding) {
        out.push_back(accounts_->ask(next_id()));
    }
    return out;
}

Result<void> Bootstrap::accept(const ReadResult& result) {
    if (check_) return accept_check(result);
    return accounts_ ? accept_accounts(result) : accept_market(result);
}

Result<void> Bootstrap::accept_market(const ReadResult& result) {
    PLIMSOLL_CHECK(market_.calls().accept(result));
    while (!market_.done() && market_.calls().complete())
        PLIMSOLL_CHECK(market_.advance());
    if (!market_.done()) return {};
    begin_search();
    return {};
}

void Bootstrap::begin_search() {
    write_market();
    accounts_ = std::make_unique<AccountReader>(params_, market_.reading().market, at_, book_);
    const Bytes earlier = std::exchange(resume_, {});
    SnapshotReader in{earlier};
    resumed_ = !earlier.empty() && accounts_->resume_search(in);
}

Bytes Bootstrap::search() const {
    SnapshotWriter out;
    if (accounts_ && !check_) accounts_->save_search(out);
    return out.take();
}

Result<void> Bootstrap::accept_accounts(const ReadResult& result) {
    PLIMSOLL_CHECK(accounts_->accept(result));
    if (!accounts_->done()) return {};
    const MarketReading& reading = market_.reading();
    const Result<void> whole = accounts_->finish(reading.totals);
    if (!whole && resumed_) {
        begin_search();  // what the earlier search had found was not all: everything is searched again
        return {};
    }
    PLIMSOLL_CHECK(whole);
    check_ = std::make_unique<SelfCheck>(reading.market, at_, book_, reading.prices, params_.batch);
    finished_ = check_->done();
    return {};
}

Result<void> Bootstrap::accept_check(const ReadResult& result) {
    PLIMSOLL_CHECK(check_->accept(result));
    finished_ = true;
    return {};
}

void Bootstrap::write_market() {
    const MarketReading& reading = market_.reading();
    book_.reset(reading.states.size());
    BookWriter writer = BookWriter::baseline(book_);
    for (std::size_t i = 0; i < reading.states.size(); ++i) {
        writer.set_reserve(static_cast<ReserveId>(i), reading.states[i]);
    }
    for (std::size_t i = 0; i < reading.categories.size(); ++i) {
        writer.set_category_state(static_cast<std::uint8_t>(i), reading.categories[i]);
    }
    writer.set_flash_premium(reading.flash_premium);
}

BootstrapProgress Bootstrap::progress() const noexcept {
    if (finished_) return {"ready", book_.size(), book_.size(), true};
    if (accounts_) return accounts_->progress();
    return {market_.step(), market_.calls().answered(), market_.calls().size(), false};
}

}  // namespace plimsoll::strategy::aave_v3
