// SPDX-License-Identifier: Apache-2.0
#include "signer/nonce.hpp"

namespace plimsoll::signer {

Nonce NonceLedger::take() {
    if (free_.empty()) {
        const Nonce out = next_;
        next_ = next_.next();
        used_.insert(out);
        return out;
    }
    const Nonce out = *free_.begin();
    free_.erase(free_.begin());
    used_.insert(out);
    return out;
}

void NonceLedger::occupy(Nonce nonce) {
    for (; next_ <= nonce; next_ = next_.next())
        free_.insert(next_);
    free_.erase(nonce);
    used_.insert(nonce);
}

void NonceLedger::give_back(Nonce nonce) {
    if (used_.erase(nonce) == 0) return;
    free_.insert(nonce);
    // At the top there is nothing above that could wait for it: it is simply the next one again.
    while (!free_.empty() && free_.rbegin()->next() == next_) {
        next_ = *free_.rbegin();
        free_.erase(next_);
    }
}

void NonceLedger::finish(Nonce nonce) {
    used_.erase(nonce);
}

std::vector<Nonce> NonceLedger::gaps() const {
    return {free_.begin(), free_.end()};
}

std::optional<Nonce> NonceLedger::lowest_in_use() const {
    if (used_.empty()) return std::nullopt;
    return *used_.begin();
}

}  // namespace plimsoll::signer
