// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "signer/attempt.hpp"
#include "signer/send_class.hpp"
#include "signer/signer_event.hpp"

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <vector>

namespace plimsoll::signer {

/// A node with geth's pool rules and a chain that can lose its newest blocks.
class ModelNode {
  public:
    ModelNode();

    /// What a node with these pool rules answers; the transaction is in the pool if it is accepted.
    SendClass take(const AttemptRow& row);
    /// A block with up to `most` transactions that pay its base fee; which one of a nonce is up to `choice`.
    Head mine(std::size_t most, std::uint32_t choice);
    /// Takes the newest block away; its transactions go back to the pool if `keep`. None if only the first
    /// block is left.
    std::optional<Hash32> undo(bool keep);
    /// Of the blocks from the next one on.
    void set_base_fee(const Wei& fee) { base_fee_ = fee; }
    /// Forgets one transaction of its pool, if there is any.
    void forget_one(std::uint32_t choice);

    /// A node behind a balancer may be `lag` blocks behind.
    [[nodiscard]] std::optional<Receipt> receipt(const Hash32& transaction, std::size_t lag = 0) const;
    [[nodiscard]] Nonce latest(std::size_t lag = 0) const;
    [[nodiscard]] Nonce pending() const;
    [[nodiscard]] bool pooled(const Hash32& transaction) const { return pool_.contains(transaction); }
    [[nodiscard]] Head head() const { return blocks_.back().head; }
    /// Every transaction of the canonical chain, in order.
    [[nodiscard]] std::vector<AttemptRow> landed() const;
    [[nodiscard]] static bool succeeds(const AttemptRow& row, BlockNumber block);

  private:
    struct Block {
        Head head;
        std::vector<AttemptRow> transactions;
    };
    Nonce nonce_;
    Wei base_fee_;
    std::vector<Block> blocks_;
    std::map<Hash32, AttemptRow> pool_;
    std::uint8_t branch_ = 0;
};

}  // namespace plimsoll::signer
