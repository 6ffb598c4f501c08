// SPDX-License-Identifier: Apache-2.0
#include "signer/slot.hpp"

#include <algorithm>

namespace plimsoll::signer {

Attempt* Slot::find(AttemptId id) {
    const auto found = std::find_if(attempts.begin(), attempts.end(),
                                    [id](const Attempt& attempt) { return attempt.row.id == id; });
    return found == attempts.end() ? nullptr : &*found;
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

bool Slot::past_deadline(BlockNumber head) const {
    return intent && intent->last_block <= head;
}

}  // namespace plimsoll::signer
