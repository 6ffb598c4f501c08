// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chain/primitives/address.hpp"
#include "chain/primitives/block.hpp"
#include "chain/primitives/bytes.hpp"
#include "chain/primitives/read_request.hpp"
#include "chain/primitives/result.hpp"
#include "chain/primitives/units.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace plimsoll::strategy {

/// A source that tells an asset's price beside the venue's oracle: a contract with Chainlink's
/// `latestAnswer()` and `decimals()`.
struct SecondSource {
    Address asset;
    Address source;
};

/// Whether an oracle's price may be acted upon: it must lie within a deviation of every second source of the
/// asset. An asset without one is not guarded. A second source that tells nothing, or was last read too long
/// ago, allows nothing.
class PriceGuard {
  public:
    /// `max_deviation` of the second source's answer, both ways. `max_age` in seconds between the block a
    /// source was read at and the block that is decided on.
    PriceGuard(std::vector<SecondSource> sources, BasisPoints max_deviation, std::uint64_t max_age);

    [[nodiscard]] bool empty() const noexcept { return watched_.empty(); }

    /// What to ask at each head, for `accept` of the same head.
    [[nodiscard]] std::vector<Call> calls() const;
    /// The answer to `calls()`, as Multicall3 gives it; Errc::malformed_reply leaves everything as it was.
    [[nodiscard]] Result<void> accept(const Head& head, BytesView answer);

    /// True if `price` (8 decimals) of the asset may be acted upon at a block of time `now`.
    [[nodiscard]] bool allows(const Address& asset, const Usd& price, Timestamp now) const;

  private:
    struct Watched {
        SecondSource source;
        std::optional<Usd> price;  // rounded down to 8 decimals
        Timestamp read_at;
    };
    [[nodiscard]] bool agrees(const Watched& watched, const Usd& price, Timestamp now) const;

    std::vector<Watched> watched_;
    BasisPoints max_deviation_;
    std::uint64_t max_age_;
};

}  // namespace plimsoll::strategy
