// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chain/primitives/address.hpp"
#include "chain/primitives/bytes.hpp"
#include "chain/primitives/hash.hpp"
#include "chain/primitives/result.hpp"
#include "chain/primitives/u256.hpp"

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace plimsoll::codec {

/// Reads one ABI tuple from the left to the right without copying; the bytes must outlive the reader and its
/// views. The first impossible thing (end of data, an offset or length outside of it, a dirty address or
/// bool) makes the reader fail for good: every later value is zero or empty. A nested reader fails on its
/// own; `absorb` it, or ask its `finish`.
class AbiReader {
  public:
    explicit AbiReader(BytesView data) noexcept : data_{data} {}

    U256 u256() noexcept;
    /// The high 12 bytes must be zero.
    Address address() noexcept;
    /// Exactly 0 or 1.
    bool boolean() noexcept;
    /// A uint of any width whose value must fit.
    std::uint64_t u64() noexcept;
    u128 u128_value() noexcept;
    Hash32 word() noexcept;
    /// An int of any width: its magnitude; `negative` says the sign.
    U256 signed_word(bool& negative) noexcept;
    /// Dynamic bytes. As solc does, the padding after them is neither needed nor looked at.
    BytesView bytes() noexcept;
    std::string_view text() noexcept;
    /// Follows an offset to a dynamic tuple or an array (whose `length` is to be read first).
    AbiReader dynamic() noexcept;
    /// The length word at the beginning of an array. Each element needs at least a word, so it is at most the
    /// words left; the offsets of the elements count from behind it.
    std::size_t length() noexcept;
    void skip(std::size_t words) noexcept;

    /// Fails this reader if the nested one failed.
    void absorb(const AbiReader& nested) noexcept;
    /// Fails for a reason of the caller's own (a value out of its range).
    void reject(const char* why) noexcept;
    [[nodiscard]] bool ok() const noexcept { return failure_ == nullptr; }
    /// Errc::malformed_reply with `what` was being read, why it failed and where.
    [[nodiscard]] Result<void> finish(std::string_view what) const;

  private:
    [[nodiscard]] std::size_t left() const noexcept { return data_.size() - position_; }
    std::size_t offset() noexcept;

    BytesView data_;            // offsets count from its begin
    std::size_t position_ = 0;  // of the next head word, never beyond the end
    const char* failure_ = nullptr;
};

}  // namespace plimsoll::codec
