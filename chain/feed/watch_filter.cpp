// SPDX-License-Identifier: Apache-2.0
#include "chain/feed/watch_filter.hpp"

#include "chain/primitives/keccak.hpp"

#include <algorithm>
#include <utility>

namespace plimsoll::feed {
namespace {

template <class T>
void sort_unique(std::vector<T>& items) {
    std::sort(items.begin(), items.end());
    items.erase(std::unique(items.begin(), items.end()), items.end());
}

bool any_in(const std::vector<BloomBits>& values, const rpc::Bloom& bloom) noexcept {
    return std::any_of(values.begin(), values.end(),
                       [&bloom](const BloomBits& value) { return value.in(bloom); });
}

}  // namespace

BloomBits::BloomBits(BytesView value) {
    const Hash32 hash = keccak256(value);
    for (std::size_t i = 0; i < bits_.size(); ++i) {
        const unsigned pair = (static_cast<unsigned>(hash.bytes[2 * i]) << 8U) | hash.bytes[2 * i + 1];
        bits_[i] = static_cast<std::uint16_t>(pair & 2047U);
    }
}

bool BloomBits::in(const rpc::Bloom& bloom) const noexcept {
    return std::all_of(bits_.begin(), bits_.end(), [&bloom](std::uint16_t bit) {
        return ((bloom[255U - bit / 8U] >> (bit % 8U)) & 1U) != 0;
    });
}

void BloomBits::add_to(rpc::Bloom& bloom) const noexcept {
    for (const std::uint16_t bit : bits_) {
        std::uint8_t& byte = bloom[255U - bit / 8U];
        byte = static_cast<std::uint8_t>(byte | (1U << (bit % 8U)));
    }
}

WatchFilter::WatchFilter(Watch watch) : watch_{std::move(watch)} {
    sort_unique(watch_.addresses);
    sort_unique(watch_.topics);
    for (const Address& address : watch_.addresses)
        address_bits_.emplace_back(BytesView{address.bytes});
    for (const Hash32& topic : watch_.topics)
        topic_bits_.emplace_back(BytesView{topic.bytes});
}

bool WatchFilter::matches(const Log& log) const noexcept {
    if (!std::binary_search(watch_.addresses.begin(), watch_.addresses.end(), log.address)) return false;
    if (watch_.topics.empty()) return true;
    return log.topic_count != 0 &&
           std::binary_search(watch_.topics.begin(), watch_.topics.end(), log.topic0());
}

bool WatchFilter::may_match(const rpc::Bloom& bloom) const noexcept {
    return any_in(address_bits_, bloom) && (topic_bits_.empty() || any_in(topic_bits_, bloom));
}

}  // namespace plimsoll::feed
