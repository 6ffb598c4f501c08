// SPDX-License-Identifier: Apache-2.0
#include "strategy/book/account_table.hpp"

#include <algorithm>

namespace plimsoll::strategy {

std::size_t AccountTable::search(const Shard& shard, std::size_t hash,
                                 const Address& address) const noexcept {
    const std::size_t mask = shard.places.size() - 1;
    std::size_t at = start(hash, shard);
    while (shard.places[at] != kFree && addresses_[shard.places[at]] != address)
        at = (at + 1) & mask;
    return at;
}

std::optional<AccountId> AccountTable::find(const Address& address) const noexcept {
    const std::size_t code = hash(address);
    const Shard& shard = shards_[code % kShards];
    if (shard.places.empty()) return std::nullopt;
    const AccountId found = shard.places[search(shard, code, address)];
    return found == kFree ? std::nullopt : std::optional{found};
}

bool AccountTable::add_new(const Address& address) {
    const std::size_t code = hash(address);
    Shard& shard = shards_[code % kShards];
    if (is_full(shard)) grow(shard);
    AccountId& place = shard.places[search(shard, code, address)];
    if (place != kFree) return false;
    place = static_cast<AccountId>(addresses_.size());
    addresses_.push_back(address);
    ++shard.taken;
    return true;
}

AccountId AccountTable::add(const Address& address) {
    static_cast<void>(add_new(address));
    return static_cast<AccountId>(addresses_.size() - 1);
}

void AccountTable::reserve(std::size_t accounts) {
    for (Shard& shard : shards_) {
        while (3 * kShards * shard.places.size() < 4 * accounts)
            grow(shard);
    }
}

void AccountTable::grow(Shard& shard) {
    constexpr std::size_t kFirst = 8;
    std::vector<AccountId> old(std::max(kFirst, 2 * shard.places.size()), kFree);
    std::swap(old, shard.places);
    for (const AccountId account : old) {
        if (account == kFree) continue;
        std::size_t at = start(hash(addresses_[account]), shard);
        while (shard.places[at] != kFree)
            at = (at + 1) & (shard.places.size() - 1);
        shard.places[at] = account;
    }
}

std::size_t AccountTable::place_of(const Shard& shard, AccountId account) const noexcept {
    std::size_t at = start(hash(addresses_[account]), shard);
    while (shard.places[at] != account)
        at = (at + 1) & (shard.places.size() - 1);
    return at;
}

/// Whatever was pushed beyond the place by it moves back, so that no search ends too early.
void AccountTable::remove_last() noexcept {
    const auto account = static_cast<AccountId>(addresses_.size() - 1);
    Shard& shard = shards_[hash(addresses_[account]) % kShards];
    const std::size_t mask = shard.places.size() - 1;
    std::size_t hole = place_of(shard, account);
    for (std::size_t at = (hole + 1) & mask; shard.places[at] != kFree; at = (at + 1) & mask) {
        const std::size_t home = start(hash(addresses_[shard.places[at]]), shard);
        if (((at - home) & mask) < ((at - hole) & mask)) continue;  // it lies at or after its home already
        shard.places[hole] = shard.places[at];
        hole = at;
    }
    shard.places[hole] = kFree;
    --shard.taken;
    addresses_.pop_back();
}

void AccountTable::clear() noexcept {
    addresses_.clear();
    shards_ = {};
}

std::size_t AccountTable::bytes() const noexcept {
    std::size_t out = addresses_.bytes() + sizeof(shards_);
    for (const Shard& shard : shards_)
        out += shard.places.capacity() * sizeof(AccountId);
    return out;
}

}  // namespace plimsoll::strategy
