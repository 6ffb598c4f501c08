// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chain/primitives/units.hpp"

#include <optional>
#include <set>
#include <vector>

namespace plimsoll::signer {

/// Which nonces are ours to give. It never learns a next nonce from the chain while anything is in flight.
class NonceLedger {
  public:
    /// The first nonce to give out, once.
    void start(Nonce first) noexcept { next_ = first; }
    [[nodiscard]] Nonce next() const noexcept { return next_; }

    /// What take() would give.
    [[nodiscard]] Nonce peek() const noexcept { return free_.empty() ? next_ : *free_.begin(); }
    /// Takes the lowest free nonce: a returned one before a new one.
    [[nodiscard]] Nonce take();
    /// Marks a nonce as in use (recovery); unused ones below it become free.
    void occupy(Nonce nonce);
    /// Gives back a nonce that provably never left this process.
    void give_back(Nonce nonce);
    /// A transaction with this nonce is final.
    void finish(Nonce nonce);

    /// Nonces below one that is in use which nobody uses: the chain waits for them.
    [[nodiscard]] std::vector<Nonce> gaps() const;
    [[nodiscard]] std::optional<Nonce> lowest_in_use() const;
    [[nodiscard]] std::size_t in_use() const noexcept { return used_.size(); }

  private:
    Nonce next_;
    std::set<Nonce> used_;
    std::set<Nonce> free_;  // all below next_
};

}  // namespace plimsoll::signer
