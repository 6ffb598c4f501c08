// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tests/bench/node_socket.hpp"

#include <atomic>
#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>
#include <thread>

namespace plimsoll::bench {

/// A node that takes every transaction and answers its hash, on one WebSocket, in a thread of its own. It
/// does nothing else: what is measured beside it shares the machine with it. It asks the kernel for many
/// frames at a time and answers them together.
class LightNode {
  public:
    using Clock = std::chrono::steady_clock;

    LightNode();
    ~LightNode();
    LightNode(const LightNode&) = delete;
    LightNode& operator=(const LightNode&) = delete;

    [[nodiscard]] std::string url() const { return "ws://" + socket_.where(); }
    /// Transactions read so far, and when the newest bytes were.
    [[nodiscard]] std::size_t taken() const noexcept { return taken_.load(); }
    [[nodiscard]] Clock::time_point last() const noexcept {
        return Clock::time_point{Clock::duration{last_.load()}};
    }
    /// When the bytes came in which transaction number `marked` lay.
    void mark(std::size_t number) noexcept { marked_ = number; }
    [[nodiscard]] Clock::time_point marked() const noexcept {
        return Clock::time_point{Clock::duration{marked_at_.load()}};
    }
    /// What this thread has used of the processor.
    [[nodiscard]] std::chrono::nanoseconds spent() const;

  private:
    void serve();
    void talk();
    [[nodiscard]] bool greet();
    /// Answers the whole frames in `input` and takes them away.
    void take_frames();
    void answer(std::string_view request);
    /// False: it is to end.
    [[nodiscard]] bool wait_for(int socket) const;
    [[nodiscard]] bool flush();
    [[nodiscard]] bool read_more();

    NodeSocket socket_;
    std::string input_;
    std::string output_;
    std::atomic<std::size_t> taken_ = 0;
    std::atomic<Clock::rep> last_ = 0;
    std::atomic<std::size_t> marked_ = 0;
    std::atomic<Clock::rep> marked_at_ = 0;
    std::atomic<bool> closing_ = false;
    std::thread thread_;
};

}  // namespace plimsoll::bench
