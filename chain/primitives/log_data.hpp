// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chain/primitives/bytes.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <memory>

namespace plimsoll {

/// A log's data bytes. Up to kInline of them live in place (every Aave event and price answer), so that
/// decoding a frame allocates nothing; longer data goes to the heap.
class LogData {
  public:
    static constexpr std::size_t kInline = 256;

    LogData() noexcept = default;
    explicit LogData(BytesView bytes) { assign(bytes); }

    void assign(BytesView bytes) {
        const std::span<std::uint8_t> room = resize(bytes.size());
        std::copy(bytes.begin(), bytes.end(), room.begin());
    }
    /// Makes room for `size` bytes and returns it for writing; former content is lost.
    std::span<std::uint8_t> resize(std::size_t size) {
        size_ = size;
        if (size <= kInline) {
            long_.clear();
            return {short_.data(), size};
        }
        long_.resize(size);
        return long_;
    }
    [[nodiscard]] BytesView view() const noexcept {
        if (size_ <= kInline) return {short_.data(), size_};
        return long_;
    }
    [[nodiscard]] std::size_t size() const noexcept { return size_; }

    friend bool operator==(const LogData& a, const LogData& b) noexcept {
        return std::equal(a.view().begin(), a.view().end(), b.view().begin(), b.view().end());
    }

  private:
    std::size_t size_ = 0;
    std::array<std::uint8_t, kInline> short_{};
    Bytes long_;
};

}  // namespace plimsoll
