// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "bot/hot/hot_thread.hpp"
#include "bot/hot/matcher.hpp"
#include "chain/async/condition.hpp"
#include "chain/async/task.hpp"

#include <boost/asio/any_io_executor.hpp>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

namespace plimsoll::bot {

/// The connections of a HotThread and what happens on them; everything on its event loop, but for `counts`.
class HotLine {
  public:
    HotLine(boost::asio::any_io_executor executor, const std::vector<HotThread::Way>& ways,
            Handover& handover, std::function<void()> wake);

    /// Keeps the connections and their subscriptions, until cancelled.
    async::Task<void> live();
    void watch(Watch answers);
    /// What a frame would do, as far as nothing comes of it.
    void rehearse();
    [[nodiscard]] HotCounts counts() const noexcept;

  private:
    struct Pair {
        std::unique_ptr<rpc::Endpoint> feed;
        std::unique_ptr<rpc::Endpoint> submit;
    };

    async::Task<void> follow(rpc::Endpoint& feed);
    void told(std::size_t way, const rpc::Notification& notification);
    void take_tables();
    void send(ArmedTable& table, std::uint32_t entry, const rpc::Notification& cause);

    Handover& handover_;
    std::function<void()> wake_;
    std::vector<Pair> pairs_;
    Matcher matcher_;
    Watch watch_;
    async::Condition changed_;
    std::atomic<std::uint64_t> answers_{0};
    std::atomic<std::uint64_t> ignored_{0};
    std::atomic<std::uint64_t> matched_{0};
    std::atomic<std::uint64_t> sent_{0};
    std::atomic<std::uint64_t> late_{0};
};

}  // namespace plimsoll::bot
