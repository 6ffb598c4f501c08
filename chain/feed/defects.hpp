// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace plimsoll::feed {

/// Mistakes that a feed can make on purpose, so that tests can prove that they would notice. All false,
/// except in tests: no configuration reaches them.
struct FeedDefects {
    bool apply_twice = false;       // logs told early are told again with the complete answer
    bool skip_undo = false;         // blocks that left the chain are not undone
    bool trust_first_head = false;  // what the other sources say does not count
    bool forget_gap = false;        // skipped blocks are not fetched
    bool ignore_removed = false;    // a log taken back is a log
};

}  // namespace plimsoll::feed
