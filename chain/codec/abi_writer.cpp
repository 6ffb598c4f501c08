// SPDX-License-Identifier: Apache-2.0
#include "chain/codec/abi_writer.hpp"

#include "chain/codec/abi_word.hpp"

#include <algorithm>

namespace plimsoll::codec {

namespace {

constexpr std::size_t kUsualHead = 12 * kAbiWord;  // few tuples have more fields
constexpr std::size_t kUsualOffsets = 4;

std::uint8_t* put(std::uint8_t* to, BytesView bytes) {
    return std::copy(bytes.begin(), bytes.end(), to);
}

/// A length, then the bytes filled up with zeros to whole words.
void append_sized(Bytes& out, BytesView bytes) {
    const std::size_t start = out.size();
    out.resize(start + kAbiWord + (bytes.size() + kAbiWord - 1) / kAbiWord * kAbiWord);
    put(put(out.data() + start, U256{bytes.size()}.to_be()), bytes);
}

}  // namespace

AbiWriter::AbiWriter(const Selector& selector) : prefix_size_{selector.size()} {
    put(prefix_.data(), selector);
}

AbiWriter AbiWriter::array(std::size_t count) {
    AbiWriter out;
    out.prefix_ = U256{count}.to_be();
    out.prefix_size_ = kAbiWord;
    return out;
}

AbiWriter& AbiWriter::u256(const U256& value) {
    return word(Hash32::from_u256(value));
}

AbiWriter& AbiWriter::address(const Address& value) {
    return word(value.to_word());
}

AbiWriter& AbiWriter::boolean(bool value) {
    return u256(U256{value ? 1U : 0U});
}

AbiWriter& AbiWriter::word(const Hash32& value) {
    if (head_size_ == head_.size()) head_.resize(std::max(kUsualHead, 2 * head_size_));
    put(head_.data() + head_size_, value.bytes);
    head_size_ += kAbiWord;
    return *this;
}

AbiWriter& AbiWriter::bytes(BytesView value) {
    begin_tail_value();
    append_sized(tail_, value);
    return *this;
}

AbiWriter& AbiWriter::text(std::string_view value) {
    return bytes({reinterpret_cast<const std::uint8_t*>(value.data()), value.size()});
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
    if (offsets_.empty()) offsets_.reserve(kUsualOffsets);
    offsets_.push_back({head_size_, tail_.size()});
    word(Hash32{});
}

void AbiWriter::append_to(Bytes& out) const {
    const std::size_t start = out.size();
    out.resize(start + size());
    std::uint8_t* const head = put(out.data() + start, BytesView{prefix_}.first(prefix_size_));
    put(put(head, BytesView{head_}.first(head_size_)), tail_);
    for (const Offset& offset : offsets_)
        put(head + offset.head_position, U256{head_size_ + offset.tail_position}.to_be());
}

}  // namespace plimsoll::codec
