// SPDX-License-Identifier: Apache-2.0
#include "chain/feed/finality.hpp"

#include <cstddef>

namespace plimsoll::feed {
namespace {

constexpr std::size_t kRemembered = 64;

}  // namespace

void Finality::told(BlockNumber number, const Hash32& hash) {
    const auto [at, fresh] = final_.try_emplace(number, hash);
    if (!fresh && at->second != hash && why_.empty()) {
        why_ = "block " + std::to_string(number.value) + " was final as " + to_string(at->second) +
               " and is told final as " + to_string(hash);
    }
    if (final_.size() > kRemembered) final_.erase(final_.begin());
}

void Finality::compare(BlockNumber number, const Hash32& ours) {
    const auto found = final_.find(number);
    if (found == final_.end() || found->second == ours || !why_.empty()) return;
    why_ = "block " + std::to_string(number.value) + " is final as " + to_string(found->second) +
           ", but followed as " + to_string(ours);
}

void Finality::undone(BlockNumber number) {
    if (final_.empty() || number > newest() || !why_.empty()) return;
    why_ = "block " + std::to_string(number.value) + " left the chain, and block " +
           std::to_string(newest().value) + " was final";
}

void Finality::resume() {
    final_.clear();
    why_.clear();
}

BlockNumber Finality::newest() const noexcept {
    return final_.empty() ? BlockNumber{} : final_.rbegin()->first;
}

}  // namespace plimsoll::feed
