// SPDX-License-Identifier: Apache-2.0
#include "chain/codec/rlp_reader.hpp"

#include "chain/codec/rlp_prefix.hpp"

#include <algorithm>
#include <string>

namespace plimsoll::codec {

namespace {

void check_items(RlpReader& reader) {
    while (!reader.at_end()) {
        if (reader.next_is_list()) {
            RlpReader nested = reader.list();
            check_items(nested);  // at most RlpReader::kMaxDepth deep: list() refuses more
            reader.absorb(nested);
        } else {
            reader.bytes();
        }
    }
}

}  // namespace

/// The big-endian size behind the prefix of a long string or list.
std::size_t RlpReader::long_size(std::size_t width) noexcept {
    if (data_.size() < 1 + width) {
        reject("the data ends within a length");
        return 0;
    }
    if (data_[1] == 0) reject("a length with leading zeros");
    std::size_t size = 0;
    for (std::size_t i = 0; i < width; ++i)
        size = (size << 8U) | data_[1 + i];
    if (size <= kRlpMaxShort) reject("a long length for a short payload");
    return size;
}

RlpReader::Item RlpReader::next() noexcept {
    if (at_end()) {
        reject("the data ends too early");
        return {};
    }
    const std::uint8_t first = data_[0];
    const bool is_list = first >= kRlpList;
    std::size_t header = 1;
    std::size_t size = 1;
    if (first < kRlpString) {
        header = 0;
    } else {
        size = static_cast<std::size_t>(first - (is_list ? kRlpList : kRlpString));
        if (size > kRlpMaxShort) {
            const std::size_t width = size - kRlpMaxShort;
            size = long_size(width);
            header += width;
        }
    }
    if (ok() && size > data_.size() - header) reject("an item longer than the data");
    if (!ok()) return {};
    const Item out{is_list, data_.subspan(header, size)};
    if (!is_list && header == 1 && size == 1 && out.payload[0] < kRlpString)
        reject("a small byte behind a prefix");
    data_ = data_.subspan(header + size);
    return out;
}

BytesView RlpReader::bytes() noexcept {
    const Item item = next();
    if (item.is_list) reject("a list where a string belongs");
    return ok() ? item.payload : BytesView{};
}

std::string_view RlpReader::text() noexcept {
    const BytesView raw = bytes();
    return {reinterpret_cast<const char*>(raw.data()), raw.size()};
}

U256 RlpReader::integer() noexcept {
    const BytesView raw = bytes();
    if (raw.size() > 32) reject("an integer above 256 bits");
    if (!raw.empty() && raw[0] == 0) reject("an integer with leading zeros");
    return ok() ? U256::from_be(raw) : U256{};
}

std::uint64_t RlpReader::u64() noexcept {
    const U256 value = integer();
    if (!value.fits64()) reject("an integer above 64 bits");
    return ok() ? value.low64() : 0;
}

std::uint64_t RlpReader::bounded(std::uint64_t limit) noexcept {
    const std::uint64_t value = u64();
    if (value > limit) reject("an integer out of its range");
    return ok() ? value : 0;
}

void RlpReader::fixed(std::span<std::uint8_t> out) noexcept {
    const BytesView raw = bytes();
    if (raw.size() != out.size()) reject("a string of a wrong size");
    if (ok()) std::copy(raw.begin(), raw.end(), out.begin());
}

Address RlpReader::address() noexcept {
    Address out;
    fixed(out.bytes);
    return out;
}

Hash32 RlpReader::hash() noexcept {
    Hash32 out;
    fixed(out.bytes);
    return out;
}

RlpReader RlpReader::list() noexcept {
    const Item item = next();
    if (ok() && !item.is_list) reject("a string where a list belongs");
    if (depth_ >= kMaxDepth) reject("lists nested too deep");
    RlpReader out{ok() ? item.payload : BytesView{}};
    out.depth_ = depth_ + 1;
    out.failure_ = failure_;
    return out;
}

void RlpReader::absorb(const RlpReader& nested) noexcept {
    if (!nested.ok()) reject(nested.failure_);
    if (!nested.data_.empty()) reject("items left over in a list");
}

void RlpReader::reject(const char* why) noexcept {
    if (ok()) failure_ = why;
}

Result<void> RlpReader::finish(std::string_view what) const {
    if (!ok()) return fail(Errc::malformed_input, std::string{what} + ": " + failure_);
    if (!data_.empty()) {
        return fail(Errc::malformed_input,
                    std::string{what} + ": " + std::to_string(data_.size()) + " bytes left over");
    }
    return {};
}

Result<void> check_rlp(BytesView data) {
    RlpReader reader{data};
    if (reader.next_is_list()) {
        RlpReader nested = reader.list();
        check_items(nested);
        reader.absorb(nested);
    } else {
        reader.bytes();
    }
    return reader.finish("RLP item");
}

}  // namespace plimsoll::codec
