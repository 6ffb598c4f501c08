// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chain/primitives/outcome.hpp"
#include "strategy/decision.hpp"
#include "strategy/reason.hpp"

#include <array>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string_view>
#include <utility>

namespace plimsoll::bot {

/// Why a liquidation of a watched account was another's. Closed.
enum class MissedReason : std::uint8_t {
    other_won_same_block,   // ours could have landed in the same block at the earliest
    other_won_before_seen,  // it was no candidate before the block in which it was taken
    included_too_late,      // it was sent, had at least one block's time more, and did not land
    reverted_onchain,       // ours had landed before, and failed
    never_simulated,        // nothing was sent for it, for the reason in Missed::skipped
    not_indexed,            // the account was unknown or its state wrong; must never happen
};

inline constexpr std::size_t kMissedReasonCount = static_cast<std::size_t>(MissedReason::not_indexed) + 1;

[[nodiscard]] std::string_view to_string(MissedReason reason) noexcept;

/// One liquidation that another won.
struct Missed {
    strategy::LiquidationSeen event;
    MissedReason reason{};
    strategy::Reason skipped{};              // why we sent nothing; none if we did, or never looked at it
    std::optional<BlockNumber> decided_on;   // the block on which the account first was a candidate
    std::uint64_t lag_blocks{};              // from there to the winner's block
    std::optional<strategy::SignedUsd> net;  // what the last decision found it to be worth
};

/// Remembers what was decided for each account until somebody takes it, and says of another's liquidation why
/// it was not ours. Memory grows with the accounts that were ever candidates.
class MissedLedger {
  public:
    /// In a dry run a send counts as skipped, with Reason::dry_run.
    explicit MissedLedger(bool dry_run) : dry_run_{dry_run} {}

    void decided(const strategy::Decision& decision);
    void ended(const Outcome& outcome);
    /// To be asked before the decisions that the winner's block itself leads to are told. Nothing if this
    /// liquidation was judged before: a reorganisation can show it twice.
    [[nodiscard]] std::optional<Missed> judge(const IntentKey& key, const strategy::LiquidationSeen& seen);

  private:
    struct Stand {
        BlockNumber first;  // decision about the account
        BlockNumber sent_on;
        bool sent = false;
        bool open = false;  // and its outcome is not known
        strategy::Reason reason{};
        std::optional<BlockNumber> reverted_in;
        strategy::SignedUsd net;
    };
    using Told = std::pair<Hash32, Address>;

    [[nodiscard]] MissedReason reason(const Stand& stand, BlockNumber won_in) const;

    bool dry_run_;
    std::map<IntentKey, Stand> stands_;
    std::deque<Told> told_;  // the newest liquidations judged
};

}  // namespace plimsoll::bot
