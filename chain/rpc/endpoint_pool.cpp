// SPDX-License-Identifier: Apache-2.0
#include "chain/rpc/endpoint_pool.hpp"

#include "chain/async/all_of.hpp"
#include "chain/async/deadline.hpp"

#include <algorithm>
#include <tuple>

namespace plimsoll::rpc {
namespace {

using Clock = std::chrono::steady_clock;

/// Whom to ask first: the lower the better.
int preference(EndpointState state) {
    switch (state) {
        case EndpointState::alive:
            return 0;
        case EndpointState::lagging:
        case EndpointState::syncing:
            return 1;
        case EndpointState::rate_limited:
            return 2;
        case EndpointState::undialed:
        case EndpointState::unreachable:
            return 3;
        case EndpointState::lying:
        case EndpointState::wrong_chain:
            break;
    }
    return 4;
}

}  // namespace

EndpointPool::EndpointPool(async::asio::any_io_executor executor, std::vector<PoolMember> members,
                           PoolParams params)
    : executor_{std::move(executor)}, params_{params} {
    const bool alone = members.size() == 1;
    for (PoolMember& one : members) {
        auto member = std::make_unique<Member>(
            Member{std::move(one.name), EndpointHealth{one.health}, LogSpan{params.first_log_span}, nullptr});
        one.read.source = static_cast<SourceId>(members_.size());
        one.read.health = &member->health;
        one.read.use = Use::read;
        one.read.read_only = true;
        if (!alone) one.read.retries = 0;  // another one answers sooner
        member->reader = std::make_unique<Endpoint>(executor_, std::move(one.read));
        members_.push_back(std::move(member));
    }
}

EndpointPool::~EndpointPool() = default;

const std::string& EndpointPool::name(SourceId who) const {
    return members_.at(who)->name;
}

EndpointHealth& EndpointPool::health(SourceId who) {
    return members_.at(who)->health;
}

Endpoint& EndpointPool::reader(SourceId who) {
    return *members_.at(who)->reader;
}

async::Task<void> EndpointPool::run() {
    std::vector<async::Task<void>> family;
    for (const auto& member : members_) {
        family.push_back(member->reader->keep_connected());
        family.push_back(look_after(*member));
    }
    co_await async::all_of(std::move(family));
}

async::Task<void> EndpointPool::look_after(Member& member) {
    for (;;) {
        refresh();
        const bool doubtful = !member.health.head() || member.health.state() != EndpointState::alive;
        if (member.reader->connected()) {
            if (doubtful) co_await probe(member);
            co_await async::sleep_for(params_.probe_every);
        } else {
            static_cast<void>(co_await member.reader->wait_connected(params_.probe_every));
        }
    }
}

async::Task<void> EndpointPool::probe(Member& member) {
    const Result<bool> syncing = co_await member.reader->syncing();
    if (syncing) member.health.syncing(*syncing, Clock::now());
    const Result<Header> latest = co_await member.reader->latest_block();
    if (latest) member.health.head(latest->head.number, latest->head.hash, Clock::now());
    refresh();
}

void EndpointPool::refresh() {
    const Clock::time_point now = Clock::now();
    std::vector<BlockNumber> heads;
    for (const auto& member : members_) {
        member->health.tick(now);
        const bool believed = preference(member->health.state()) < 3;
        if (believed && member->health.head()) heads.push_back(*member->health.head());
    }
    const std::optional<BlockNumber> best = best_of(std::move(heads));
    if (!best) return;
    for (const auto& member : members_)
        member->health.best_head(*best, now);
}

async::Task<Result<void>> EndpointPool::wait_ready(std::chrono::milliseconds limit) {
    constexpr std::chrono::milliseconds kLook{20};
    const Clock::time_point deadline = Clock::now() + limit;
    for (;;) {
        if (!ranked().empty()) co_return Result<void>{};
        const Clock::duration left = deadline - Clock::now();
        if (left <= Clock::duration::zero()) break;
        co_await async::sleep_for(std::min<Clock::duration>(kLook, left));
    }
    Result<void> out;
    for (const auto& member : members_) {
        out = co_await member->reader->wait_connected(std::chrono::milliseconds{0});
        if (!out && !is_lasting(out.error().code)) co_return out;
    }
    co_return out;
}

std::vector<SourceId> EndpointPool::ranked(const Hash32& block) {
    refresh();
    std::vector<SourceId> out;
    int best = preference(EndpointState::lying);
    for (std::size_t i = 0; i < members_.size(); ++i) {
        const EndpointState state = members_[i]->health.state();
        if (!members_[i]->reader->connected() || state == EndpointState::wrong_chain) continue;
        best = std::min(best, preference(state));
        out.push_back(static_cast<SourceId>(i));
    }
    const auto rank = [this, &block](SourceId who) {
        const EndpointHealth& health = members_[who]->health;
        return std::tuple{preference(health.state()), !health.knows(block), health.latency(), who};
    };
    std::sort(out.begin(), out.end(), [&rank](SourceId a, SourceId b) { return rank(a) < rank(b); });
    // A liar only when there is nobody else.
    while (!out.empty() && best < preference(EndpointState::lying) &&
           members_[out.back()]->health.state() == EndpointState::lying)
        out.pop_back();
    return out;
}

async::Task<std::optional<SourceId>> EndpointPool::next_try(Tries& tries, Hash32 block) {
    constexpr unsigned kLeast = 3;
    constexpr std::chrono::milliseconds kLook{20};
    const Clock::time_point deadline = Clock::now() + params_.patience;
    tries.tried.resize(members_.size());
    while (tries.asked < std::max<std::size_t>(kLeast, 2 * members_.size())) {
        const std::vector<SourceId> order = ranked(block);
        const auto next =
            std::find_if(order.begin(), order.end(), [&tries](SourceId who) { return !tries.tried[who]; });
        if (next != order.end()) {
            tries.tried[*next] = true;
            ++tries.asked;
            co_return *next;
        }
        if (order.empty() && Clock::now() >= deadline) break;
        tries.tried.assign(members_.size(), false);
        const std::chrono::milliseconds pause = order.empty() ? kLook : params_.pause;
        co_await async::sleep_for(pause);
    }
    co_return std::nullopt;
}

async::Task<ReadResult> EndpointPool::execute(ReadRequest request) {
    ReadResult out;
    out.id = request.id;
    out.block_hash = request.block_hash;
    if (const auto* const query = std::get_if<LogQuery>(&request.what)) {
        out.bytes = co_await read_logs(*query, request.block_hash);
        co_return out;
    }
    std::function<async::Task<Result<Bytes>>(Endpoint&)> question =
        [&request](Endpoint& endpoint) -> async::Task<Result<Bytes>> {
        ReadRequest again = request;
        ReadResult answer = co_await endpoint.execute(std::move(again));
        co_return std::move(answer.bytes);
    };
    out.bytes = co_await ask<Bytes>(std::move(question), request.block_hash);
    co_return out;
}

async::Task<Result<Header>> EndpointPool::canonical(BlockNumber number) {
    std::vector<SourceId> order = ranked();
    const auto alive = std::find_if(order.begin(), order.end(), [this](SourceId who) {
        return members_[who]->health.state() != EndpointState::alive;
    });
    if (alive != order.begin()) order.erase(alive, order.end());
    Result<Header> out = fail(Errc::disconnected, "no endpoint is connected");
    for (const SourceId who : order) {
        Result<Header> told = co_await reader(who).block_by_number(number);
        if (told && out && told->head.hash != out->head.hash) {
            co_return fail(Errc::unproven,
                           "the endpoints disagree about block " + std::to_string(number.value));
        }
        if (told || !out) out = std::move(told);
    }
    co_return out;
}

}  // namespace plimsoll::rpc
