// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chain/primitives/address.hpp"
#include "strategy/book/account_table.hpp"
#include "strategy/book/chunked_vector.hpp"
#include "strategy/book/holding_store.hpp"
#include "strategy/book/reserve_state.hpp"
#include "strategy/book/undo_journal.hpp"
#include "strategy/quote.hpp"
#include "strategy/snapshot/snapshot_reader.hpp"
#include "strategy/snapshot/snapshot_writer.hpp"

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <variant>
#include <vector>

namespace plimsoll::strategy {

/// A set of reserves of one venue (at most 128, as Aave's own user bitmap).
using ReserveSet = u128;
inline constexpr std::size_t kMaxReserves = 128;
[[nodiscard]] constexpr ReserveSet only(ReserveId reserve) noexcept {
    return static_cast<ReserveSet>(1) << reserve;
}
[[nodiscard]] constexpr bool contains(ReserveSet set, ReserveId reserve) noexcept {
    return ((set >> reserve) & 1U) != 0;
}
/// Whether `holds` says so of each of the set, by rising number, as far as the first for which it does not.
template <class Predicate>
constexpr bool all_of(ReserveSet set, Predicate holds) {
    for (const unsigned first : {0U, 64U}) {
        for (auto left = static_cast<std::uint64_t>(set >> first); left != 0; left &= left - 1) {
            const auto place = first + static_cast<unsigned>(std::countr_zero(left));
            if (!holds(static_cast<ReserveId>(place))) return false;
        }
    }
    return true;
}
/// Those from 0 to `count` - 1.
[[nodiscard]] constexpr ReserveSet first_reserves(std::size_t count) noexcept {
    return count >= kMaxReserves ? ~ReserveSet{0} : (static_cast<ReserveSet>(1) << count) - 1;
}

/// All accounts of one lending market and the reserves they use. Accounts are dense numbers, their fields
/// structure of arrays; positions are sparse. Only BookWriter writes, so that every block can be undone.
class Book {
  public:
    /// What lies in one reserve for one account.
    struct Holding {
        ReserveId reserve;
        Position position;
    };
    /// An account's positions by rising reserve; good until the next write.
    class Holdings {
      public:
        class Iterator {
          public:
            Iterator(const std::uint8_t* key, const u128* amount, const std::uint8_t* end) noexcept
                : key_{key}, amount_{amount}, end_{end} {}
            Holding operator*() const noexcept {
                const auto reserve = static_cast<ReserveId>(*key_ / 2U);
                if (*key_ % 2U != 0) return {reserve, {0, *amount_}};
                return {reserve, {*amount_, owes_too() ? amount_[1] : u128{0}}};
            }
            Iterator& operator++() noexcept {
                const std::size_t step = owes_too() ? 2 : 1;
                key_ += step;
                amount_ += step;
                return *this;
            }
            bool operator==(const Iterator& other) const noexcept { return key_ == other.key_; }

          private:
            /// Whether the balance here and the next are supply and debt in one reserve.
            [[nodiscard]] bool owes_too() const noexcept {
                return *key_ % 2U == 0 && end_ - key_ > 1 && key_[1] == *key_ + 1U;
            }
            const std::uint8_t* key_;
            const u128* amount_;
            const std::uint8_t* end_;
        };
        Holdings(const HoldingStore& store, const HoldingStore::Run& run) noexcept
            : keys_{store.keys(run)}, amounts_{store.amounts(run)}, size_{run.size} {}
        [[nodiscard]] Iterator begin() const noexcept { return {keys_, amounts_, keys_ + size_}; }
        [[nodiscard]] Iterator end() const noexcept { return {keys_ + size_, nullptr, keys_ + size_}; }

      private:
        const std::uint8_t* keys_;
        const u128* amounts_;
        std::size_t size_;
    };

    /// One side of what lies in a reserve.
    struct Balance {
        ReserveId reserve;
        bool owed;
        u128 amount;
    };
    /// The same as Holdings, supply and debt by turns: for whoever looks at each of them by itself.
    class Balances {
      public:
        class Iterator {
          public:
            Iterator(const std::uint8_t* key, const u128* amount) noexcept : key_{key}, amount_{amount} {}
            Balance operator*() const noexcept {
                return {static_cast<ReserveId>(*key_ / 2U), *key_ % 2U != 0, *amount_};
            }
            Iterator& operator++() noexcept {
                ++key_;
                ++amount_;
                return *this;
            }
            bool operator==(const Iterator& other) const noexcept { return key_ == other.key_; }

          private:
            const std::uint8_t* key_;
            const u128* amount_;
        };
        Balances(const HoldingStore& store, const HoldingStore::Run& run) noexcept
            : keys_{store.keys(run)}, amounts_{store.amounts(run)}, size_{run.size} {}
        [[nodiscard]] Iterator begin() const noexcept { return {keys_, amounts_}; }
        [[nodiscard]] Iterator end() const noexcept { return {keys_ + size_, nullptr}; }

      private:
        const std::uint8_t* keys_;
        const u128* amounts_;
        std::size_t size_;
    };

    /// Remembers the old values of the last `undo_blocks` blocks.
    explicit Book(std::size_t undo_blocks) : journal_{undo_blocks} {}

