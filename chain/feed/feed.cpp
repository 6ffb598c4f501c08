// SPDX-License-Identifier: Apache-2.0
#include "chain/feed/feed.hpp"

#include "chain/feed/feed_impl.hpp"

#include <algorithm>
#include <utility>

namespace plimsoll::feed {
namespace {

/// A source that is told to wait still tells its heads.
Standing standing_of(rpc::EndpointState state) {
    switch (state) {
        case rpc::EndpointState::alive:
        case rpc::EndpointState::rate_limited:
            return Standing::alive;
        case rpc::EndpointState::lying:
        case rpc::EndpointState::wrong_chain:
            return Standing::distrusted;
        case rpc::EndpointState::undialed:
        case rpc::EndpointState::lagging:
        case rpc::EndpointState::syncing:
        case rpc::EndpointState::unreachable:
            break;
    }
    return Standing::quiet;
}

}  // namespace

ReceiveTime receive_time() {
    return ReceiveTime{std::chrono::steady_clock::now().time_since_epoch().count()};
}

Feed::Impl::Impl(const std::vector<FeedSource>& sources, FeedParams params_in, Sink sink_in,
                 const FeedDefects& defects_in)
    : params{std::move(params_in)},
      sink{std::move(sink_in)},
      defects{defects_in},
      tracker{TrackerParams{params.max_reorg_depth, params.max_gap, sources.size(), defects}},
      health{params.stale_after},
      clock{params.max_clock_skew, params.suspend_after},
      random{std::random_device{}()} {
    for (std::size_t i = 0; i < sources.size(); ++i) {
        Link& link = links.emplace_back(static_cast<SourceId>(i), sources[i], params.reconnect);
        link.endpoint.on_notification(
            [this, &link](rpc::Notification&& told) { on_notification(link, std::move(told)); });
    }
}

Feed::Impl::~Impl() {
    for (Link& link : links)
        link.endpoint.on_notification(nullptr);
}

void Feed::Impl::on_notification(Link& link, rpc::Notification&& notification) {
    if (auto* const header = std::get_if<rpc::Header>(&notification.body)) {
        head(link, *header, notification.received);
    } else if (auto* const log = std::get_if<Log>(&notification.body)) {
        tracker.on_log(std::move(*log), notification.received, link.id);
    } else {
        pending(link, std::get<PendingTransaction>(std::move(notification.body)), notification.received);
    }
    pump();
}

void Feed::Impl::pending(Link& link, PendingTransaction&& transaction, ReceiveTime received) {
    constexpr std::size_t kRemembered = 1'024;
    const auto one_of = [](const auto& items, const auto& wanted) {
        return std::find(items.begin(), items.end(), wanted) != items.end();
    };
    const bool wanted = pending_targets.empty() || one_of(pending_targets, transaction.to);
    if (!wanted || one_of(pending_told, transaction.hash)) return;
    pending_told.push_back(transaction.hash);
    if (pending_told.size() > kRemembered) pending_told.pop_front();
    ++tracker.counters().pending;
    tell(Event{received, link.id, std::move(transaction)});
}

void Feed::Impl::head(Link& link, const rpc::Header& header, ReceiveTime received) {
    const Clock::time_point now = Clock::now();
    const Head* const before = tracker.head_of(link.id);
    if (before == nullptr || before->hash != header.head.hash) link.watchdog.head(now);
    link.health.head(header.head.number, header.head.hash, now);
    const Head* const tip = tracker.tip();
    if (tip == nullptr || header.head.number > tip->number) clock.head(header.head.timestamp, params.wall());
    tracker.on_head(header, received, link.id);
}

/// Tells what there is to tell and starts the reads that are wanted. The sink may call watch() or begin_at(),
/// which come back here.
void Feed::Impl::pump() {
    if (std::exchange(pumping, true)) {
        again = true;
        return;
    }
    do {
        again = false;
        judge_sources();
        tell_events();
        for (const Fetch& fetch : tracker.take_fetches())
            start(fetch);
        for (const Lie& lie : tracker.take_lies()) {
            // A parent that nobody has is no proof against the only witness.
            if (lie.proven || links.size() > 1) links[lie.source].health.lied(lie.what, Clock::now());
            again = true;
        }
    } while (again);
    pumping = false;
    look_at_finality();
    tell_health();
}

/// What the sources' healths say counts from the next event on.
void Feed::Impl::judge_sources() {
    for (const Link& link : links)
        tracker.set_standing(link.id, standing_of(link.health.state()));
}

void Feed::Impl::tell_events() {
    tell_health(FeedHealth::Tell::reasons_only);
    while (std::optional<Event> event = tracker.poll()) {
        if (std::holds_alternative<BlockSealed>(event->body)) {
            health.advanced(Clock::now());
            for (Link& link : links)
                link.health.best_head(tracker.tip()->number, Clock::now());
            tell_health(FeedHealth::Tell::reasons_only);
        }
        tell(std::move(*event));
    }
}

void Feed::Impl::tell(Event&& event) {
    sink(std::move(event));
}

bool Feed::Impl::any_live() const {
    return std::any_of(links.begin(), links.end(), [](const Link& link) { return link.live; });
}

Agreement Feed::Impl::agreed() const {
    const Head* const tip = tracker.tip();
    const std::vector<SourceStand> stands = tracker.stands();
    if (tip == nullptr) return Agreement{};
    return feed::agreement(tip->number, stands);
}

void Feed::Impl::tell_health(FeedHealth::Tell what) {
    FeedHealth::State now;
    now.sealed_any = tracker.tip() != nullptr;
    now.connected = any_live();
    now.behind = tracker.behind();
    now.caught_up = tracker.caught_up();
    now.agreed = defects.trust_first_head || agreed().may_send();
    now.skewed = clock.skewed();
    now.finality_violated = tracker.finality().broken();
    if (const auto changed = health.update(Clock::now(), now, what))
        tell(Event{receive_time(), SourceId{}, *changed});
}

void Feed::Impl::watch(WatchFilter filter) {
    const Watch& now = tracker.filter().watch();
    const Watch& next = filter.watch();
    if (now.addresses == next.addresses && now.topics == next.topics) return;
    tracker.watch(std::move(filter));
    ++watch_version;
    if (!reads) return;
    for (Link& link : links)
        reads->spawn(resubscribe(link));
    pump();
}

Feed::Feed(std::vector<FeedSource> sources, FeedParams params, Sink sink)
    : Feed{std::move(sources), std::move(params), std::move(sink), FeedDefects{}} {}

Feed::Feed(std::vector<FeedSource> sources, FeedParams params, Sink sink, const FeedDefects& defects)
    : impl_{std::make_unique<Impl>(sources, std::move(params), std::move(sink), defects)} {}

Feed::Feed(rpc::Endpoint& endpoint, FeedParams params, Sink sink) {
    auto own = std::make_unique<rpc::EndpointHealth>();
    const std::vector<FeedSource> sources{FeedSource{endpoint, *own, false}};
    impl_ = std::make_unique<Impl>(sources, std::move(params), std::move(sink), FeedDefects{});
    impl_->own_health = std::move(own);
}

Feed::~Feed() = default;

async::Task<void> Feed::run() {
    return impl_->run();
}

void Feed::watch(Watch watch) {
    impl_->watch(WatchFilter{std::move(watch)});
}

void Feed::watch_pending(std::vector<Address> targets) {
    if (targets == impl_->pending_targets) return;
    impl_->pending_targets = std::move(targets);
    ++impl_->pending_version;
    if (!impl_->reads) return;
    for (Impl::Link& link : impl_->links)
        impl_->reads->spawn(impl_->resubscribe(link));
}

void Feed::begin_at(const Head& base) {
    impl_->tracker.begin_at(base);
    if (impl_->reads) impl_->pump();
}

void Feed::resume_finality() {
    impl_->tracker.resume_finality();
    if (impl_->reads) impl_->pump();
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

Agreement Feed::agreement() const {
    return impl_->agreed();
}

const std::string& Feed::finality_violation() const noexcept {
    return impl_->tracker.finality().why();
}

const Head* Feed::tip() const noexcept {
    return impl_->tracker.tip();
}

bool Feed::believes(SourceId source) const {
    const SourceStand stand = impl_->tracker.stand_of(source);
    return stand.alive && stand.on == SourceStand::On::our_chain &&
           standing_of(impl_->links.at(source).health.state()) == Standing::alive;
}

std::vector<SourceView> Feed::sources() const {
    std::vector<SourceView> out;
    for (const Impl::Link& link : impl_->links) {
        SourceView& view = out.emplace_back();
        view.name = link.endpoint.name();
        view.state = link.health.state();
        view.why = link.health.why();
        if (const Head* const head = impl_->tracker.head_of(link.id)) view.head = *head;
        view.lag = link.health.lag();
        view.requests = link.endpoint.counters().total_requests();
        view.connected = link.live;
    }
    return out;
}

}  // namespace plimsoll::feed
