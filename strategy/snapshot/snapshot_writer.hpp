// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chain/primitives/address.hpp"
#include "chain/primitives/block.hpp"
#include "chain/primitives/bytes.hpp"
#include "chain/primitives/hash.hpp"
#include "chain/primitives/quantity.hpp"
#include "chain/primitives/units.hpp"

#include <cstdint>
#include <string_view>
#include <utility>

namespace plimsoll::strategy {

/// Writes what a SnapshotReader reads: numbers of fixed width, little end first, one after the other.
class SnapshotWriter {
  public:
    void u8(std::uint8_t value) { out_.push_back(value); }
    void boolean(bool value) { u8(value ? 1 : 0); }
    void u16(std::uint16_t value) { number<2>(value); }
    void u32(std::uint32_t value) { number<4>(value); }
    void u64(std::uint64_t value) { number<8>(value); }
    void u128_value(u128 value) {
        u64(static_cast<std::uint64_t>(value));
        u64(static_cast<std::uint64_t>(value >> 64U));
    }
    void u256(const U256& value) { raw(value.to_be()); }
    void address(const Address& value) { raw(value.bytes); }
    void hash(const Hash32& value) { raw(value.bytes); }
    template <class Tag>
    void count(const Count<Tag>& value) {
        u64(value.value);
    }
    template <class Unit>
    void amount(const Quantity<Unit>& value) {
        u256(value.raw());
    }
    /// At most 2^32 - 1 elements follow.
    void length(std::size_t elements) { u32(static_cast<std::uint32_t>(elements)); }
    void text(std::string_view value) {
        length(value.size());
        for (const char c : value)
            out_.push_back(static_cast<std::uint8_t>(c));
    }
    void head(const Head& value) {
        hash(value.hash);
        hash(value.parent_hash);
        count(value.number);
        count(value.timestamp);
        amount(value.base_fee);
        count(value.gas_used);
        count(value.gas_limit);
    }
    void raw(BytesView bytes) { append_bytes(out_, bytes); }

    void reserve(std::size_t bytes) { out_.reserve(out_.size() + bytes); }
    [[nodiscard]] Bytes take() { return std::exchange(out_, {}); }

  private:
    template <std::size_t kBytes>
    void number(std::uint64_t value) {
        const std::size_t at = out_.size();
        out_.resize(at + kBytes);
        for (std::size_t i = 0; i < kBytes; ++i)
            out_[at + i] = static_cast<std::uint8_t>(value >> (8U * i));
    }

    Bytes out_;
};

}  // namespace plimsoll::strategy
