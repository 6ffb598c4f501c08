// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "bot/hot/handover.hpp"
#include "chain/primitives/read_request.hpp"
#include "chain/primitives/result.hpp"
#include "chain/rpc/endpoint.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <thread>
#include <vector>

namespace plimsoll::bot {

/// Of all connections of the thread, since it began.
struct HotCounts {
    std::uint64_t answers{};  // of aggregators that were told to it
    std::uint64_t ignored{};  // of those, told by who is not believed
    std::uint64_t matched{};  // that set something off
    std::uint64_t sent{};     // of those, claimed and handed to at least one connection
    std::uint64_t late{};     // of those, not claimed: the writer thread had closed the gate
};

/// A thread that receives aggregators' answers over connections of its own and sends what the writer thread
/// holds ready for them, before anything else is done about them. It decides nothing but whether an answer
/// lies within bounds, and makes nothing but a copy of the log. All methods are the writer thread's.
class HotThread {
  public:
    struct Way {
        rpc::EndpointParams feed;    // where answers come from; must be able to subscribe
        rpc::EndpointParams submit;  // and where transactions go to
    };
    struct Params {
        std::vector<Way> ways;
        bool spin = false;  // never sleeps: for a core of its own
    };

    /// `wake` is called on the thread itself after something left, and must not block.
    HotThread(Params params, std::function<void()> wake);
    ~HotThread();
    HotThread(const HotThread&) = delete;
    HotThread& operator=(const HotThread&) = delete;
    HotThread(HotThread&&) = delete;
    HotThread& operator=(HotThread&&) = delete;

    /// From now on it runs on this core (counted from 0) and on no other. Errc::refused if it may not.
    [[nodiscard]] Result<void> keep_to(unsigned core);
    /// Whose answers to subscribe to; connections are made anew where others were subscribed to.
    void watch(Watch answers);

    /// What it may send, and what has left. Lives as long as the thread.
    [[nodiscard]] Handover& handover() noexcept { return handover_; }
    [[nodiscard]] HotCounts counts() const noexcept;

  private:
    struct Inside;
    void run();

    Handover handover_;
    std::unique_ptr<Inside> inside_;
    std::thread thread_;
};

}  // namespace plimsoll::bot
