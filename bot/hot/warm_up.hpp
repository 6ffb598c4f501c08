// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <chrono>
#include <string>
#include <string_view>

namespace plimsoll::bot {

/// Has every line of the text in this core's cache.
inline void touch(std::string_view text) noexcept {
    constexpr std::size_t kLine = 64;
    for (std::size_t at = 0; at < text.size(); at += kLine)
        __builtin_prefetch(text.data() + at);
}

/// Keeps what a send needs of the kernel in this core's caches, by sending as much to itself over a pair of
/// loopback connections.
class WarmUp {
  public:
    /// Where no pair can be made, it does nothing.
    WarmUp();
    /// Whether the last exchange is long enough ago.
    [[nodiscard]] bool due();
    void exchange();

  private:
    using Clock = std::chrono::steady_clock;
    boost::asio::io_context io_{1};
    boost::asio::ip::tcp::socket near_{io_};
    boost::asio::ip::tcp::socket far_{io_};
    std::string bytes_;
    Clock::time_point next_;
};

}  // namespace plimsoll::bot
