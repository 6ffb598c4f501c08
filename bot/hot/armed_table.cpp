// SPDX-License-Identifier: Apache-2.0
#include "bot/hot/armed_table.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

namespace plimsoll::bot {

namespace {

std::uint64_t last_bytes(const Address& address) noexcept {
    std::uint64_t out = 0;
    std::memcpy(&out, address.bytes.data() + address.bytes.size() - sizeof out, sizeof out);
    return out;
}

}  // namespace

bool ArmedTable::add(const strategy::Trigger& trigger, signer::ArmedSlot slot,
                     std::vector<rpc::PreparedSend> frames) {
    if (entries_.size() == kMost) return false;
    const auto place = place_for(trigger.aggregator);
    if (!place) return false;
    std::uint64_t others = 0;
    for (const Address& other : trigger.others) {
        const auto bit = place_for(other);
        if (!bit) return false;
        others |= std::uint64_t{1} << *bit;
    }
    Aggregator& aggregator = aggregators_[*place];
    (trigger.falling ? aggregator.falling : aggregator.rising)
        .push_back(static_cast<std::uint32_t>(entries_.size()));
    if (trigger.falling) aggregator.falling_from = std::max(aggregator.falling_from, trigger.most);
    if (!trigger.falling) aggregator.rising_from = std::min(aggregator.rising_from, trigger.least);
    entries_.push_back(ArmedEntry{trigger.key, slot, *place, others, trigger.least, trigger.most,
                                  trigger.assets, std::move(frames)});
    return true;
}

std::optional<std::uint32_t> ArmedTable::place_of(const Address& aggregator) const noexcept {
    const std::pair wanted{last_bytes(aggregator), std::uint32_t{0}};
    for (auto at = std::ranges::lower_bound(places_, wanted); at != places_.end(); ++at) {
        if (at->first != wanted.first) break;
        if (aggregators_[at->second].address == aggregator) return at->second;
    }
    return std::nullopt;
}

std::optional<std::uint32_t> ArmedTable::place_for(const Address& aggregator) {
    if (const auto known = place_of(aggregator)) return known;
    if (aggregators_.size() == kMost) return std::nullopt;
    const auto place = static_cast<std::uint32_t>(aggregators_.size());
    aggregators_.emplace_back().address = aggregator;
    const std::pair where{last_bytes(aggregator), place};
    places_.insert(std::ranges::upper_bound(places_, where), where);
    return place;
}

void ArmedTable::note(std::span<const Hash32> topics) noexcept {
    const auto named = [topics](const Address& one) {
        return std::ranges::find(topics, one, &Address::from_word) != topics.end();
    };
    std::uint64_t marks = 0;
    for (std::size_t i = 0; i < entries_.size(); ++i) {
        const bool about = named(entries_[i].key.account) || std::ranges::any_of(entries_[i].assets, named);
        if (about) marks |= std::uint64_t{1} << i;
    }
    if (marks != 0) void_.fetch_or(marks, std::memory_order_acq_rel);
}

}  // namespace plimsoll::bot
