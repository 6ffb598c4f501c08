// SPDX-License-Identifier: Apache-2.0
#include "signer/lanes/size_guard.hpp"

#include "signer/policy.hpp"

namespace plimsoll::signer {

std::string too_large(BytesView transaction) {
    if (transaction.size() <= kTransactionSizeCap) return {};
    return "a transaction of " + std::to_string(transaction.size()) + " bytes, of which pools take " +
           std::to_string(kTransactionSizeCap);
}

std::string too_large(std::span<const Bytes> bundle) {
    if (bundle.size() > kMostBundleTransactions)
        return "a bundle of " + std::to_string(bundle.size()) + " transactions";
    std::size_t sum = 0;
    for (const Bytes& transaction : bundle) {
        if (std::string why = too_large(BytesView{transaction}); !why.empty()) return why;
        sum += transaction.size();
    }
    if (sum > kMostBundleBytes) return "a bundle of " + std::to_string(sum) + " bytes";
    return {};
}

}  // namespace plimsoll::signer
