// SPDX-License-Identifier: Apache-2.0
// A book as bytes. The blocks: reserves, categories, premium; then addresses, collateral sets, categories,
// quarantine and numbers of positions of all accounts; then reserves, supplies and debts of all positions.
#include "strategy/book/book.hpp"

#include <algorithm>

namespace plimsoll::strategy {

namespace {

constexpr std::size_t kReserveBytes = 4 * 16 + 2 * 8 + 3 * 2 + 4;
constexpr std::size_t kCategoryBytes = 1 + 2 * 2 + 16;
constexpr std::size_t kAddressBytes = 20;
constexpr std::size_t kWideBytes = 16;
constexpr std::size_t kAccountBytes = kAddressBytes + kWideBytes + 3;
constexpr std::size_t kMaxAccounts = 1U << 28U;
constexpr std::uint8_t kMostDecimalsSaved = 60;

void save_reserve(const ReserveState& state, SnapshotWriter& out) {
    for (const u128 value : {state.supply_index, state.debt_index, state.supply_rate, state.debt_rate})
        out.u128_value(value);
    out.count(state.updated);
    out.count(state.grace_until);
    for (const BasisPoints value : {state.threshold, state.bonus, state.protocol_fee})
        out.u16(static_cast<std::uint16_t>(value.value));
    out.u8(state.decimals);
    for (const bool flag : {state.active, state.paused, state.flash_enabled})
        out.boolean(flag);
}

ReserveState load_reserve(SnapshotReader& in) {
    ReserveState out;
    for (u128* const value : {&out.supply_index, &out.debt_index, &out.supply_rate, &out.debt_rate})
        *value = in.u128_value();
    out.updated = in.count<Timestamp>();
    out.grace_until = in.count<Timestamp>();
    for (BasisPoints* const value : {&out.threshold, &out.bonus, &out.protocol_fee})
        *value = BasisPoints{in.u16()};
    out.decimals = in.u8();
    if (out.decimals > kMostDecimalsSaved) in.reject("reserve with impossible decimals");
    for (bool* const flag : {&out.active, &out.paused, &out.flash_enabled})
        *flag = in.boolean();
    return out;
}

ReserveSet all_of(std::size_t reserves) {
    return reserves == kMaxReserves ? ~ReserveSet{0} : only(static_cast<ReserveId>(reserves)) - 1;
}

}  // namespace

void Book::save_market(SnapshotWriter& out) const {
    out.length(reserves_.size());
    for (const ReserveState& reserve : reserves_)
        save_reserve(reserve, out);
    std::size_t used = 0;
    for (const CategoryState& category : categories_)
        used += category == CategoryState{} ? 0U : 1U;
    out.length(used);
    for (std::size_t i = 0; i < categories_.size(); ++i) {
        const CategoryState& category = categories_.at(i);
        if (category == CategoryState{}) continue;
        out.u8(static_cast<std::uint8_t>(i));
        out.u16(static_cast<std::uint16_t>(category.threshold.value));
        out.u16(static_cast<std::uint16_t>(category.bonus.value));
        out.u128_value(category.collateral);
    }
    out.u16(static_cast<std::uint16_t>(flash_premium_.value));
}

void Book::save(SnapshotWriter& out) const {
    out.reserve(size() * (kAccountBytes + 3 * (1 + 2 * kWideBytes)));
    save_market(out);
    out.length(size());
    for (std::size_t i = 0; i < size(); ++i)
        out.address(address(static_cast<AccountId>(i)));
    for (std::size_t i = 0; i < size(); ++i)
        out.u128_value(collateral_[i]);
    for (std::size_t i = 0; i < size(); ++i)
        out.u8(category_[i]);
    for (std::size_t i = 0; i < size(); ++i)
        out.boolean(quarantined_[i]);
    const auto each = [this](auto&& write) {
        for (AccountId account = 0; account < size(); ++account) {
            for (const Holding holding : holdings(account))
                write(holding);
        }
    };
    for (AccountId account = 0; account < size(); ++account) {
        std::uint8_t held = 0;
        for (const Holding holding : holdings(account)) {
            static_cast<void>(holding);
            ++held;
        }
        out.u8(held);
    }
    each([&](const Holding& holding) { out.u8(static_cast<std::uint8_t>(holding.reserve)); });
    each([&](const Holding& holding) { out.u128_value(holding.position.supply); });
    each([&](const Holding& holding) { out.u128_value(holding.position.debt); });
}

void Book::load_market(SnapshotReader& in) {
    const std::size_t count = in.length(kMaxReserves, kReserveBytes);
    reset(count);
    for (ReserveState& reserve : reserves_)
        reserve = load_reserve(in);
    std::size_t left = in.length(categories_.size(), kCategoryBytes);
    for (; left != 0 && in.ok(); --left) {
        CategoryState& category = categories_.at(in.u8());
        if (category != CategoryState{}) in.reject("one category twice");
        category.threshold = BasisPoints{in.u16()};
        category.bonus = BasisPoints{in.u16()};
        category.collateral = in.u128_value();
        if ((category.collateral & ~all_of(count)) != 0) in.reject("category of unknown reserves");
    }
    flash_premium_ = BasisPoints{in.u16()};
}

/// `held`: how many positions each account has.
void Book::load_accounts(SnapshotReader& in, std::vector<std::uint8_t>& held) {
    const std::size_t count = in.length(kMaxAccounts, kAccountBytes);
    const BytesView addresses = in.raw(count * kAddressBytes);
    const BytesView collateral = in.raw(count * kWideBytes);
    const BytesView categories = in.raw(count);
    const BytesView quarantined = in.raw(count);
    const BytesView positions = in.raw(count);
    if (!in.ok()) return;
    const ReserveSet known = all_of(reserves_.size());
    accounts_.reserve(count);
    for (std::size_t i = 0; i < count; ++i) {
        Address address;
        const BytesView bytes = addresses.subspan(i * kAddressBytes, kAddressBytes);
        std::copy(bytes.begin(), bytes.end(), address.bytes.begin());
        const ReserveSet used = u128_at(collateral, i);
        if ((used & ~known) != 0 || quarantined[i] > 1 || positions[i] > reserves_.size())
            return in.reject("an account that cannot be");
        if (!accounts_.add_new(address)) return in.reject("one account twice");
        add_fields();
        collateral_[i] = used;
        category_[i] = categories[i];
        quarantined_[i] = quarantined[i] == 1;
        quarantined_count_ += quarantined[i];
    }
    held.assign(positions.begin(), positions.end());
}

void Book::load_positions(SnapshotReader& in, const std::vector<std::uint8_t>& held) {
    std::size_t total = 0;
    for (const std::uint8_t count : held)
        total += count;
    const BytesView reserves = in.raw(total);
    const BytesView supplies = in.raw(total * kWideBytes);
    const BytesView debts = in.raw(total * kWideBytes);
    if (!in.ok()) return;
    std::size_t next = 0;
    std::vector<HoldingEntry> entries;
    for (AccountId account = 0; account < held.size(); ++account) {
        std::optional<ReserveId> previous;
        entries.clear();
        for (std::uint8_t left = held[account]; left != 0; --left, ++next) {
            const Position position{u128_at(supplies, next), u128_at(debts, next)};
            const ReserveId reserve = reserves[next];
            const bool rising = !previous || *previous < reserve;
            if (reserve >= reserves_.size() || !rising || position.empty())
                return in.reject("a position that cannot be");
            const auto key = static_cast<std::uint8_t>(2U * reserve);
            if (position.supply != 0) entries.push_back({key, position.supply});
            if (position.debt != 0) entries.push_back({static_cast<std::uint8_t>(key + 1U), position.debt});
            previous = reserve;
        }
        holdings_.fill(runs_[account], entries);
    }
}

void Book::load(SnapshotReader& in) {
    load_market(in);
    std::vector<std::uint8_t> held;
    load_accounts(in, held);
    load_positions(in, held);
    touched_.clear();
    ++terms_version_;
    if (!in.ok()) reset(0);
}

}  // namespace plimsoll::strategy
