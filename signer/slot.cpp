// SPDX-License-Identifier: Apache-2.0
#include "signer/slot.hpp"

#include <algorithm>

namespace plimsoll::signer {

Attempt* Slot::find(AttemptId id) {
    const auto found = std::find_if(attempts.begin(), attempts.end(),
                                    [id](const Attempt& attempt) { return attempt.row.id == id; });
    return found == attempts.end() ? nullptr : &*found;
}

Claim* Slot::wanted() {
    return claims.empty() || claims.back().withdrawn ? nullptr : &claims.back();
}

Claim* Slot::claim_of(std::uint64_t intent_id) {
    const auto found = std::find_if(claims.begin(), claims.end(),
                                    [intent_id](const Claim& claim) { return claim.intent.id == intent_id; });
    return found == claims.end() ? nullptr : &*found;
}

std::string Slot::why_consumed() const {
    return claims.empty() ? "it would stay behind as a gap" : claims.back().end_text;
}

fees::FeeQuote Slot::offered() const {
    fees::FeeQuote out = attempts.back().row.fee;
    for (const Attempt& attempt : attempts) {
        const fees::FeeQuote& fee = attempt.row.fee;
        out.max_fee_per_gas = std::max(out.max_fee_per_gas, fee.max_fee_per_gas);
        out.max_priority_fee_per_gas = std::max(out.max_priority_fee_per_gas, fee.max_priority_fee_per_gas);
    }
    return out;
}

bool Slot::possibly_sent() const {
    return std::any_of(attempts.begin(), attempts.end(),
                       [](const Attempt& attempt) { return attempt.handed_out; });
}

bool Slot::absent_at(BlockNumber head) const {
    return std::all_of(attempts.begin(), attempts.end(), [head](const Attempt& attempt) {
        return !attempt.handed_out || (attempt.absent_at && *attempt.absent_at >= head);
    });
}

bool Slot::past_deadline(BlockNumber head) {
    const Claim* const claim = wanted();
    return claim != nullptr && claim->intent.last_block <= head;
}

}  // namespace plimsoll::signer
