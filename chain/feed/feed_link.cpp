// SPDX-License-Identifier: Apache-2.0
#include "chain/async/all_of.hpp"
#include "chain/async/deadline.hpp"
#include "chain/feed/feed_impl.hpp"

#include <utility>

// Each source's connection: made, subscribed or polled, lost, made again. None waits for another.
namespace plimsoll::feed {

async::Task<void> Feed::Impl::run() {
    // A pending read would keep the event loop alive after us.
    std::deque<rpc::CloseAtEnd> close;
    reads.emplace(co_await async::asio::this_coro::executor);
    std::vector<async::Task<void>> family;
    for (Link& link : links) {
        close.emplace_back(link.endpoint);
        family.push_back(stay_connected(link));
    }
    family.push_back(keep_time());
    family.push_back(reads->run());
    co_await async::all_of(std::move(family));
}

async::Task<void> Feed::Impl::stay_connected(Link& link) {
    for (;;) {
        Result<void> begun = co_await begin(link);
        Error why{Errc::disconnected, ""};
        if (begun) {
            why = co_await follow(link);
            ++tracker.counters().disconnects;
        } else {
            why = begun.error();
            link.endpoint.close();
        }
        if (link.unattended()) {
            if (link.live) link.health.lost(why, Clock::now());
            if (!link.live) link.health.failed(why, Clock::now());
        }
        disconnected(link);
        const auto delay = link.state.lost(why, Clock::now(), random());
        if (trouble) trouble(why, delay);
        co_await async::sleep_for(delay);
    }
}

/// Connects, subscribes, and takes the node's newest block as a head, so that what was missed becomes a gap.
async::Task<Result<void>> Feed::Impl::begin(Link& link) {
    PLIMSOLL_CO_CHECK(co_await link.endpoint.connect());
    link.state.opened(Clock::now());
    if (rpc::can_subscribe(link.endpoint.params().url.scheme)) PLIMSOLL_CO_CHECK(co_await subscribe(link));
    PLIMSOLL_CO_TRY(const rpc::Header newest, co_await link.endpoint.latest_block());
    connected(link);
    // A head that was told meanwhile may be newer than the answer.
    const Head* const told = tracker.head_of(link.id);
    if (told == nullptr || told->number < newest.head.number) head(link, newest, receive_time());
    pump();
    co_return Result<void>{};
}

async::Task<Result<void>> Feed::Impl::subscribe(Link& link) {
    PLIMSOLL_CO_CHECK(co_await link.endpoint.subscribe_heads());
    link.subscribed_version = 0;
    link.pending_version = 0;
    co_await resubscribe(link);
    co_return Result<void>{};
}

void Feed::Impl::connected(Link& link) {
    ++tracker.counters().connects;
    link.live = true;
    link.watchdog.connected(Clock::now());
    if (link.unattended()) link.health.opened(Clock::now());
    tracker.on_connected(link.id);
}

void Feed::Impl::disconnected(Link& link) {
    link.live = false;
    link.log_subscription.reset();
    link.pending_subscription.reset();
    link.watchdog.disconnected();
    tracker.on_disconnected(link.id);
    pump();
}

/// While the connection is good. Returns why it is not any more.
async::Task<Error> Feed::Impl::follow(Link& link) {
    constexpr int kMaxFailures = 3;  // in a row
    if (rpc::can_subscribe(link.endpoint.params().url.scheme)) co_return co_await link.endpoint.closed();
    int failures = 0;
    for (;;) {
        co_await async::sleep_for(params.poll_every);
        const Result<rpc::Header> newest = co_await link.endpoint.latest_block();
        if (newest) {
            failures = 0;
            head(link, *newest, receive_time());
            pump();
        } else if (++failures == kMaxFailures || !link.endpoint.connected()) {
            link.endpoint.close();
            co_return newest.error();
        }
    }
}

/// The new subscription stands before the old one goes. In between, logs come twice, and the tracker knows
/// them.
async::Task<void> Feed::Impl::resubscribe(Link& link) {
    constexpr int kTicksToRetry = 15;
    if (link.resubscribing || !link.endpoint.connected()) co_return;
    if (!rpc::can_subscribe(link.endpoint.params().url.scheme)) co_return;
    link.resubscribing = true;
    while (link.endpoint.connected() && link.subscribed_version != watch_version) {
        link.subscribed_version = watch_version;
        const std::optional<std::uint32_t> old = std::exchange(link.log_subscription, std::nullopt);
        if (!tracker.filter().empty()) {
            Watch wanted = tracker.filter().watch();
            const Result<std::uint32_t> fresh = co_await link.endpoint.subscribe_logs(std::move(wanted));
            if (!fresh) {
                // Without it logs are still complete, only later: each block is asked for its own.
                link.subscribed_version = 0;
                link.log_subscription = old;
                link.resubscribe_at = Clock::now() + kTicksToRetry * params.tick;
                break;
            }
            link.log_subscription = *fresh;
        }
        if (old && link.endpoint.connected()) static_cast<void>(co_await link.endpoint.unsubscribe(*old));
    }
    co_await resubscribe_pending(link);
    link.resubscribing = false;
}

async::Task<void> Feed::Impl::resubscribe_pending(Link& link) {
    while (link.pending && link.endpoint.connected() && link.pending_version != pending_version) {
        link.pending_version = pending_version;
        const std::optional<std::uint32_t> old = std::exchange(link.pending_subscription, std::nullopt);
        std::vector<Address> targets = pending_targets;
        const Result<std::uint32_t> fresh = co_await link.endpoint.subscribe_pending(std::move(targets));
        if (fresh) link.pending_subscription = *fresh;
        // Nothing depends on it, but whoever asked for it should know.
        if (!fresh && trouble) trouble(fresh.error(), std::chrono::milliseconds{0});
        if (old && link.endpoint.connected()) static_cast<void>(co_await link.endpoint.unsubscribe(*old));
    }
}

}  // namespace plimsoll::feed
