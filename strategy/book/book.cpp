// SPDX-License-Identifier: Apache-2.0
#include "strategy/book/book.hpp"

#include <algorithm>
#include <type_traits>
#include <utility>

namespace plimsoll::strategy {

namespace {

std::uint8_t key_of(ReserveId reserve, bool debt) noexcept {
    return static_cast<std::uint8_t>(2U * reserve + (debt ? 1U : 0U));
}

}  // namespace

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
    return accounts_.bytes() + holdings_.bytes() + runs_.bytes() + collateral_.bytes() + version_.bytes() +
           category_.bytes() + quarantined_.bytes() + touched_.capacity() * sizeof(AccountId);
}

void Book::reset(std::size_t reserves) {
    accounts_.clear();
    holdings_.clear();
    runs_.clear();
    collateral_.clear();
    version_.clear();
    category_.clear();
    quarantined_.clear();
    quarantined_count_ = 0;
    reserves_.assign(reserves, {});
    categories_.fill({});
    flash_premium_ = {};
    ++market_version_;
    ++terms_version_;
    touched_.clear();
    journal_.clear();
}

void Book::touch(AccountId account) {
    version_[account] = ++last_version_;
    note_touched(account);
}

/// Where so many changed that looking at all is no more work, nobody needs to know which.
void Book::note_touched(AccountId account) {
    constexpr std::size_t kLeast = 1'024;
    touched_.push_back(account);
    if (touched_.size() <= std::max(kLeast, size() / 8)) return;
    touched_.clear();
    ++terms_version_;
}

void Book::take_touched(std::vector<AccountId>& out) {
    out.clear();
    std::swap(out, touched_);
}

void Book::set_reserve(ReserveId reserve, const ReserveState& state) {
    const ReserveState& old = reserves_[reserve];
    if (old.threshold != state.threshold || old.decimals != state.decimals) ++terms_version_;
    reserves_[reserve] = state;
    ++market_version_;
}

void Book::set_category_state(std::uint8_t category, const CategoryState& state) {
    categories_[category] = state;
    ++terms_version_;
    ++market_version_;
}

AccountId Book::create(const Address& address) {
    const AccountId account = accounts_.add(address);
    add_fields();
    note_touched(account);
    return account;
}

void Book::add_fields() {
    runs_.push_back({});
    collateral_.push_back(0);
    version_.push_back(++last_version_);
    category_.push_back(0);
    quarantined_.push_back(false);
}

/// Only while nothing is written of it any more.
void Book::remove_last() {
    note_touched(static_cast<AccountId>(size() - 1));
    accounts_.remove_last();
    runs_.pop_back();
    collateral_.pop_back();
    version_.pop_back();
    category_.pop_back();
    quarantined_.pop_back();
}

void Book::put(AccountId account, ReserveId reserve, const Position& position) {
    HoldingStore::Run& run = runs_[account];
    holdings_.set(run, key_of(reserve, false), position.supply);
    holdings_.set(run, key_of(reserve, true), position.debt);
    touch(account);
}

void Book::set_quarantine(AccountId account, bool value) {
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
                set_reserve(entry.reserve, entry.value);
            } else if constexpr (std::is_same_v<T, OldCategoryState>) {
                set_category_state(entry.category, entry.value);
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
