// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cstdint>
#include <optional>

namespace plimsoll::bot {

/// Who may send from the armed set: the thread that receives prices while it is open, the writer thread while
/// it is closed. One entry of one epoch leaves at most, and whoever closes it learns which.
class HotGate {
  public:
    /// Of the writer thread, while it is closed: entries of this table may leave. `epoch` is never 0.
    void open(std::uint32_t epoch) noexcept { word_.store(pack(epoch, kOpen), std::memory_order_release); }
    /// Of the writer thread: nothing leaves any more. The entry that has, if one has; told once.
    [[nodiscard]] std::optional<std::uint32_t> close() noexcept {
        const std::uint64_t before = word_.exchange(0, std::memory_order_acq_rel);
        const auto state = static_cast<std::uint32_t>(before);
        if (state <= kOpen) return std::nullopt;
        return state - kFirstEntry;
    }
    [[nodiscard]] bool is_open() const noexcept {
        return static_cast<std::uint32_t>(word_.load(std::memory_order_relaxed)) == kOpen;
    }
    /// Of the other thread: true if this entry may leave now; then nothing else may.
    [[nodiscard]] bool claim(std::uint32_t epoch, std::uint32_t entry) noexcept {
        std::uint64_t expected = pack(epoch, kOpen);
        return word_.compare_exchange_strong(expected, pack(epoch, kFirstEntry + entry),
                                             std::memory_order_acq_rel, std::memory_order_relaxed);
    }

  private:
    static constexpr std::uint32_t kOpen = 1;
    static constexpr std::uint32_t kFirstEntry = 2;
    [[nodiscard]] static constexpr std::uint64_t pack(std::uint32_t epoch, std::uint32_t state) noexcept {
        return std::uint64_t{epoch} << 32U | state;
    }

    std::atomic<std::uint64_t> word_{0};  // 0: closed
};

}  // namespace plimsoll::bot
