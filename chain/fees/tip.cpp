// SPDX-License-Identifier: Apache-2.0
#include "chain/fees/tip.hpp"

#include <algorithm>
#include <vector>

namespace plimsoll::fees {

Wei recent_tip(std::span<const BlockTip> blocks) {
    std::vector<Wei> tips;
    for (const BlockTip& block : blocks) {
        if (!block.empty) tips.push_back(block.tip);
    }
    if (tips.empty()) return Wei{};
    const auto middle = tips.begin() + static_cast<std::ptrdiff_t>(tips.size() / 2);
    std::nth_element(tips.begin(), middle, tips.end());
    return *middle;
}

Wei tip(const TipTerms& terms, const Wei& recent, const std::optional<Wei>& worth, Gas gas) {
    if (terms.ordering == Ordering::first_come) return terms.floor;
    if (!worth) return std::max(terms.floor, recent);
    if (gas.value == 0) return terms.floor;
    constexpr std::uint64_t kWhole = 10'000;
    const U256 share{std::min(terms.share.value, kWhole)};
    const Wei most = mul_div(*worth, U256{1}, U256{gas.value}, Rounding::down);
    const Wei bid = mul_div(most, share, U256{kWhole}, Rounding::down);
    const Wei usual = recent - std::min(recent, terms.floor);
    return terms.floor + std::min(std::max(bid, usual), most);
}

}  // namespace plimsoll::fees
