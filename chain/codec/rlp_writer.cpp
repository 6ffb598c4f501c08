// SPDX-License-Identifier: Apache-2.0
#include "chain/codec/rlp_writer.hpp"

#include "chain/codec/rlp_prefix.hpp"

#include <array>
#include <bit>
#include <stdexcept>
#include <utility>

namespace plimsoll::codec {

namespace {

/// The one to nine bytes in front of a payload.
struct Prefix {
    std::array<std::uint8_t, 9> bytes{};
    std::size_t size = 1;
    [[nodiscard]] BytesView view() const noexcept { return {bytes.data(), size}; }
};

Prefix make_prefix(std::uint8_t kind, std::size_t payload) noexcept {
    Prefix out;
    if (payload <= kRlpMaxShort) {
        out.bytes[0] = static_cast<std::uint8_t>(kind + payload);
        return out;
    }
    const auto width = static_cast<std::size_t>(std::bit_width(payload) + 7) / 8;
    out.bytes[0] = static_cast<std::uint8_t>(kind + kRlpMaxShort + width);
    for (std::size_t i = 0; i < width; ++i) {
        out.bytes[i + 1] = static_cast<std::uint8_t>(payload >> (8 * (width - 1 - i)));
    }
    out.size = 1 + width;
    return out;
}

}  // namespace

RlpWriter& RlpWriter::integer(const U256& value) {
    const auto padded = value.to_be();
    const std::size_t size = (value.bit_width() + 7U) / 8U;
    return bytes(BytesView{padded}.last(size));
}

RlpWriter& RlpWriter::bytes(BytesView value) {
    const bool is_own_prefix = value.size() == 1 && value[0] < kRlpString;
    if (!is_own_prefix) append_bytes(out_, make_prefix(kRlpString, value.size()).view());
    append_bytes(out_, value);
    return *this;
}

RlpWriter& RlpWriter::text(std::string_view value) {
    return bytes({reinterpret_cast<const std::uint8_t*>(value.data()), value.size()});
}

RlpWriter& RlpWriter::encoded(BytesView item) {
    append_bytes(out_, item);
    return *this;
}

RlpWriter& RlpWriter::list_of(std::size_t bytes) {
    append_bytes(out_, make_prefix(kRlpList, bytes).view());
    return *this;
}

RlpWriter& RlpWriter::begin_list() {
    open_lists_.push_back(out_.size());
    return *this;
}

RlpWriter& RlpWriter::end_list() {
    if (open_lists_.empty()) throw std::logic_error{"RLP: no list is open"};
    const std::size_t start = open_lists_.back();
    open_lists_.pop_back();
    const Prefix prefix = make_prefix(kRlpList, out_.size() - start);
    const BytesView bytes = prefix.view();
    out_.insert(out_.begin() + static_cast<std::ptrdiff_t>(start), bytes.begin(), bytes.end());
    return *this;
}

Bytes RlpWriter::take() {
    if (!open_lists_.empty()) throw std::logic_error{"RLP: a list was not ended"};
    return std::exchange(out_, {});
}

}  // namespace plimsoll::codec
