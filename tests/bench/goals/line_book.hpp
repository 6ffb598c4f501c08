// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "strategy/book/line_index.hpp"
#include "strategy/venues/aave_v3/venue.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace plimsoll::bench {

/// A venue's accounts in the terms of a LineIndex, in one array, and the weights they are judged by, which
/// can be moved as prices and interest move them.
class LineBook {
  public:
    explicit LineBook(const strategy::AaveV3Venue& venue);

    [[nodiscard]] std::size_t size() const noexcept { return first_.size() - 1; }
    [[nodiscard]] std::span<const strategy::LineTerm> terms(strategy::AccountId account) const noexcept {
        return std::span{terms_}.subspan(first_[account], first_[account + 1] - first_[account]);
    }
    [[nodiscard]] strategy::LineIndex::TermsOf terms_of() const;
    /// A tenth of what it owes is paid.
    void relieve(strategy::AccountId account);

    [[nodiscard]] const strategy::LineWeights& weights() const noexcept { return weights_; }
    void set_weights(const strategy::LineWeights& weights) { weights_ = weights; }
    /// Ether, and what follows it, costs so many times as much.
    void move_ether(double factor);
    /// So many seconds of interest on all reserves.
    void accrue(double seconds);

  private:
    std::vector<std::uint32_t> first_;
    std::vector<strategy::LineTerm> terms_;
    strategy::LineWeights weights_;
};

/// The kernel that rescans are compared with: AVX2's, or where this processor has none the quickest.
[[nodiscard]] const strategy::LineKernel& usual_kernel();

}  // namespace plimsoll::bench
