// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chain/primitives/units.hpp"
#include "signer/action.hpp"

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace plimsoll::signer {

/// A way to submit.
enum class LaneKind : std::uint8_t {
    public_,   // eth_sendRawTransaction at every endpoint
    private_,  // eth_sendPrivateTransaction at a relay
    bundle,    // eth_sendBundle at a builder, for chosen blocks
};

[[nodiscard]] std::string_view to_string(LaneKind kind) noexcept;

/// Longest life a relay gives a private transaction (Flashbots: 25 blocks).
inline constexpr std::uint64_t kPrivateLife = 25;

struct LaneTerms {
    LaneKind kind{};
    std::uint64_t after{};    // blocks a nonce must have been under way before this lane sees it
    std::uint64_t blocks{1};  // bundle: how many blocks ahead it is offered for, at least 1
};

/// Bytes that go onto one lane now.
struct LaneOrder {
    std::size_t lane{};  // its place in the terms
    BlockNumber from;    // bundle: first block it is for
    BlockNumber to;      // bundle: last one; private: of no use after it
    friend bool operator==(const LaneOrder&, const LaneOrder&) = default;
};

/// Which lanes the bytes of a Send go to. It goes by the age of the nonce: whatever becomes of a nonce, its
/// bytes and what replaces them, it is one story, so that a lane once opened to a nonce stays open to it and
/// no fallback ever needs a second nonce. When the story began is in the journal, so that a restart neither
/// puts a fallback off nor makes one early. Remembers nothing.
class LanePlan {
  public:
    /// Without terms everything is public.
    explicit LanePlan(std::vector<LaneTerms> terms);

    /// In the order of the terms. Empty where no lane may see it now, or no block is left for it. A
    /// cancellation hides nothing and is worth nothing in a bundle: it goes public at once, whatever the
    /// terms, and to the relays that may hold what it cancels.
    [[nodiscard]] std::vector<LaneOrder> orders(const Send& send) const;
    /// Whether every transaction goes to the public lane at once, whatever other lanes there are.
    [[nodiscard]] bool public_at_once() const noexcept;

    [[nodiscard]] const std::vector<LaneTerms>& terms() const noexcept { return terms_; }
    /// The order to publish: of a public lane if there is one, else one past the terms.
    [[nodiscard]] std::size_t public_lane() const noexcept { return public_lane_; }

  private:
    std::vector<LaneTerms> terms_;
    std::size_t public_lane_;
};

}  // namespace plimsoll::signer
