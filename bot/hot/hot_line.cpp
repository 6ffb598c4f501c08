// SPDX-License-Identifier: Apache-2.0
#include "bot/hot/hot_line.hpp"

#include "bot/hot/warm_up.hpp"
#include "chain/async/all_of.hpp"
#include "chain/async/deadline.hpp"

#include <chrono>
#include <utility>

namespace plimsoll::bot {

namespace {

void count(std::atomic<std::uint64_t>& counter) noexcept {
    counter.store(counter.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
}

}  // namespace

HotLine::HotLine(boost::asio::any_io_executor executor, const std::vector<HotThread::Way>& ways,
                 Handover& handover, std::function<void()> wake)
    : handover_{handover}, wake_{std::move(wake)}, changed_{executor} {
    for (const HotThread::Way& way : ways) {
        Pair pair{std::make_unique<rpc::Endpoint>(executor, way.feed),
                  std::make_unique<rpc::Endpoint>(executor, way.submit)};
        pair.feed->on_notification(
            [this, at = pairs_.size()](rpc::Notification&& notification) { told(at, notification); });
        pairs_.push_back(std::move(pair));
    }
}

async::Task<void> HotLine::live() {
    std::vector<async::Task<void>> family;
    for (Pair& pair : pairs_) {
        family.push_back(pair.submit->keep_connected());
        family.push_back(pair.feed->keep_connected());
        family.push_back(follow(*pair.feed));
    }
    co_await async::all_of(std::move(family));
}

/// Subscriptions die with their connection, and a new one wants a new connection.
async::Task<void> HotLine::follow(rpc::Endpoint& feed) {
    constexpr std::chrono::milliseconds kPatience{60'000};
    constexpr std::chrono::milliseconds kPause{250};
    for (;;) {
        while (watch_.addresses.empty())
            co_await changed_.wait();
        const Result<void> connected = co_await feed.wait_connected(kPatience);
        bool subscribed = false;
        if (connected) {
            const Result<std::uint32_t> number = co_await feed.subscribe_logs(watch_);
            subscribed = number.has_value();
        }
        if (subscribed) {
            static_cast<void>(co_await feed.closed());
        } else {
            co_await async::sleep_for(kPause);
        }
    }
}

void HotLine::watch(Watch answers) {
    if (answers.addresses == watch_.addresses && answers.topics == watch_.topics) return;
    const bool subscribed = !watch_.addresses.empty();
    watch_ = std::move(answers);
    for (std::size_t i = 0; subscribed && i < pairs_.size(); ++i)
        pairs_[i].feed->close();
    changed_.notify_all();
}

void HotLine::take_tables() {
    std::shared_ptr<ArmedTable> next;
    while (handover_.take(next))
        matcher_.take(std::move(next));
}

/// What is told by who is not believed is as if it had not been: it neither sends nor makes void.
void HotLine::told(std::size_t way, const rpc::Notification& notification) {
    const auto* const log = std::get_if<Log>(&notification.body);
    if (log == nullptr) return;
    count(answers_);
    if (!handover_.believes(way)) return count(ignored_);
    take_tables();
    const auto entry = matcher_.match(*log);
    if (!entry) return;
    count(matched_);
    send(*matcher_.table(), *entry, notification);
}

/// Its cause is written before it is claimed: who closes the gate afterwards may read it.
void HotLine::send(ArmedTable& table, std::uint32_t entry, const rpc::Notification& cause) {
    const Log& log = std::get<Log>(cause.body);
    table.cause = {log.block_hash, log.block_number, cause.received};
    if (!handover_.claim(table, entry)) return count(late_);
    // Nothing else of it may leave, and its cause must stay as it is. It is held until all is handed over:
    // the writer thread lets go of what nobody else holds, and may publish the next one meanwhile.
    const std::shared_ptr<ArmedTable> held = matcher_.give_up();
    std::vector<rpc::PreparedSend>& frames = table.entries()[entry].frames;
    bool left = false;
    for (std::size_t i = 0; i < frames.size() && i < pairs_.size(); ++i)
        left = pairs_[i].submit->fire(std::move(frames[i])) || left;
    if (left) {
        table.left_at.store(std::chrono::steady_clock::now().time_since_epoch().count(),
                            std::memory_order_release);
        count(sent_);
    }
    wake_();
}

void HotLine::rehearse() {
    take_tables();
    for (Pair& pair : pairs_)
        pair.feed->rehearse();
    const ArmedTable* const table = matcher_.table();
    if (table == nullptr) return;
    for (const ArmedEntry& entry : table->entries()) {
        for (const rpc::PreparedSend& frame : entry.frames)
            touch(frame.frame);
    }
}

HotCounts HotLine::counts() const noexcept {
    return HotCounts{answers_.load(std::memory_order_relaxed), ignored_.load(std::memory_order_relaxed),
                     matched_.load(std::memory_order_relaxed), sent_.load(std::memory_order_relaxed),
                     late_.load(std::memory_order_relaxed)};
}

}  // namespace plimsoll::bot
