// SPDX-License-Identifier: Apache-2.0
#include "strategy/routes/pool_liquidity.hpp"

#include <algorithm>

namespace plimsoll::strategy::uniswap_v3 {

namespace {

Tick clamped(Tick tick) {
    return std::clamp(tick, kMinTick, kMaxTick);
}

}  // namespace

void PoolLiquidity::clear() {
    words_.clear();
    entries_.clear();
}

void PoolLiquidity::learn(Tick first, Tick last, const std::vector<InitialisedTick>& ticks) {
    const bool adjoins = !empty() && first <= last_word() + 1 && last >= first_word_ - 1;
    const Tick low = adjoins ? std::min(first, first_word_) : first;
    const Tick high = adjoins ? std::max(last, last_word()) : last;
    if (!adjoins) clear();
    std::erase_if(entries_, [&](const Entry& entry) {
        return word_of(entry.tick) >= first && word_of(entry.tick) <= last;
    });
    for (const InitialisedTick& tick : ticks)
        entries_.push_back(Entry{tick.tick, sqrt_price_at(tick.tick), tick.net, tick.gross});
    std::sort(entries_.begin(), entries_.end(),
              [](const Entry& a, const Entry& b) { return a.tick < b.tick; });
    first_word_ = low;
    words_.clear();
    for (Tick word = low; word <= high; ++word) {
        const Tick start = word * 256 * spacing_;
        words_.push_back(Word{sqrt_price_at(clamped(start)), sqrt_price_at(clamped(start + 255 * spacing_))});
    }
}

std::vector<InitialisedTick> PoolLiquidity::ticks() const {
    std::vector<InitialisedTick> out;
    for (const Entry& entry : entries_)
        out.push_back(InitialisedTick{entry.tick, entry.net, entry.gross});
    return out;
}

std::size_t PoolLiquidity::position(Tick tick) const {
    const auto found = std::lower_bound(entries_.begin(), entries_.end(), tick,
                                        [](const Entry& entry, Tick t) { return entry.tick < t; });
    return static_cast<std::size_t>(found - entries_.begin());
}

bool PoolLiquidity::change(Tick lower, Tick upper, i128 delta) {
    if (delta == 0) return true;  // a burn of nothing only settles fees
    return change_end(lower, delta, delta) && change_end(upper, -delta, delta);
}

bool PoolLiquidity::change_end(Tick tick, i128 net, i128 gross) {
    if (!knows_word(word_of(tick))) return true;
    const std::size_t at = position(tick);
    const bool known = at < entries_.size() && entries_[at].tick == tick;
    if (!known) {
        if (gross < 0) return false;
        entries_.insert(entries_.begin() + static_cast<std::ptrdiff_t>(at),
                        Entry{tick, sqrt_price_at(tick), net, static_cast<u128>(gross)});
        return true;
    }
    Entry& entry = entries_[at];
    const auto less = static_cast<u128>(gross < 0 ? -gross : 0);
    if (less > entry.gross) return false;
    entry.gross += static_cast<u128>(gross);
    entry.net += net;
    if (entry.gross == 0) entries_.erase(entries_.begin() + static_cast<std::ptrdiff_t>(at));
    return true;
}

}  // namespace plimsoll::strategy::uniswap_v3
