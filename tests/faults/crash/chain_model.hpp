// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chain/primitives/block.hpp"
#include "chain/rpc/endpoint.hpp"
#include "signer/lanes/lane_plan.hpp"
#include "signer/transaction.hpp"

#include <map>
#include <optional>
#include <vector>

namespace plimsoll::crash {

/// When the bytes of a nonce were first seen outside, calls only: what consumes a nonce hides nothing.
struct Seen {
    std::optional<BlockNumber> at_all;
    std::optional<BlockNumber> in_public;
};

/// A node, a relay and their chain, as far as one sender sees them: geth's pool rules, a relay that takes
/// everything and promises nothing, blocks that can be undone. It knows bytes only; nothing of intents or
/// attempts. A value: a copy goes its own way.
class ChainModel {
  public:
    ChainModel();

    rpc::SendAnswer take(BytesView raw);
    /// To the relay. Whatever it was told of a last block, it may come up with the bytes at any time.
    rpc::SendAnswer offer(BytesView raw);
    /// A block with up to `most` transactions; also from the relay if `relay`.
    Head mine(std::size_t most, bool relay = false);
    /// Takes the newest block away; what was in it goes back to the pool if `keep`.
    std::optional<Hash32> undo(bool keep);
    /// From the next block on.
    void set_base_fee(const Wei& fee) { base_fee_ = fee; }

    [[nodiscard]] std::optional<rpc::Receipt> receipt(const Hash32& transaction) const;
    [[nodiscard]] bool pooled(const Hash32& transaction) const;
    [[nodiscard]] Nonce latest() const { return nonce_; }
    [[nodiscard]] Nonce pending() const;
    [[nodiscard]] const Head& head() const { return blocks_.back().head; }
    /// Every transaction of the chain, in order.
    [[nodiscard]] std::vector<signer::SignedTransaction> landed() const;
    /// Everything that was ever taken into the pool.
    [[nodiscard]] const std::vector<signer::SignedTransaction>& taken() const { return taken_; }
    [[nodiscard]] bool pool_empty() const { return pool_.empty(); }
    [[nodiscard]] const std::map<Nonce, Seen>& seen() const { return seen_; }

    /// What the account holds.
    [[nodiscard]] Wei balance() const { return balance_; }
    /// What all landed ones took, and the most they did together with the highest ceilings of what could
    /// still land, at any time.
    [[nodiscard]] Wei paid() const { return paid_; }
    [[nodiscard]] Wei most_exposed() const { return most_exposed_; }
    /// How far the ceilings of calls that could still land went below what must stay in the account, at
    /// worst.
    [[nodiscard]] Wei lowest_rest() const { return lowest_rest_; }

  private:
    void note(const signer::SignedTransaction& one, bool in_public);
    [[nodiscard]] std::optional<signer::SignedTransaction> next_for_block(bool relay) const;
    [[nodiscard]] Wei at_stake(bool calls_only) const;
    struct Block {
        Head head;
        std::vector<signer::SignedTransaction> transactions;
    };
    Nonce nonce_;
    Wei base_fee_;
    std::vector<Block> blocks_;
    std::map<Nonce, signer::SignedTransaction> pool_;
    std::map<Nonce, std::vector<signer::SignedTransaction>> offers_;
    std::vector<signer::SignedTransaction> taken_;
    std::map<Nonce, Seen> seen_;
    std::map<Nonce, Wei> ceilings_;       // highest of what could land with this nonce
    std::map<Nonce, Wei> call_ceilings_;  // of calls alone
    Wei balance_;
    Wei paid_;
    Wei most_exposed_;
    Wei lowest_rest_;
    std::uint8_t branch_ = 0;
};

}  // namespace plimsoll::crash
