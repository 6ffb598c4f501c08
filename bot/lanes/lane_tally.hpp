// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chain/primitives/hash.hpp"
#include "chain/rpc/endpoint.hpp"

#include <chrono>
#include <cstddef>
#include <optional>

namespace plimsoll::bot {

/// Whether the bytes are in that node's pool, or with that relay.
[[nodiscard]] bool is_taken(rpc::ErrorClass meaning) noexcept;

/// Makes one answer of those of all ways that one transaction went. The first that takes it decides. Without
/// one, the most telling refusal: of the nonce before prices, of prices before funds; "maybe sent" goes
/// before a refusal of the bytes for good, which counts only if nobody says otherwise; last is what says
/// something of the way alone. Pure.
class LaneTally {
  public:
    using Time = std::chrono::steady_clock::time_point;

    void expect(std::size_t ways) noexcept { open_ += ways; }
    void add(rpc::SendAnswer answer, Time now);

    /// What is to be told, if it is time: at once when somebody took it, when everybody has answered, or half
    /// a second after a telling refusal.
    [[nodiscard]] std::optional<rpc::SendAnswer> verdict(Time now) const;
    /// When to look again although nobody answered, if ever.
    [[nodiscard]] std::optional<Time> look_again() const noexcept { return patient_until_; }

  private:
    std::size_t open_ = 0;
    std::optional<rpc::SendAnswer> best_;
    std::optional<Time> patient_until_;
};

}  // namespace plimsoll::bot
