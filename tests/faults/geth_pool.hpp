// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "signer/transaction.hpp"
#include "tests/faults/scripted_node.hpp"

#include <cstdint>
#include <map>
#include <vector>

namespace plimsoll::faults {

/// A node whose pool follows geth's rules for one sender (core/txpool/legacypool, list.go): the same bytes
/// are "already known", a mined nonce is "too low", and a transaction replaces one of its nonce only if both
/// its fee cap and its tip are at least 110 % of the other's and above them. anvil's own rule asks for less.
class GethPool {
  public:
    [[nodiscard]] std::vector<Step> answer(const Asked& asked);

    /// The next nonce is mined, if one waits; its hash.
    [[nodiscard]] bool mine(Hash32& mined);
    [[nodiscard]] const std::map<std::uint64_t, signer::SignedTransaction>& waiting() const noexcept {
        return waiting_;
    }
    [[nodiscard]] std::uint64_t underpriced() const noexcept { return underpriced_; }
    /// Puts it there whatever is there already, as another node's pool may hold it.
    void hold(signer::SignedTransaction transaction);

  private:
    std::map<std::uint64_t, signer::SignedTransaction> waiting_;
    std::uint64_t next_ = 0;
    std::uint64_t underpriced_ = 0;
};

}  // namespace plimsoll::faults
