// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace plimsoll::signer {

/// Mistakes that senders of transactions have made, to be switched on by tests only: a check of the promises
/// that does not notice them proves nothing. The program never sets one.
struct SchedulerDefects {
    bool send_before_persist{};    // bytes leave before they are durable
    bool nonce_from_node{};        // the next nonce is what a node says
    bool forget_replaced{};        // only the newest hash of a nonce is watched
    bool bump_one_field{};         // a replacement raises the fee cap and leaves the tip
    bool reuse_after_ambiguous{};  // an unknown answer counts as not sent, and the nonce is given again
    bool drop_reorged{};           // what a reorganisation undid is not sent again
    bool second_nonce_fallback{};  // after a deadline the intent is tried again at another nonce
    bool fire_before_persist{};    // an armed candidate is fired before it is durable
    bool forget_waiting{};         // an intent that waited again when the process ended gets no last word
};

}  // namespace plimsoll::signer
