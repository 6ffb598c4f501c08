// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chain/primitives/block.hpp"
#include "chain/rpc/endpoint.hpp"
#include "signer/transaction.hpp"

#include <map>
#include <optional>
#include <vector>

namespace plimsoll::crash {

/// A node and its chain, as far as one sender sees them: geth's pool rules, blocks that can be undone. It
/// knows bytes only; nothing of intents or attempts. A value: a copy goes its own way.
class ChainModel {
  public:
    ChainModel();

    rpc::SendAnswer take(BytesView raw);
    /// A block with up to `most` transactions.
    Head mine(std::size_t most);
    /// Takes the newest block away; what was in it goes back to the pool if `keep`.
    std::optional<Hash32> undo(bool keep);
    /// From the next block on.
    void set_base_fee(const Wei& fee) { base_fee_ = fee; }

    [[nodiscard]] std::optional<rpc::Receipt> receipt(const Hash32& transaction) const;
    [[nodiscard]] Nonce latest() const { return nonce_; }
    [[nodiscard]] Nonce pending() const;
    [[nodiscard]] const Head& head() const { return blocks_.back().head; }
    /// Every transaction of the chain, in order.
    [[nodiscard]] std::vector<signer::SignedTransaction> landed() const;
    /// Everything that was ever taken into the pool.
    [[nodiscard]] const std::vector<signer::SignedTransaction>& taken() const { return taken_; }
    [[nodiscard]] bool pool_empty() const { return pool_.empty(); }

  private:
    struct Block {
        Head head;
        std::vector<signer::SignedTransaction> transactions;
    };
    Nonce nonce_;
    Wei base_fee_;
    std::vector<Block> blocks_;
    std::map<Nonce, signer::SignedTransaction> pool_;
    std::vector<signer::SignedTransaction> taken_;
    std::uint8_t branch_ = 0;
};

}  // namespace plimsoll::crash