    [[nodiscard]] std::size_t size() const noexcept { return accounts_.size(); }
    [[nodiscard]] std::optional<AccountId> find(const Address& address) const {
        return accounts_.find(address);
    }
    [[nodiscard]] const Address& address(AccountId account) const noexcept {
        return accounts_.address(account);
    }
    /// Reserves the account uses as collateral, whether or not it holds any.
    [[nodiscard]] ReserveSet collateral(AccountId account) const noexcept { return collateral_[account]; }
    [[nodiscard]] std::uint8_t category(AccountId account) const noexcept { return category_[account]; }
    /// True if the account's state is not known exactly; it must not be acted on.
    [[nodiscard]] bool quarantined(AccountId account) const noexcept { return quarantined_[account]; }
    [[nodiscard]] std::size_t quarantined_count() const noexcept { return quarantined_count_; }
    /// Differs whenever the account's own state may differ, across undone blocks too.
    [[nodiscard]] std::uint32_t version(AccountId account) const noexcept { return version_[account]; }
    [[nodiscard]] Position position(AccountId account, ReserveId reserve) const noexcept;
    [[nodiscard]] Holdings holdings(AccountId account) const noexcept { return {holdings_, runs_[account]}; }
    [[nodiscard]] Balances balances(AccountId account) const noexcept { return {holdings_, runs_[account]}; }
    /// Reserves in which the account owes something.
    [[nodiscard]] ReserveSet debts(AccountId account) const noexcept;
    [[nodiscard]] std::size_t reserve_count() const noexcept { return reserves_.size(); }
    [[nodiscard]] const ReserveState& reserve(ReserveId reserve) const noexcept { return reserves_[reserve]; }
    [[nodiscard]] const CategoryState& category_state(std::uint8_t category) const noexcept {
        return categories_[category];
    }
    [[nodiscard]] BasisPoints flash_premium() const noexcept { return flash_premium_; }
    /// Changes whenever a reserve, a category or the premium may have changed.
    [[nodiscard]] std::uint64_t market_version() const noexcept { return market_version_; }
    /// Changes whenever an account's own state may count otherwise than before: another threshold, other
    /// decimals, another category, or all accounts are other ones.
    [[nodiscard]] std::uint64_t terms_version() const noexcept { return terms_version_; }
    /// Accounts whose own state may have changed since the last call, some twice, some no longer there; none
    /// of those before the newest change of terms_version().
    void take_touched(std::vector<AccountId>& out);

    /// Memory of the accounts, about; the journal aside.
    [[nodiscard]] std::size_t bytes() const noexcept;

    /// Restores all that was written in `block`, which must be the newest.
    Undo undo(const Hash32& block);
    /// What undoing takes, and less of it: the oldest block cannot be undone any more.
    [[nodiscard]] std::size_t undo_bytes() const noexcept { return journal_.bytes(); }
    void drop_oldest_undo() { journal_.drop_oldest(); }
    /// Empty, with `reserves` blank reserves.
    void reset(std::size_t reserves);

    /// Everything but the journal, the versions and the order of the holders, in blocks of one field each:
    /// the same state gives the same bytes, whichever way it was reached.
    void save(SnapshotWriter& out) const;
    /// Replaces everything by what was saved; nothing before it can be undone. Where the reader fails, the
    /// book is empty or half filled and must be reset.
    void load(SnapshotReader& in);

  private:
    friend class BookWriter;
    struct Created {};
    struct OldCollateral {
        AccountId account;
        ReserveSet value;
    };
    struct OldCategory {
        AccountId account;
        std::uint8_t value;
    };
    struct OldQuarantine {
        AccountId account;
        bool value;
    };
    struct OldPosition {
        AccountId account;
        ReserveId reserve;
        Position value;
    };
    struct OldReserve {
        ReserveId reserve;
        ReserveState value;
    };
    struct OldCategoryState {
        std::uint8_t category;
        CategoryState value;
    };
    struct OldPremium {
        BasisPoints value;
    };
    using Old = std::variant<Created, OldCollateral, OldCategory, OldQuarantine, OldPosition, OldReserve,
                             OldCategoryState, OldPremium>;

    AccountId create(const Address& address);
    void add_fields();
    void remove_last();
    void put(AccountId account, ReserveId reserve, const Position& position);
    void touch(AccountId account);
    void note_touched(AccountId account);
    void set_reserve(ReserveId reserve, const ReserveState& state);
    void set_category_state(std::uint8_t category, const CategoryState& state);
    void set_quarantine(AccountId account, bool value);
    void restore(const Old& old);
    void save_market(SnapshotWriter& out) const;
    void load_market(SnapshotReader& in);
    void load_accounts(SnapshotReader& in, std::vector<std::uint8_t>& held);
    void load_positions(SnapshotReader& in, const std::vector<std::uint8_t>& held);

    AccountTable accounts_;
    HoldingStore holdings_;
    ChunkedVector<HoldingStore::Run> runs_;
    ChunkedVector<ReserveSet> collateral_;
    ChunkedVector<std::uint32_t> version_;
    ChunkedVector<std::uint8_t> category_;
    ChunkedVector<bool> quarantined_;
    std::uint32_t last_version_ = 0;
    std::size_t quarantined_count_ = 0;
    std::vector<ReserveState> reserves_;
    std::array<CategoryState, 256> categories_{};
    BasisPoints flash_premium_;
    std::uint64_t market_version_ = 0;
    std::uint64_t terms_version_ = 0;
    std::vector<AccountId> touched_;
    UndoJournal<Old> journal_;
};

}  // namespace plimsoll::strategy
