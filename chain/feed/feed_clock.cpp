// SPDX-License-Identifier: Apache-2.0
#include "chain/feed/feed_impl.hpp"

#include <boost/asio/steady_timer.hpp>

#include <algorithm>

// What only time shows: silence, and a clock that is wrong.
namespace plimsoll::feed {

async::Task<void> Feed::Impl::keep_time() {
    async::asio::steady_timer timer{co_await async::asio::this_coro::executor, Clock::now()};
    for (;;) {
        const auto wall = params.wall();
        if (clock.lost_time(Clock::now(), wall)) {
            // Nobody knows what the sockets have lived through.
            ++tracker.counters().lost_times;
            for (Link& link : links)
                link.endpoint.close();
        }
        const auto seconds =
            std::chrono::duration_cast<std::chrono::seconds>(wall.time_since_epoch()).count();
        tell(Event{receive_time(), SourceId{}, Tick{Timestamp{static_cast<std::uint64_t>(seconds)}}});
        for (Link& link : links)
            look_after(link);
        pump();
        timer.expires_at(std::max(timer.expiry() + params.tick, Clock::now()));
        co_await timer.async_wait(async::use_task);
    }
}

void Feed::Impl::look_after(Link& link) {
    const Clock::time_point now = Clock::now();
    link.health.tick(now);
    if (link.live && link.subscribed_version != watch_version && now >= link.resubscribe_at)
        reads->spawn(resubscribe(link));
    const bool silent = params.replace_after.count() > 0 && link.watchdog.silence(now) > params.replace_after;
    if (silent) ++tracker.counters().silences;
    if (silent || tracker.take_hopeless(link.id)) link.endpoint.close();
}

}  // namespace plimsoll::feed
