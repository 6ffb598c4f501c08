// SPDX-License-Identifier: Apache-2.0
#include "bot/missed.hpp"

#include <algorithm>

namespace plimsoll::bot {

namespace {

/// Liquidations that a reorganisation could show again.
constexpr std::size_t kToldKept = 1024;

}  // namespace

std::string_view to_string(MissedReason reason) noexcept {
    constexpr std::array<std::string_view, kMissedReasonCount> kNames{
        "other_won_same_block", "other_won_before_seen", "included_too_late",
        "reverted_onchain",     "never_simulated",       "not_indexed"};
    return kNames[static_cast<std::size_t>(reason)];
}

void MissedLedger::decided(const strategy::Decision& decision) {
    using strategy::Reason;
    if (decision.reason == Reason::already_pending) return;  // the send before says more
    const auto [place, fresh] = stands_.try_emplace(decision.key);
    Stand& stand = place->second;
    if (fresh) stand.first = decision.block_number;
    stand.net = decision.opportunity.net;
    if (!decision.send()) {
        // What was sent says more, and so does its failure than the waiting that follows it.
        const bool waits = stand.reverted_in && decision.reason == Reason::simulation_reverted;
        if (stand.open || waits) return;
        stand.sent = false;
        stand.reverted_in.reset();
        stand.reason = decision.reason;
        return;
    }
    stand.sent = !dry_run_;
    stand.open = stand.sent;
    stand.reason = dry_run_ ? Reason::dry_run : Reason::none;
    stand.sent_on = decision.block_number;
    stand.reverted_in.reset();
}

void MissedLedger::ended(const Outcome& outcome) {
    const auto found = stands_.find(outcome.key);
    if (found == stands_.end()) return;
    Stand& stand = found->second;
    stand.open = false;
    switch (outcome.kind) {
        case OutcomeKind::confirmed:
            stands_.erase(found);
            break;
        case OutcomeKind::reverted:
            stand.reverted_in = outcome.block_number;
            break;
        case OutcomeKind::refused:
            stand.sent = false;
            stand.reason = strategy::Reason::signer_unavailable;
            break;
        case OutcomeKind::outbid:
        case OutcomeKind::expired:
        case OutcomeKind::cancelled:
            break;  // it was sent and did not land in time
    }
}

MissedReason MissedLedger::reason(const Stand& stand, BlockNumber won_in) const {
    if (stand.reverted_in && *stand.reverted_in < won_in) return MissedReason::reverted_onchain;
    if (!stand.sent) return MissedReason::never_simulated;
    return won_in <= stand.sent_on.next(1) ? MissedReason::other_won_same_block
                                           : MissedReason::included_too_late;
}

std::optional<Missed> MissedLedger::judge(const IntentKey& key, const strategy::LiquidationSeen& seen) {
    const Told told{seen.transaction_hash, seen.account};
    if (std::find(told_.begin(), told_.end(), told) != told_.end()) return std::nullopt;
    told_.push_back(told);
    if (told_.size() > kToldKept) told_.pop_front();

    Missed out;
    out.event = seen;
    out.reason = seen.indexed ? MissedReason::other_won_before_seen : MissedReason::not_indexed;
    const auto found = stands_.find(key);
    if (found == stands_.end()) return out;
    const Stand stand = found->second;
    stands_.erase(found);  // what is left of the account is another opportunity
    out.skipped = stand.reason;
    out.decided_on = stand.first;
    out.net = stand.net;
    if (seen.block_number > stand.first) out.lag_blocks = seen.block_number.value - stand.first.value;
    if (seen.indexed) out.reason = reason(stand, seen.block_number);
    return out;
}

}  // namespace plimsoll::bot
