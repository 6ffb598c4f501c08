// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chain/primitives/address.hpp"
#include "strategy/book/chunked_vector.hpp"
#include "strategy/quote.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

namespace plimsoll::strategy {

/// Addresses and their dense numbers, both ways, in 28 bytes an account or so. It is 256 tables of their
/// own: when one has to grow, a 256th of the accounts moves, so that no single insertion takes long.
class AccountTable {
  public:
    [[nodiscard]] std::size_t size() const noexcept { return addresses_.size(); }
    [[nodiscard]] const Address& address(AccountId account) const noexcept { return addresses_[account]; }
    [[nodiscard]] std::optional<AccountId> find(const Address& address) const noexcept;
    /// The next number. The address must not be in the table.
    AccountId add(const Address& address);
    /// The same; false if the address is in the table already.
    bool add_new(const Address& address);
    /// Has place for so many accounts.
    void reserve(std::size_t accounts);
    /// Takes out the highest number.
    void remove_last() noexcept;
    void clear() noexcept;
    [[nodiscard]] std::size_t bytes() const noexcept;

  private:
    static constexpr AccountId kFree = ~AccountId{0};
    /// Linear probing over a power of two places, at most three quarters of them taken.
    struct Shard {
        std::vector<AccountId> places;
        std::size_t taken = 0;
    };
    [[nodiscard]] static std::size_t hash(const Address& address) noexcept {
        return std::hash<Address>{}(address);
    }
    [[nodiscard]] static std::size_t start(std::size_t hash, const Shard& shard) noexcept {
        return hash / kShards & (shard.places.size() - 1);
    }
    [[nodiscard]] static bool is_full(const Shard& shard) noexcept {
        return 4 * (shard.taken + 1) > 3 * shard.places.size();
    }
    /// Where the address is, or else where it belongs; the shard has places.
    [[nodiscard]] std::size_t search(const Shard& shard, std::size_t hash,
                                     const Address& address) const noexcept;
    void grow(Shard& shard);
    [[nodiscard]] std::size_t place_of(const Shard& shard, AccountId account) const noexcept;

    static constexpr std::size_t kShards = 256;
    ChunkedVector<Address> addresses_;
    std::array<Shard, kShards> shards_;
};

}  // namespace plimsoll::strategy
