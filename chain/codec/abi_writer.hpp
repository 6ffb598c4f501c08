// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chain/codec/selector.hpp"
#include "chain/primitives/address.hpp"
#include "chain/primitives/bytes.hpp"
#include "chain/primitives/hash.hpp"
#include "chain/primitives/u256.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace plimsoll::codec {

/// Builds one ABI tuple (Solidity contract ABI specification, "Formal Specification of the Encoding"): static
/// values in the head, dynamic ones as an offset in the head and their bytes in the tail. A nested dynamic
/// tuple or array is its own writer; a nested static tuple is simply written in place.
class AbiWriter {
  public:
    /// A tuple: function results, a struct, event data.
    AbiWriter() = default;
    /// Calldata: the selector, then the arguments.
    explicit AbiWriter(const Selector& selector);
    /// A dynamic array of `count` elements, which are then written one after the other.
    [[nodiscard]] static AbiWriter array(std::size_t count);

    AbiWriter& u256(const U256& value);
    AbiWriter& address(const Address& value);
    AbiWriter& boolean(bool value);
    /// 32 bytes as they are: bytes32, a topic, an already encoded static value.
    AbiWriter& word(const Hash32& value);
    AbiWriter& bytes(BytesView value);
    AbiWriter& text(std::string_view value);
    /// A dynamic tuple or an array that was written on its own; a writer with a selector does not belong
    /// here.
    AbiWriter& dynamic(const AbiWriter& nested);

    [[nodiscard]] std::size_t size() const noexcept { return prefix_size_ + head_size_ + tail_.size(); }
    /// The finished encoding; the writer is empty afterwards.
    [[nodiscard]] Bytes take();

  private:
    struct Offset {
        std::size_t head_position;
        std::size_t tail_position;
    };

    void begin_tail_value();
    void append_to(Bytes& out) const;

    std::array<std::uint8_t, 32> prefix_{};  // selector or array length: what offsets do not count
    std::size_t prefix_size_ = 0;
    Bytes head_;  // with room at its end
    std::size_t head_size_ = 0;
    Bytes tail_;
    std::vector<Offset> offsets_;  // known only when the head is complete
};

}  // namespace plimsoll::codec
