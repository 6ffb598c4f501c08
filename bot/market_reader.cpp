// SPDX-License-Identifier: Apache-2.0
#include "bot/market_reader.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

namespace plimsoll::bot {
namespace {

strategy::AaveV3Params venue_params(const config::Venue& venue) {
    strategy::AaveV3Params out;
    out.name = venue.name;
    out.pool = venue.pool;
    out.start_block = venue.start_block;
    return out;
}

}  // namespace

MarketReader::MarketReader(rpc::Endpoint& endpoint, const config::Venue& venue)
    : endpoint_{endpoint}, venue_{venue_params(venue)} {}

async::Task<Result<void>> MarketReader::read() {
    whole_ = false;
    PLIMSOLL_CO_TRY(const rpc::Header newest, co_await endpoint_.latest_block());
    head_ = newest.head;
    venue_.start(head_);
    while (!venue_.progress().finished) {
        std::vector<ReadRequest> requests = venue_.next_reads([this] { return ++last_id_; });
        if (requests.empty() && !venue_.progress().finished)
            co_return fail(Errc::malformed_reply, "the market's reading came to a halt");
        for (ReadRequest& request : requests) {
            const ReadResult answer = co_await endpoint_.execute(std::move(request));
            PLIMSOLL_CO_CHECK(venue_.accept(answer));
        }
    }
    whole_ = true;
    co_return Result<void>{};
}

async::Task<Result<void>> MarketReader::apply(rpc::Header next) {
    PLIMSOLL_CO_TRY(const rpc::BlockLogs block,
                    co_await endpoint_.get_logs_at(next.head.hash, venue_.watch()));
    whole_ = false;  // until its prices are there too
    const auto changes = venue_.apply(next.head, block.logs);
    if (!changes) co_return tl::make_unexpected(changes.error());
    std::vector<ReadRequest> requests = venue_.price_reads(next.head, [this] { return ++last_id_; });
    for (ReadRequest& request : requests) {
        const ReadResult answer = co_await endpoint_.execute(std::move(request));
        const auto moved = venue_.accept_prices(answer);
        if (!moved) co_return tl::make_unexpected(moved.error());
    }
    head_ = next.head;
    whole_ = true;
    co_return Result<void>{};
}

async::Task<Result<bool>> MarketReader::follow() {
    PLIMSOLL_CO_TRY(const rpc::Header newest, co_await endpoint_.latest_block());
    if (whole_ && newest.head.hash == head_.hash) co_return false;
    while (whole_ && head_.number < newest.head.number) {
        PLIMSOLL_CO_TRY(rpc::Header next, co_await endpoint_.block_by_number(head_.number.next()));
        if (next.head.parent_hash != head_.hash) break;
        PLIMSOLL_CO_CHECK(co_await apply(std::move(next)));
    }
    if (!whole_ || head_.hash != newest.head.hash) {
        PLIMSOLL_CO_CHECK(co_await read());
    }
    co_return true;
}

std::vector<AccountPosition> MarketReader::positions() const {
    namespace aave = strategy::aave_v3;
    const aave::Rules& rules = *venue_.market().rules;
    aave::MarketView view;
    const aave::Valuation at{rules, venue_.book(), view.at(rules, venue_.book(), head_.timestamp),
                             venue_.prices(), head_.timestamp};
    std::vector<AccountPosition> out;
    for (std::size_t i = 0; i < venue_.account_count(); ++i) {
        const auto id = static_cast<strategy::AccountId>(i);
        const aave::AccountData data = aave::account_data(at, id);
        if (data.debt == U256{} || !data.valued) continue;
        out.push_back({venue_.account_address(id), data.health_factor, Usd{data.collateral}, Usd{data.debt}});
    }
    std::ranges::sort(out, [](const AccountPosition& a, const AccountPosition& b) {
        return std::tie(a.health_factor, a.account) < std::tie(b.health_factor, b.account);
    });
    return out;
}

}  // namespace plimsoll::bot
