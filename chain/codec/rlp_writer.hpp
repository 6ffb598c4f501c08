// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chain/primitives/address.hpp"
#include "chain/primitives/bytes.hpp"
#include "chain/primitives/hash.hpp"
#include "chain/primitives/u256.hpp"

#include <cstddef>
#include <string_view>
#include <vector>

namespace plimsoll::codec {

/// Writes Recursive Length Prefix items (Ethereum Yellow Paper, appendix B), one after the other.
class RlpWriter {
  public:
    /// Starts with raw bytes in front of the items, as the type byte of a typed transaction. With `room`
    /// bytes to come it need not grow.
    explicit RlpWriter(BytesView prefix = {}, std::size_t room = 0) {
        out_.reserve(prefix.size() + room);
        out_.assign(prefix.begin(), prefix.end());
    }

    /// Big-endian without leading zeros; zero is the empty string.
    RlpWriter& integer(const U256& value);
    RlpWriter& bytes(BytesView value);
    RlpWriter& text(std::string_view value);
    RlpWriter& address(const Address& value) { return bytes(value.bytes); }
    RlpWriter& hash(const Hash32& value) { return bytes(value.bytes); }
    /// An item that is already encoded.
    RlpWriter& encoded(BytesView item);
    /// The beginning of a list of which the items, so many bytes of them, come next; it needs no end_list.
    RlpWriter& list_of(std::size_t bytes);
    /// Items up to the matching end_list belong to the list; every list must be ended before take().
    RlpWriter& begin_list();
    RlpWriter& end_list();

    /// The finished encoding; the writer is empty afterwards. Throws std::logic_error while a list is open.
    [[nodiscard]] Bytes take();

  private:
    Bytes out_;
    std::vector<std::size_t> open_lists_;  // where the payload of each begins
};

}  // namespace plimsoll::codec
