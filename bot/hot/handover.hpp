// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "bot/hot/armed_table.hpp"
#include "bot/hot/hot_gate.hpp"
#include "bot/hot/spsc_queue.hpp"
#include "chain/primitives/hash.hpp"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

namespace plimsoll::bot {

/// What left by itself.
struct HotDeparture {
    IntentKey key;
    signer::ArmedSlot slot;
    Hash32 block_hash;  // whose answer it was
    BlockNumber block_number;
    ReceiveTime received;    // of the frame that told it
    std::int64_t left_at{};  // steady clock, when it was handed over; 0: not known yet
};

/// Everything that the writer thread and the thread that receives prices share.
class Handover {
  public:
    /// For so many ways out, none of which is believed yet.
    explicit Handover(std::size_t ways) : believed_(ways) {}

    [[nodiscard]] std::size_t ways() const noexcept { return believed_.size(); }

    // Of the writer thread.
    /// In place of whatever was published before. Only while the gate is closed; opens it.
    void publish(std::shared_ptr<ArmedTable> table);
    /// Lets the newest table go on; does nothing without one.
    void open();
    /// From here on nothing leaves until `publish` or `open`. What has left, told once.
    [[nodiscard]] std::optional<HotDeparture> close();
    [[nodiscard]] bool is_open() const noexcept { return gate_.is_open(); }
    /// The newest table; null before the first, and after something of it left.
    [[nodiscard]] ArmedTable* table() const noexcept { return table_.get(); }
    /// Whether what comes in on this way counts.
    void believe(std::size_t way, bool counts) noexcept {
        believed_[way].store(counts, std::memory_order_release);
    }

    // Of the other one.
    /// Into `out`; false if there is no newer one.
    [[nodiscard]] bool take(std::shared_ptr<ArmedTable>& out) { return tables_.pop(out); }
    [[nodiscard]] bool believes(std::size_t way) const noexcept {
        return believed_[way].load(std::memory_order_acquire);
    }
    /// True if this entry may leave now; then nothing else may.
    [[nodiscard]] bool claim(const ArmedTable& table, std::uint32_t entry) noexcept {
        return gate_.claim(table.epoch(), entry);
    }

  private:
    HotGate gate_;
    SpscQueue<std::shared_ptr<ArmedTable>, 64> tables_;
    std::vector<std::atomic<bool>> believed_;
    std::shared_ptr<ArmedTable> table_;                 // of the writer thread, like what follows
    std::vector<std::shared_ptr<ArmedTable>> retired_;  // the other thread may still hold them
};

}  // namespace plimsoll::bot
