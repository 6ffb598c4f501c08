// SPDX-License-Identifier: Apache-2.0
#include "chain/fees/fast_lz.hpp"

#include <array>
#include <cstddef>

namespace plimsoll::fees {

namespace {

constexpr unsigned kHashBits = 13;
constexpr std::uint32_t kFarthest = 0x1fff;    // how far back a match may lie
constexpr std::size_t kTail = 13;              // no match begins so close to the end
constexpr std::size_t kMatchTail = 4;          // and none reaches into these
constexpr std::uint64_t kLongestLiteral = 32;  // bytes behind one instruction
constexpr std::uint64_t kLongestMatch = 262;   // likewise

/// Only the sizes of the instructions are kept.
class FastLz {
  public:
    explicit FastLz(BytesView data) : data_{data} {}

    std::uint64_t size() {
        std::size_t unwritten = 0;  // where the literals not written yet begin
        const std::size_t limit = data_.size() < kTail ? 0 : data_.size() - kTail;
        std::size_t at = 2;
        while (at < limit) {
            const std::size_t earlier = next_match(at, limit);
            if (at >= limit) break;
            literals(at - unwritten);
            const std::size_t length = match_length(earlier + 3, at + 3);
            match(length);
            at += length;
            remember(at++);
            remember(at++);
            unwritten = at;
        }
        literals(data_.size() - unwritten);
        return size_;
    }

  private:
    [[nodiscard]] std::uint32_t three(std::size_t at) const {
        return data_[at] | static_cast<std::uint32_t>(data_[at + 1]) << 8U |
               static_cast<std::uint32_t>(data_[at + 2]) << 16U;
    }
    [[nodiscard]] static std::size_t hash(std::uint32_t value) {
        return (value * 2654435769U) >> (32U - kHashBits);
    }
    void remember(std::size_t at) { last_.at(hash(three(at))) = static_cast<std::uint32_t>(at); }

    /// Moves `at` on to where a match begins and tells where it was seen before; or to `limit`.
    [[nodiscard]] std::size_t next_match(std::size_t& at, std::size_t limit) {
        for (; at < limit; ++at) {
            const std::uint32_t value = three(at);
            const std::uint32_t seen = last_.at(hash(value));
            last_.at(hash(value)) = static_cast<std::uint32_t>(at);
            if (at - seen > kFarthest || value != three(seen)) continue;
            if (at + 1 < limit) return seen;  // the encoder gives up the last place
        }
        return 0;
    }
    /// Equal bytes from here on, and the one that ends them, as the encoder counts.
    [[nodiscard]] std::size_t match_length(std::size_t earlier, std::size_t at) const {
        const std::size_t most = data_.size() - kMatchTail - at;
        std::size_t length = 0;
        while (length < most) {
            if (data_[earlier + length] != data_[at + length]) return length + 1;
            ++length;
        }
        return length;
    }
    void literals(std::uint64_t count) {
        size_ += count / kLongestLiteral * (kLongestLiteral + 1);
        const std::uint64_t rest = count % kLongestLiteral;
        if (rest != 0) size_ += rest + 1;
    }
    void match(std::uint64_t length) {
        const std::uint64_t beyond = length - 1;
        size_ += beyond / kLongestMatch * 3;
        size_ += beyond % kLongestMatch >= 6 ? 3 : 2;
    }

    BytesView data_;
    std::array<std::uint32_t, 1U << kHashBits> last_{};
    std::uint64_t size_ = 0;
};

}  // namespace

std::uint64_t fast_lz_size(BytesView data) {
    return FastLz{data}.size();
}

}  // namespace plimsoll::fees
