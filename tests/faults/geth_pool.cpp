// SPDX-License-Identifier: Apache-2.0
#include "tests/faults/geth_pool.hpp"

#include "tests/faults/lane_world.hpp"

#include <utility>

namespace plimsoll::faults {
namespace {

/// geth's PriceBump of 10 %: old * 110 / 100, rounded down, and strictly more than the old one.
bool replaces(const Wei& old, const Wei& fresh) {
    const U256 least = old.raw() * U256{110} / U256{100};
    return fresh.raw() >= least && fresh > old;
}

}  // namespace

std::vector<Step> GethPool::answer(const Asked& asked) {
    if (asked.method != "eth_sendRawTransaction") return {error(asked, -32601, "the method does not exist")};
    Result<signer::SignedTransaction> decoded = signer::decode_transaction(raw_in(asked));
    if (!decoded) return {error(asked, -32000, "rlp: expected input list for types.LegacyTx")};
    const std::uint64_t nonce = decoded->fields.nonce.value;
    if (nonce < next_) return {error(asked, -32000, "nonce too low: next nonce " + std::to_string(next_))};
    const auto held = waiting_.find(nonce);
    if (held != waiting_.end()) {
        if (held->second.hash == decoded->hash) return {error(asked, -32000, "already known")};
        const signer::Transaction& old = held->second.fields;
        const bool enough = replaces(old.max_fee_per_gas, decoded->fields.max_fee_per_gas) &&
                            replaces(old.max_priority_fee_per_gas, decoded->fields.max_priority_fee_per_gas);
        if (!enough) {
            ++underpriced_;
            return {error(asked, -32000, "replacement transaction underpriced")};
        }
    }
    waiting_[nonce] = *std::move(decoded);
    return {take_it(asked)};
}

bool GethPool::mine(Hash32& mined) {
    const auto found = waiting_.find(next_);
    if (found == waiting_.end()) return false;
    mined = found->second.hash;
    waiting_.erase(found);
    ++next_;
    return true;
}

void GethPool::hold(signer::SignedTransaction transaction) {
    waiting_[transaction.fields.nonce.value] = std::move(transaction);
}

}  // namespace plimsoll::faults
