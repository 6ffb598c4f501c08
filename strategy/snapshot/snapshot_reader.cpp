// SPDX-License-Identifier: Apache-2.0
#include "strategy/snapshot/snapshot_reader.hpp"

#include <algorithm>

namespace plimsoll::strategy {

namespace {

constexpr std::size_t kWord = 8;

std::uint64_t little_end_first(BytesView bytes) noexcept {
    std::uint64_t out = 0;
    for (std::size_t i = 0; i < bytes.size(); ++i)
        out |= std::uint64_t{bytes[i]} << (8U * i);
    return out;
}

}  // namespace

BytesView SnapshotReader::raw(std::size_t size) noexcept {
    if (size > left()) reject("ends too early");
    if (failure_ != nullptr) return {};
    const BytesView out = data_.subspan(position_, size);
    position_ += size;
    return out;
}

std::uint64_t SnapshotReader::number(std::size_t bytes) noexcept {
    return little_end_first(raw(bytes));
}

bool SnapshotReader::boolean() noexcept {
    const std::uint8_t value = u8();
    if (value > 1) reject("a flag that is neither set nor clear");
    return value == 1 && ok();
}

u128 SnapshotReader::u128_value() noexcept {
    const BytesView bytes = raw(2 * kWord);
    return bytes.empty() ? u128{} : u128_at(bytes, 0);
}

U256 SnapshotReader::u256() noexcept {
    return hash().as_u256();
}

Address SnapshotReader::address() noexcept {
    Address out;
    const BytesView bytes = raw(out.bytes.size());
    std::copy(bytes.begin(), bytes.end(), out.bytes.begin());
    return out;
}

Hash32 SnapshotReader::hash() noexcept {
    Hash32 out;
    const BytesView bytes = raw(out.bytes.size());
    std::copy(bytes.begin(), bytes.end(), out.bytes.begin());
    return out;
}

std::size_t SnapshotReader::length(std::size_t most, std::size_t element_bytes) noexcept {
    const std::size_t out = u32();
    if (out > most) reject("more elements than there may be");
    if (ok() && out > left() / std::max<std::size_t>(element_bytes, 1)) reject("ends too early");
    return ok() ? out : 0;
}

std::string SnapshotReader::text(std::size_t most) {
    const BytesView bytes = raw(length(most, 1));
    return std::string{bytes.begin(), bytes.end()};
}

Head SnapshotReader::head() noexcept {
    Head out;
    out.hash = hash();
    out.parent_hash = hash();
    out.number = count<BlockNumber>();
    out.timestamp = count<Timestamp>();
    out.base_fee = amount<Wei>();
    out.gas_used = count<Gas>();
    out.gas_limit = count<Gas>();
    return out;
}

Result<void> SnapshotReader::check(std::string_view what) const {
    if (ok()) return {};
    return fail(Errc::malformed_input, "snapshot: " + std::string{what} + ": " + failure_);
}

Result<void> SnapshotReader::finish(std::string_view what) {
    if (left() != 0) reject("more follows than belongs to it");
    return check(what);
}

}  // namespace plimsoll::strategy
