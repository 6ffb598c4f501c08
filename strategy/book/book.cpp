// SPDX-License-Identifier: Apache-2.0
#include "strategy/book/book.hpp"

#include <type_traits>

namespace plimsoll::strategy {

std::optional<AccountId> Book::find(const Address& address) const {
    const auto found = ids_.find(address);
    if (found == ids_.end()) return std::nullopt;
    return found->second;
}

Position Book::position(AccountId account, ReserveId reserve) const noexcept {
    for (const Holding holding : holdings(account)) {
        if (holding.reserve == reserve) return holding.position;
    }
    return {};
}

ReserveSet Book::debts(AccountId account) const noexcept {
    ReserveSet out = 0;
    for (const Holding holding : holdings(account)) {
        if (holding.position.debt != 0) out |= only(holding.reserve);
    }
    return out;
}

std::size_t Book::bytes() const noexcept {
    constexpr std::size_t kMapNode = sizeof(std::pair<Address, AccountId>) + 2 * sizeof(void*);
    std::size_t out = ids_.size() * kMapNode + ids_.bucket_count() * sizeof(void*);
    out += addresses_.bytes() + collateral_.bytes() + first_.bytes() + version_.bytes() + category_.bytes();
    out += quarantined_.bytes() + nodes_.bytes();
    for (const std::vector<AccountId>& list : holders_)
        out += list.capacity() * sizeof(AccountId);
    return out;
}

void Book::reset(std::size_t reserves) {
    ids_.clear();
    addresses_.clear();
    collateral_.clear();
    first_.clear();
    version_.clear();
    category_.clear();
    quarantined_.clear();
    nodes_.clear();
    free_node_ = kNone;
    quarantined_count_ = 0;
    holders_.assign(reserves, {});
    reserves_.assign(reserves, {});
    categories_.fill({});
    flash_premium_ = {};
    ++market_version_;
    journal_.clear();
}

AccountId Book::create(const Address& address) {
    const auto account = static_cast<AccountId>(addresses_.size());
    ids_.emplace(address, account);
    addresses_.push_back(address);
    collateral_.push_back(0);
    first_.push_back(kNone);
    version_.push_back(++last_version_);
    category_.push_back(0);
    quarantined_.push_back(false);
    return account;
}

void Book::remove_last() {
    ids_.erase(addresses_.back());
    addresses_.pop_back();
    collateral_.pop_back();
    first_.pop_back();
    version_.pop_back();
    category_.pop_back();
    quarantined_.pop_back();
}

void Book::insert_node(AccountId account, std::uint32_t previous, ReserveId reserve,
                       const Position& position) {
    std::uint32_t node = free_node_;
    if (node == kNone) {
        node = static_cast<std::uint32_t>(nodes_.size());
        nodes_.push_back({});
    } else {
        free_node_ = nodes_[node].next;
    }
    std::uint32_t& link = previous == kNone ? first_[account] : nodes_[previous].next;
    nodes_[node] = Node{position, link, static_cast<std::uint32_t>(holders_[reserve].size()), reserve};
    link = node;
    holders_[reserve].push_back(account);
}

void Book::erase_node(AccountId account, std::uint32_t previous, std::uint32_t node) {
    std::vector<AccountId>& list = holders_[nodes_[node].reserve];
    const AccountId moved = list.back();
    list[nodes_[node].holder_slot] = moved;
    list.pop_back();
    for (std::uint32_t at = first_[moved]; at != kNone; at = nodes_[at].next) {
        if (nodes_[at].reserve == nodes_[node].reserve) nodes_[at].holder_slot = nodes_[node].holder_slot;
    }
    (previous == kNone ? first_[account] : nodes_[previous].next) = nodes_[node].next;
    nodes_[node].next = free_node_;
    free_node_ = node;
}

void Book::put(AccountId account, ReserveId reserve, const Position& position) {
    std::uint32_t previous = kNone;
    std::uint32_t at = first_[account];
    while (at != kNone && nodes_[at].reserve < reserve) {
        previous = at;
        at = nodes_[at].next;
    }
    const bool present = at != kNone && nodes_[at].reserve == reserve;
    if (!present && !position.empty()) insert_node(account, previous, reserve, position);
    if (present && position.empty()) erase_node(account, previous, at);
    if (present && !position.empty()) nodes_[at].position = position;
    touch(account);
}

void Book::set_quarantine(AccountId account, bool value) noexcept {
    if (quarantined_[account] == value) return;
    quarantined_[account] = value;
    quarantined_count_ = value ? quarantined_count_ + 1 : quarantined_count_ - 1;
    touch(account);
}

void Book::restore(const Old& old) {
    std::visit(
        [this](const auto& entry) {
            using T = std::decay_t<decltype(entry)>;
            if constexpr (std::is_same_v<T, Created>) {
                remove_last();
            } else if constexpr (std::is_same_v<T, OldCollateral>) {
                collateral_[entry.account] = entry.value;
                touch(entry.account);
            } else if constexpr (std::is_same_v<T, OldCategory>) {
                category_[entry.account] = entry.value;
                touch(entry.account);
            } else if constexpr (std::is_same_v<T, OldQuarantine>) {
                set_quarantine(entry.account, entry.value);
            } else if constexpr (std::is_same_v<T, OldPosition>) {
                put(entry.account, entry.reserve, entry.value);
            } else if constexpr (std::is_same_v<T, OldReserve>) {
                reserves_[entry.reserve] = entry.value;
            } else if constexpr (std::is_same_v<T, OldCategoryState>) {
                categories_[entry.category] = entry.value;
            } else {
                flash_premium_ = entry.value;
            }
        },
        old);
}

Undo Book::undo(const Hash32& block) {
    const Undo outcome = journal_.undo(block, [this](const Old& old) { restore(old); });
    if (outcome == Undo::done) ++market_version_;
    return outcome;
}

}  // namespace plimsoll::strategy
