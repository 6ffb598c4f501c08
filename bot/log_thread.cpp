// SPDX-License-Identifier: Apache-2.0
#include "bot/log_thread.hpp"

#include <array>
#include <exception>
#include <utility>

namespace plimsoll::bot {

LogThread::LogThread(Logger& log, Options options)
    : log_{log}, ring_{options.slots}, time_{std::move(options.time)}, nap_{options.nap} {
    if (!time_) time_ = [this](std::uint64_t ticks) { return clock_.at(ticks); };
    thread_ = std::thread{[this] { run(); }};
    log_.hand_to(this);
}

LogThread::~LogThread() {
    log_.hand_to(nullptr);
    {
        const std::lock_guard lock{mutex_};
        closing_.store(true, std::memory_order_release);
    }
    wake_.notify_one();
    thread_.join();
}

void LogThread::run() {
    for (;;) {
        const bool closing = closing_.load(std::memory_order_acquire);
        const std::size_t told = drain();
        tell_lost();
        if (told != 0) continue;
        if (closing) return;
        std::unique_lock lock{mutex_};
        // Whoever pushes in this very moment may not see it: so never for long.
        sleeps_.store(true);
        if (ring_.empty() && !closing_.load(std::memory_order_acquire)) wake_.wait_for(lock, nap_);
        sleeps_.store(false);
    }
}

std::size_t LogThread::drain() {
    if (ring_.empty()) return 0;
    clock_.look();
    return ring_.drain(log_, time_);
}

void LogThread::tell_lost() {
    const std::uint64_t lost = ring_.lost();
    if (lost == told_lost_) return;
    const std::array<Field, 1> fields{Field{"lines", lost - std::exchange(told_lost_, lost)}};
    log_.write_at(time_(read_ticks()), LogLevel::error, "log", "lines came faster than they are written",
                  fields);
}

}  // namespace plimsoll::bot
