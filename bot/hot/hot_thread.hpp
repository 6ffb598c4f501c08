// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "bot/hot/armed_table.hpp"
#include "bot/hot/hot_gate.hpp"
#include "bot/hot/spsc_queue.hpp"
#include "chain/primitives/read_request.hpp"
#include "chain/primitives/result.hpp"
#include "chain/rpc/endpoint.hpp"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <thread>
#include <vector>

namespace plimsoll::bot {

/// Of all connections of the thread, since it began.
struct HotCounts {
    std::uint64_t answers{};  // of aggregators that were told to it
    std::uint64_t matched{};  // that set something off
    std::uint64_t sent{};     // of those, claimed and handed to at least one connection
    std::uint64_t late{};     // of those, not claimed: the writer thread had closed the gate
};

/// What left by itself.
struct HotDeparture {
    IntentKey key;
    signer::ArmedSlot slot;
    Hash32 block_hash;  // whose answer it was
    BlockNumber block_number;
    ReceiveTime received;    // of the frame that told it
    std::int64_t left_at{};  // steady clock, when it was handed over; 0: not known yet
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
    [[nodiscard]] std::size_t ways() const noexcept;
    /// Whose answers to subscribe to; connections are made anew if that changed.
    void watch(Watch answers);

    /// In place of whatever was published before. Only while the gate is closed; opens it.
    void publish(std::shared_ptr<ArmedTable> table);
    /// Lets the newest table go on; does nothing without one.
    void open();
    /// From here on nothing leaves until `publish` or `open`. What has left, told once.
    [[nodiscard]] std::optional<HotDeparture> close();
    [[nodiscard]] bool is_open() const noexcept { return gate_.is_open(); }
    /// The newest table; null before the first, and after something of it left.
    [[nodiscard]] ArmedTable* table() const noexcept { return table_.get(); }

    [[nodiscard]] HotCounts counts() const noexcept;

  private:
    struct Inside;
    void run();

    HotGate gate_;
    SpscQueue<std::shared_ptr<ArmedTable>, 64> tables_;
    std::shared_ptr<ArmedTable> table_;
    std::vector<std::shared_ptr<ArmedTable>> retired_;  // the other thread may still hold them
    std::unique_ptr<Inside> inside_;
    std::thread thread_;
};

}  // namespace plimsoll::bot
