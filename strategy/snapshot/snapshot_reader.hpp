// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chain/primitives/address.hpp"
#include "chain/primitives/block.hpp"
#include "chain/primitives/bytes.hpp"
#include "chain/primitives/hash.hpp"
#include "chain/primitives/quantity.hpp"
#include "chain/primitives/result.hpp"
#include "chain/primitives/units.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace plimsoll::strategy {

/// Reads what a SnapshotWriter wrote, from bytes that may be anything. The first impossible thing makes it
/// fail for good: every later value is zero, every later length none. What it is asked to hold is never more
/// than the bytes there are.
class SnapshotReader {
  public:
    explicit SnapshotReader(BytesView data) noexcept : data_{data} {}

    std::uint8_t u8() noexcept { return static_cast<std::uint8_t>(number(1)); }
    /// Exactly 0 or 1.
    bool boolean() noexcept;
    std::uint16_t u16() noexcept { return static_cast<std::uint16_t>(number(2)); }
    std::uint32_t u32() noexcept { return static_cast<std::uint32_t>(number(4)); }
    std::uint64_t u64() noexcept { return number(8); }
    u128 u128_value() noexcept;
    U256 u256() noexcept;
    Address address() noexcept;
    Hash32 hash() noexcept;
    template <class CountOf>
    CountOf count() noexcept {
        return CountOf{u64()};
    }
    template <class QuantityOf>
    QuantityOf amount() noexcept {
        return QuantityOf{u256()};
    }
    /// The number of elements that follow: at most `most`, and each takes at least `element_bytes` bytes.
    std::size_t length(std::size_t most, std::size_t element_bytes) noexcept;
    /// At most `most` characters.
    std::string text(std::size_t most);
    Head head() noexcept;
    /// The next `size` bytes; empty if there are less.
    BytesView raw(std::size_t size) noexcept;

    /// Fails for a reason of the caller's own; the first reason stays.
    void reject(const char* why) noexcept {
        if (failure_ == nullptr) failure_ = why;
    }
    [[nodiscard]] bool ok() const noexcept { return failure_ == nullptr; }
    /// Errc::malformed_input if anything failed so far, with `what` was being read.
    [[nodiscard]] Result<void> check(std::string_view what) const;
    /// The same, and nothing may be left.
    [[nodiscard]] Result<void> finish(std::string_view what);

  private:
    [[nodiscard]] std::size_t left() const noexcept { return data_.size() - position_; }
    std::uint64_t number(std::size_t bytes) noexcept;

    BytesView data_;
    std::size_t position_ = 0;
    const char* failure_ = nullptr;
};

/// Element `index` of a block of numbers, little end first. The block must hold it.
/// The numbers of a block, which must be long enough. Here for the compiler to make a single load of each.
[[nodiscard]] inline std::uint64_t u64_at(BytesView block, std::size_t index) noexcept {
    const std::uint8_t* const first = block.data() + index * sizeof(std::uint64_t);
    std::uint64_t out = 0;
    for (unsigned i = 0; i < sizeof out; ++i)
        out |= std::uint64_t{first[i]} << (8U * i);
    return out;
}
[[nodiscard]] inline u128 u128_at(BytesView block, std::size_t index) noexcept {
    return u64_at(block, 2 * index) | (static_cast<u128>(u64_at(block, 2 * index + 1)) << 64U);
}

}  // namespace plimsoll::strategy
