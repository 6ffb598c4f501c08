// SPDX-License-Identifier: Apache-2.0
#include "chain/feed/feed.hpp"

#include "chain/async/all_of.hpp"
#include "chain/async/deadline.hpp"
#include "chain/async/task_group.hpp"
#include "chain/feed/health.hpp"
#include "chain/feed/tracker.hpp"
#include "chain/rpc/connection_state.hpp"

#include <algorithm>
#include <optional>
#include <random>
#include <utility>

namespace plimsoll::feed {
namespace {

using Clock = std::chrono::steady_clock;

ReceiveTime receive_time() {
    return ReceiveTime{Clock::now().time_since_epoch().count()};
}

std::chrono::milliseconds retry_delay(unsigned attempt) {
    constexpr std::chrono::milliseconds kFirst{25};
    constexpr unsigned kMaxDoublings = 6;
    if (attempt == 0) return std::chrono::milliseconds{0};
    return kFirst * (1U << std::min(attempt - 1, kMaxDoublings));
}

Failure failure_of(const Error& error) {
    return error.code == Errc::not_found ? Failure::unknown : Failure::unanswered;
}

}  // namespace

/// The shell: it moves what the tracker wants to the endpoint and what the endpoint tells to the tracker.
struct Feed::Impl {
    Impl(rpc::Endpoint& endpoint_in, FeedParams params_in, Sink sink_in)
        : endpoint{endpoint_in},
          params{params_in},
          sink{std::move(sink_in)},
          tracker{TrackerParams{params.max_reorg_depth, params.max_gap, 1, {}}},
          health{params.stale_after},
          state{params.reconnect},
          random{std::random_device{}()} {}

    async::Task<void> run();
    async::Task<void> stay_connected();
    async::Task<Result<void>> begin();
    async::Task<void> keep_time();
    async::Task<void> resubscribe();
    async::Task<void> fetch_header(FetchHeader what);
    async::Task<void> fetch_logs(FetchLogs what);
    async::Task<void> fetch_newest(FetchNewest what);
    void take_header(Ticket ticket, const Result<rpc::Header>& header);

    void on_notification(rpc::Notification&& notification);
    void head(const rpc::Header& header, ReceiveTime received);
    void pump();
    void tell(Event&& event);
    void tell_health();
    void watch(WatchFilter filter);

