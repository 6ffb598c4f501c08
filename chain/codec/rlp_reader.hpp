// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chain/primitives/address.hpp"
#include "chain/primitives/bytes.hpp"
#include "chain/primitives/hash.hpp"
#include "chain/primitives/result.hpp"
#include "chain/primitives/u256.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace plimsoll::codec {

/// Reads RLP items from the left to the right without copying; the bytes must outlive the reader and its
/// views. Only the canonical encoding passes: shortest prefixes, integers without leading zeros. The first
/// impossible thing makes the reader fail for good: every later value is zero or empty.
class RlpReader {
  public:
    /// Lists may be nested this deep; no Ethereum structure comes near it.
    static constexpr unsigned kMaxDepth = 64;

    explicit RlpReader(BytesView data) noexcept : data_{data} {}

    BytesView bytes() noexcept;
    std::string_view text() noexcept;
    /// A minimal big-endian integer of at most 32 bytes.
    U256 integer() noexcept;
    std::uint64_t u64() noexcept;
    /// An integer of at most `limit`.
    std::uint64_t bounded(std::uint64_t limit) noexcept;
    bool boolean() noexcept { return bounded(1) == 1; }
    Address address() noexcept;
    Hash32 hash() noexcept;
    /// The items of a list, to be read to their end (`finish` or `absorb` of the nested reader checks).
    RlpReader list() noexcept;

    /// True also after a failure, so that `while (!reader.at_end())` ends.
    [[nodiscard]] bool at_end() const noexcept { return !ok() || data_.empty(); }
    /// Whether the next item is a list; false at the end.
    [[nodiscard]] bool next_is_list() const noexcept { return !at_end() && data_[0] >= 0xC0; }
    [[nodiscard]] bool ok() const noexcept { return failure_ == nullptr; }
    /// Fails this reader if the nested one failed or was not read to its end.
    void absorb(const RlpReader& nested) noexcept;
    /// Fails for a reason of the caller's own.
    void reject(const char* why) noexcept;
    /// Errc::malformed_input if reading failed or bytes are left.
    [[nodiscard]] Result<void> finish(std::string_view what) const;

  private:
    struct Item {
        bool is_list{};
        BytesView payload;
    };

    Item next() noexcept;
    std::size_t long_size(std::size_t width) noexcept;
    void fixed(std::span<std::uint8_t> out) noexcept;

    BytesView data_;  // what is left
    unsigned depth_ = 0;
    const char* failure_ = nullptr;
};

/// Whether `data` is exactly one canonical item, nested lists included.
[[nodiscard]] Result<void> check_rlp(BytesView data);

}  // namespace plimsoll::codec
