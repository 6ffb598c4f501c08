// SPDX-License-Identifier: Apache-2.0
#include "chain/codec/abi_writer.hpp"

#include "chain/codec/abi_word.hpp"

#include <algorithm>

namespace plimsoll::codec {

namespace {

/// A length, then the bytes filled up with zeros to whole words.
void append_sized(Bytes& out, const std::uint8_t* data, std::size_t size) {
    append_bytes(out, U256{size}.to_be());
    append_bytes(out, {data, size});
    out.resize(out.size() + (kAbiWord - size % kAbiWord) % kAbiWord);
}

}  // namespace

AbiWriter::AbiWriter(const Selector& selector) : prefix_(selector.begin(), selector.end()) {}

AbiWriter AbiWriter::array(std::size_t count) {
    AbiWriter out;
    append_bytes(out.prefix_, U256{count}.to_be());
    return out;
}

AbiWriter& AbiWriter::u256(const U256& value) {
    append_bytes(head_, value.to_be());
    return *this;
}

AbiWriter& AbiWriter::address(const Address& value) {
    return word(value.to_word());
}

AbiWriter& AbiWriter::boolean(bool value) {
    return u256(U256{value ? 1U : 0U});
}

AbiWriter& AbiWriter::word(const Hash32& value) {
    append_bytes(head_, value.bytes);
    return *this;
}

AbiWriter& AbiWriter::bytes(BytesView value) {
    begin_tail_value();
    append_sized(tail_, value.data(), value.size());
    return *this;
}

AbiWriter& AbiWriter::text(std::string_view value) {
    begin_tail_value();
    append_bytes(tail_, U256{value.size()}.to_be());
    for (const char c : value)
        tail_.push_back(static_cast<std::uint8_t>(c));
    tail_.resize(tail_.size() + (kAbiWord - value.size() % kAbiWord) % kAbiWord);
    return *this;
}

AbiWriter& AbiWriter::dynamic(const AbiWriter& nested) {
    begin_tail_value();
    nested.append_to(tail_);
    return *this;
}

Bytes AbiWriter::take() {
    Bytes out;
    append_to(out);
    *this = AbiWriter{};
    return out;
}

void AbiWriter::begin_tail_value() {
    offsets_.push_back({head_.size(), tail_.size()});
    head_.resize(head_.size() + kAbiWord);
}

void AbiWriter::append_to(Bytes& out) const {
    out.reserve(out.size() + size());
    append_bytes(out, prefix_);
    const std::size_t head_start = out.size();
    append_bytes(out, head_);
    for (const Offset& offset : offsets_) {
        const auto word = U256{head_.size() + offset.tail_position}.to_be();
        std::copy(word.begin(), word.end(),
                  out.begin() + static_cast<std::ptrdiff_t>(head_start + offset.head_position));
    }
    append_bytes(out, tail_);
}

}  // namespace plimsoll::codec