    rpc::Endpoint& endpoint;
    FeedParams params;
    Sink sink;
    OnTrouble trouble;
    Tracker tracker;
    FeedHealth health;
    rpc::ConnectionState state;
    std::mt19937_64 random;
    std::optional<async::TaskGroup> reads;  // lives while run() does
    std::optional<std::uint32_t> log_subscription;
    std::uint64_t watch_version = 0;
    std::uint64_t subscribed_version = 0;
    bool resubscribing = false;
    bool live = false;  // subscribed, on this connection
    bool pumping = false;
};

async::Task<void> Feed::Impl::run() {
    // A pending read would keep the event loop alive after us.
    const rpc::CloseAtEnd close{endpoint};
    reads.emplace(co_await async::asio::this_coro::executor);
    co_await async::all_of(stay_connected(), keep_time(), reads->run());
}

async::Task<void> Feed::Impl::stay_connected() {
    for (;;) {
        Result<void> begun = co_await begin();
        Error why{Errc::disconnected, ""};
        if (begun) {
            why = co_await endpoint.closed();
            ++tracker.counters().disconnects;
        } else {
            why = begun.error();
            endpoint.close();
        }
        live = false;
        log_subscription.reset();
        tracker.on_disconnected();
        health.disconnected();
        tell_health();
        const auto delay = state.lost(why, Clock::now(), random());
        if (trouble) trouble(why, delay);
        co_await async::sleep_for(delay);
    }
}

/// Connects, subscribes, and takes the node's newest block as a head, so that what was missed becomes a gap.
async::Task<Result<void>> Feed::Impl::begin() {
    PLIMSOLL_CO_CHECK(co_await endpoint.connect());
    state.opened(Clock::now());
    PLIMSOLL_CO_CHECK(co_await endpoint.subscribe_heads());
    live = true;
    subscribed_version = 0;
    co_await resubscribe();
    PLIMSOLL_CO_TRY(const rpc::Header newest, co_await endpoint.latest_block());
    ++tracker.counters().connects;
    tracker.on_connected();
    head(newest, receive_time());
    health.connected(Clock::now());
    pump();
    co_return Result<void>{};
}

/// The new subscription stands before the old one goes. In between, logs come twice, and the tracker knows
/// them.
async::Task<void> Feed::Impl::resubscribe() {
    if (resubscribing) co_return;
    resubscribing = true;
    while (live && subscribed_version != watch_version) {
        subscribed_version = watch_version;
        const std::optional<std::uint32_t> old = std::exchange(log_subscription, std::nullopt);
        if (!tracker.filter().empty()) {
            Watch wanted = tracker.filter().watch();
            const Result<std::uint32_t> fresh = co_await endpoint.subscribe_logs(std::move(wanted));
            // Without it logs are still complete, only later: each block is asked for its own.
            if (fresh) log_subscription = *fresh;
        }
        if (old && live) static_cast<void>(co_await endpoint.unsubscribe(*old));
    }
    resubscribing = false;
}

async::Task<void> Feed::Impl::keep_time() {
    async::asio::steady_timer timer{co_await async::asio::this_coro::executor, Clock::now()};
    for (;;) {
        const auto now = std::chrono::system_clock::now().time_since_epoch();
        const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(now).count();
        tell(Event{receive_time(), SourceId{}, Tick{Timestamp{static_cast<std::uint64_t>(seconds)}}});
        tell_health();
        const bool silent =
            params.replace_after.count() > 0 && health.silence(Clock::now()) > params.replace_after;
        if (silent) ++tracker.counters().silences;
        if (silent || tracker.take_hopeless()) endpoint.close();
        timer.expires_at(std::max(timer.expiry() + std::chrono::seconds{1}, Clock::now()));
        co_await timer.async_wait(async::use_task);
    }
}

async::Task<void> Feed::Impl::fetch_header(FetchHeader what) {
    if (what.attempt != 0) co_await async::sleep_for(retry_delay(what.attempt));
    Result<rpc::Header> header = fail(Errc::not_found, "");
    if (what.number) {
        header = co_await endpoint.block_by_number(*what.number);
    } else {
        header = co_await endpoint.block_by_hash(what.hash);
    }
    take_header(what.ticket, header);
}

async::Task<void> Feed::Impl::fetch_newest(FetchNewest what) {
    if (what.attempt != 0) co_await async::sleep_for(retry_delay(what.attempt));
    const Result<rpc::Header> header = co_await endpoint.latest_block();
    take_header(what.ticket, header);
}

void Feed::Impl::take_header(Ticket ticket, const Result<rpc::Header>& header) {
    if (header) {
        tracker.on_header(ticket, *header, receive_time());
    } else {
        tracker.on_failure(ticket, failure_of(header.error()));
    }
    pump();
}

async::Task<void> Feed::Impl::fetch_logs(FetchLogs what) {
    if (what.attempt != 0) co_await async::sleep_for(retry_delay(what.attempt));
    Watch wanted = tracker.filter().watch();
    Result<rpc::BlockLogs> logs = co_await endpoint.get_logs_at(what.block, std::move(wanted));
    if (logs) {
        tracker.on_logs(what.ticket, std::move(logs->logs), logs->received);
    } else {
        tracker.on_failure(what.ticket, failure_of(logs.error()));
    }
    pump();
}

void Feed::Impl::on_notification(rpc::Notification&& notification) {
    if (auto* const header = std::get_if<rpc::Header>(&notification.body)) {
        head(*header, notification.received);
    } else if (auto* const log = std::get_if<Log>(&notification.body)) {
        tracker.on_log(std::move(*log), notification.received);
    }
    pump();
}

void Feed::Impl::head(const rpc::Header& header, ReceiveTime received) {
    health.head(Clock::now());
    tracker.on_head(header, received);
}

/// Tells what there is to tell and starts the reads that are wanted. The sink may call watch(), which comes
/// back here.
void Feed::Impl::pump() {
    if (std::exchange(pumping, true)) return;
    while (std::optional<Event> event = tracker.poll())
        tell(std::move(*event));
    pumping = false;
    for (const Fetch& fetch : tracker.take_fetches()) {
        if (const auto* const header = std::get_if<FetchHeader>(&fetch)) reads->spawn(fetch_header(*header));
        if (const auto* const logs = std::get_if<FetchLogs>(&fetch)) reads->spawn(fetch_logs(*logs));
        if (const auto* const newest = std::get_if<FetchNewest>(&fetch)) reads->spawn(fetch_newest(*newest));
    }
    tell_health();
}

void Feed::Impl::tell(Event&& event) {
    event.source = endpoint.params().source;
    sink(std::move(event));
}

void Feed::Impl::tell_health() {
    const FeedHealth::State now{tracker.tip() != nullptr, tracker.behind(), tracker.caught_up()};
    if (const auto changed = health.update(Clock::now(), now))
        tell(Event{receive_time(), SourceId{}, *changed});
}

void Feed::Impl::watch(WatchFilter filter) {
    const Watch& now = tracker.filter().watch();
    const Watch& next = filter.watch();
    if (now.addresses == next.addresses && now.topics == next.topics) return;
    tracker.watch(std::move(filter));
    ++watch_version;
    if (!reads) return;
    reads->spawn(resubscribe());
    pump();
}

Feed::Feed(rpc::Endpoint& endpoint, FeedParams params, Sink sink)
    : impl_{std::make_unique<Impl>(endpoint, params, std::move(sink))} {
    endpoint.on_notification(
        [impl = impl_.get()](rpc::Notification&& told) { impl->on_notification(std::move(told)); });
}

Feed::~Feed() {
    impl_->endpoint.on_notification(nullptr);
}

async::Task<void> Feed::run() {
    return impl_->run();
}

void Feed::watch(Watch watch) {
    impl_->watch(WatchFilter{std::move(watch)});
}

void Feed::on_trouble(OnTrouble handler) {
    impl_->trouble = std::move(handler);
}

const FeedCounters& Feed::counters() const noexcept {
    return impl_->tracker.counters();
}

Readiness Feed::readiness() const noexcept {
    return impl_->health.current();
}

const Head* Feed::tip() const noexcept {
    return impl_->tracker.tip();
}

}  // namespace plimsoll::feed
