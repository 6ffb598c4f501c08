// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "bot/log_ring.hpp"
#include "bot/logger.hpp"

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>

namespace plimsoll::bot {

/// Words and writes a logger's lines beside the thread that has them, in their order. From its beginning to
/// its end only that one thread may use the logger, and it never waits for whoever reads the log: lines that
/// come faster than they are written are lost, and a line says how many. The end writes what is left.
class LogThread {
  public:
    struct Options {
        std::size_t slots = 8192;  // a power of two; holds what a crash decides in one block: 2 MiB
        /// Time of day of a stamp; empty: a TickClock's.
        std::function<LogRing::TimePoint(std::uint64_t ticks)> time{};
        /// How long at most it sleeps while lines are there that nobody woke it for.
        std::chrono::milliseconds nap{10};
    };

    explicit LogThread(Logger& log) : LogThread{log, Options{}} {}
    LogThread(Logger& log, Options options);
    ~LogThread();
    LogThread(const LogThread&) = delete;
    LogThread& operator=(const LogThread&) = delete;
    LogThread(LogThread&&) = delete;
    LogThread& operator=(LogThread&&) = delete;

    [[nodiscard]] LogRing& ring() noexcept { return ring_; }
    /// Of the thread that has the lines: some are waiting. Without this they are found after a nap.
    void wake() noexcept {
        if (sleeps_.load(std::memory_order_relaxed)) wake_.notify_one();
    }

  private:
    void run();
    std::size_t drain();
    void tell_lost();

    Logger& log_;
    LogRing ring_;
    std::function<LogRing::TimePoint(std::uint64_t ticks)> time_;
    std::chrono::milliseconds nap_;
    TickClock clock_;
    std::uint64_t told_lost_ = 0;  // of the thread
    std::atomic<bool> sleeps_{false};
    std::atomic<bool> closing_{false};
    std::mutex mutex_;
    std::condition_variable wake_;
    std::thread thread_;
};

}  // namespace plimsoll::bot
