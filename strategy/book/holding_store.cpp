// SPDX-License-Identifier: Apache-2.0
#include "strategy/book/holding_store.hpp"

#include <algorithm>

namespace plimsoll::strategy {

std::size_t HoldingStore::class_of(std::size_t size) noexcept {
    static constexpr auto kClasses = [] {
        std::array<std::uint8_t, kSizes.back() + 1> out{};
        for (std::size_t of = 0, at = 0; of < out.size(); ++of) {
            if (of > kSizes[at]) ++at;
            out[of] = static_cast<std::uint8_t>(at);
        }
        return out;
    }();
    return kClasses[size];
}

/// The places of a run lie in one chunk; what is left of a chunk that is too short serves smaller runs.
std::uint32_t HoldingStore::take(std::size_t size_class) {
    std::vector<std::uint32_t>& free = free_[size_class];
    if (!free.empty()) {
        const std::uint32_t out = free.back();
        free.pop_back();
        return out;
    }
    const std::size_t size = kSizes[size_class];
    std::size_t rest = (kChunk - keys_.size() % kChunk) % kChunk;
    if (rest >= size) rest = 0;
    while (rest != 0) {
        const std::size_t part = static_cast<std::size_t>(
            std::upper_bound(kSizes.begin(), kSizes.end(), rest) - kSizes.begin() - 1);
        free_[part].push_back(static_cast<std::uint32_t>(keys_.size()));
        extend(kSizes[part]);
        rest -= kSizes[part];
    }
    const auto out = static_cast<std::uint32_t>(keys_.size());
    extend(size);
    return out;
}

void HoldingStore::extend(std::size_t count) {
    keys_.extend(count);
    amounts_.extend(count);
}

void HoldingStore::move(Run& run, std::size_t size_class) {
    const std::size_t old = class_of(run.size);
    const std::uint32_t to = size_class == 0 ? 0 : take(size_class);
    const std::size_t kept = std::min<std::size_t>(run.size, kSizes[size_class]);
    for (std::size_t i = 0; i < kept; ++i) {
        keys_[to + i] = keys_[run.first + i];
        amounts_[to + i] = amounts_[run.first + i];
    }
    if (old != 0) free_[old].push_back(run.first);
    run.first = to;
}

void HoldingStore::set(Run& run, std::uint8_t key, u128 amount) {
    std::size_t at = 0;
    while (at < run.size && keys_[run.first + at] < key)
        ++at;
    const bool present = at < run.size && keys_[run.first + at] == key;
    if (present && amount != 0) {
        amounts_[run.first + at] = amount;
        return;
    }
    if (!present && amount == 0) return;
    const std::size_t last = run.size;
    if (present) {
        for (std::size_t i = at; i + 1 < last; ++i) {
            keys_[run.first + i] = keys_[run.first + i + 1];
            amounts_[run.first + i] = amounts_[run.first + i + 1];
        }
        const std::size_t smaller = class_of(last - 1);
        if (smaller != class_of(last)) move(run, smaller);
        --run.size;
        return;
    }
    const std::size_t larger = class_of(last + 1);
    if (larger != class_of(last)) move(run, larger);
    ++run.size;
    for (std::size_t i = last; i > at; --i) {
        keys_[run.first + i] = keys_[run.first + i - 1];
        amounts_[run.first + i] = amounts_[run.first + i - 1];
    }
    keys_[run.first + at] = key;
    amounts_[run.first + at] = amount;
}

void HoldingStore::fill(Run& run, std::span<const HoldingEntry> entries) {
    if (entries.empty()) return;
    run.first = take(class_of(entries.size()));
    run.size = static_cast<std::uint16_t>(entries.size());
    for (std::size_t i = 0; i < entries.size(); ++i) {
        keys_[run.first + i] = entries[i].key;
        amounts_[run.first + i] = entries[i].amount;
    }
}

void HoldingStore::clear() noexcept {
    keys_.clear();
    amounts_.clear();
    for (auto& list : free_)
        list.clear();
}

std::size_t HoldingStore::bytes() const noexcept {
    std::size_t out = keys_.bytes() + amounts_.bytes();
    for (const auto& list : free_)
        out += list.capacity() * sizeof(std::uint32_t);
    return out;
}

}  // namespace plimsoll::strategy
