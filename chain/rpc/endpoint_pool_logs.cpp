// SPDX-License-Identifier: Apache-2.0
#include "chain/async/all_of.hpp"
#include "chain/async/backoff.hpp"
#include "chain/async/deadline.hpp"
#include "chain/codec/event_codec.hpp"
#include "chain/rpc/endpoint_pool.hpp"

#include <algorithm>
#include <utility>

// A long log query, read from several endpoints at once.
namespace plimsoll::rpc {

struct EndpointPool::LogJob {
    LogJob(const async::asio::any_io_executor& executor, LogQuery query_in, Head block_in,
           std::size_t sources)
        : query{std::move(query_in)},
          block{block_in},
          whole{query.from, query.to},
          ranges{whole},
          changed{executor},
          out(sources) {}

    LogQuery query;
    Head block;  // must be on the chain of whoever answers
    LogPart whole;
    LogRanges ranges;
    async::Condition changed;  // a part was answered or given back, or somebody gives up
    std::vector<bool> out;     // who is not to be asked in this round any more
    std::size_t running = 0;   // workers that have not given up
    Error last{Errc::disconnected, "no endpoint is connected"};
};

async::Task<Result<Bytes>> EndpointPool::read_logs(LogQuery query, Hash32 block) {
    if (query.to < query.from) co_return codec::encode_logs(std::vector<Log>{});
    std::function<async::Task<Result<Header>>(Endpoint&)> find = [block](Endpoint& endpoint) {
        return endpoint.block_by_hash(block);
    };
    PLIMSOLL_CO_TRY(const Header asked, co_await ask<Header>(std::move(find), block));
    LogJob job{executor_, std::move(query), asked.head, members_.size()};
    progress_.blocks_total += job.whole.blocks();
    const std::size_t rounds = members_.size() + 2;
    for (std::size_t round = 0; round < rounds; ++round) {
        if (round != 0) co_await async::sleep_for(params_.pause);
        co_await read_round(job, readers_for(job));
        if (!job.ranges.done()) continue;
        // Ranges go by number: they are of this chain only if the block still is.
        for (const SourceId who : job.ranges.sources()) {
            const bool proven = co_await proves(job, who);
            if (proven) continue;
            const std::uint64_t before = job.ranges.blocks_done();
            job.ranges.discard(who);
            progress_.blocks_done -= before - job.ranges.blocks_done();
        }
        if (job.ranges.done()) co_return codec::encode_logs(job.ranges.collect());
    }
    progress_.blocks_total -= job.whole.blocks() - job.ranges.blocks_done();
    co_return tl::make_unexpected(std::move(job.last));
}

/// As many as the query is worth, alive if any is.
std::vector<SourceId> EndpointPool::readers_for(const LogJob& job) {
    std::vector<SourceId> order = ranked(job.block.hash);
    const auto is_out = [&job](SourceId who) { return job.out[who]; };
    const bool all_out = std::all_of(order.begin(), order.end(), is_out);
    if (!all_out) order.erase(std::remove_if(order.begin(), order.end(), is_out), order.end());
    const auto worse = std::find_if(order.begin(), order.end(), [this](SourceId who) {
        return members_[who]->health.state() != EndpointState::alive;
    });
    if (worse != order.begin()) order.erase(worse, order.end());
    if (order.empty()) return order;
    const std::uint64_t left = job.whole.blocks() - job.ranges.blocks_done();
    const std::uint64_t each = members_[order.front()]->span.blocks() * std::max(params_.log_requests, 1U);
    const std::uint64_t worth = left / each + 1;
    if (worth < order.size()) order.resize(static_cast<std::size_t>(worth));
    return order;
}

async::Task<void> EndpointPool::read_round(LogJob& job, std::vector<SourceId> who) {
    job.out.assign(members_.size(), false);
    std::vector<async::Task<void>> workers;
    for (const SourceId one : who) {
        // Beforehand as well: who catches up only while it is asked has told too little at first.
        const bool proven = co_await proves(job, one);
        if (!proven) continue;
        const std::uint64_t left = job.whole.blocks() - job.ranges.blocks_done();
        const std::uint64_t parts = left / members_[one]->span.blocks() + 1;
        for (std::uint64_t i = 0; i < std::min<std::uint64_t>(parts, std::max(params_.log_requests, 1U)); ++i)
            workers.push_back(log_worker(job, one));
    }
    job.running = workers.size();
    if (!workers.empty()) co_await async::all_of(std::move(workers));
}

async::Task<bool> EndpointPool::proves(LogJob& job, SourceId who) {
    const Result<Header> same = co_await reader(who).block_by_number(job.block.number);
    if (same && same->head.hash == job.block.hash) co_return true;
    job.out[who] = true;
    job.last = same ? Error{Errc::not_found, "the block is not on the chain of " + name(who) +
                                                 ", or left it while its logs were read"}
                    : same.error();
    co_return false;
}

/// Ends when all is answered, or everybody has given up: the first to end would end the others.
async::Task<void> EndpointPool::log_worker(LogJob& job, SourceId who) {
    constexpr unsigned kStrikes = 4;  // failures in a row
    async::Backoff backoff{reader(who).params().reconnect};
    while (!job.ranges.done() && backoff.attempts() < kStrikes) {
        const std::optional<LogPart> part = job.ranges.take(members_[who]->span.blocks());
        if (!part) {
            co_await job.changed.wait();
            continue;
        }
        const bool good = co_await log_step(job, who, *part);
        if (good) {
            backoff.reset();
            continue;
        }
        const auto bits = std::chrono::steady_clock::now().time_since_epoch().count();
        const auto delay = backoff.next(static_cast<std::uint64_t>(bits));
        co_await async::sleep_for(delay);
        static_cast<void>(co_await reader(who).wait_connected(params_.patience));
    }
    if (!job.ranges.done()) job.out[who] = true;
    --job.running;
    job.changed.notify_all();
    while (!job.ranges.done() && job.running != 0)
        co_await job.changed.wait();
}

/// False for a failure that is no wish to be asked for less.
async::Task<bool> EndpointPool::log_step(LogJob& job, SourceId who, LogPart part) {
    LogQuery query = job.query;
    query.from = part.from;
    query.to = part.to;
    Result<std::vector<Log>> logs = co_await reader(who).get_logs(std::move(query));
    LogSpan& span = members_[who]->span;
    bool good = logs.has_value();
    if (logs) {
        span.answered(part);
        job.ranges.answered(part, who, std::move(*logs));
        progress_.blocks_done += part.blocks();
    } else {
        job.ranges.give_back(part);
        job.last = logs.error();
        const bool slow = job.last.code == Errc::timed_out;
        if (slow || job.last.code == Errc::limit_exceeded)
            good = span.refused(part, job.last.context) && !slow;
    }
    job.changed.notify_all();
    co_return good;
}

}  // namespace plimsoll::rpc
