// SPDX-License-Identifier: Apache-2.0
#include "strategy/routes/pool_liquidity.hpp"
#include "strategy/routes/swap_step.hpp"

#include <algorithm>

namespace plimsoll::strategy::uniswap_v3 {

/// One swap under way. The next initialised tick is followed by its place among all of them.
class PoolLiquidity::Walk {
  public:
    Walk(const PoolLiquidity& pool, const Slot& slot, const SwapOrder& order)
        : pool_{pool}, order_{order}, remaining_{order.amount}, slot_{slot} {
        const auto above = std::upper_bound(pool.entries_.begin(), pool.entries_.end(), slot.tick,
                                            [](Tick tick, const Entry& entry) { return tick < entry.tick; });
        above_ = static_cast<std::size_t>(above - pool.entries_.begin());
    }

    /// Until nothing remains.
    SwapEnd run() {
        if (slot_.sqrt_price.is_zero()) return SwapEnd::exhausted;
        while (!remaining_.is_zero()) {
            if (at_limit()) return SwapEnd::exhausted;
            Next next;
            if (!find(next)) return SwapEnd::beyond;
            step(next);
        }
        return SwapEnd::filled;
    }

    SwapOutcome outcome(SwapEnd end, bool with_tick) const {
        SwapOutcome out{end, total_in_, total_out_, slot_, ticks_};
        if (with_tick && tick_open_ && end == SwapEnd::filled) out.after.tick = tick_at(slot_.sqrt_price);
        return out;
    }

  private:
    [[nodiscard]] static const U256& limit(bool zero_for_one) {
        static constexpr U256 kLowest = wrapping_add(kMinSqrtPrice, U256{1});
        static constexpr U256 kHighest = wrapping_sub(kMaxSqrtPrice, U256{1});
        return zero_for_one ? kLowest : kHighest;
    }
    [[nodiscard]] bool at_limit() const { return slot_.sqrt_price == limit(order_.zero_for_one); }

    /// TickBitmap.nextInitializedTickWithinOneWord; false where the word is not known.
    bool find(Next& next) const {
        const Tick compressed = pool_.compressed(slot_.tick) + (order_.zero_for_one ? 0 : 1);
        const Tick word = compressed >> 8;
        if (!pool_.knows_word(word)) return false;
        const Word& bounds = pool_.words_[static_cast<std::size_t>(word - pool_.first_word_)];
        const Tick start = word * 256 * pool_.spacing_;
        if (order_.zero_for_one) {
            next = Next{std::max(start, kMinTick), bounds.low, nullptr};
            if (above_ == 0) return true;
            const Entry& below = pool_.entries_[above_ - 1];
            if (below.tick >= start) next = Next{below.tick, below.price, &below};
            return true;
        }
        const Tick end = start + 255 * pool_.spacing_;
        next = Next{std::min(end, kMaxTick), bounds.high, nullptr};
        if (above_ == pool_.entries_.size()) return true;
        const Entry& entry = pool_.entries_[above_];
        if (entry.tick <= end) next = Next{entry.tick, entry.price, &entry};
        return true;
    }

    void step(const Next& next) {
        const U256& last = limit(order_.zero_for_one);
        const bool cut = order_.zero_for_one ? next.price < last : next.price > last;
        const StretchResult done = walk(Stretch{slot_.sqrt_price, cut ? last : next.price, slot_.liquidity,
                                                remaining_, pool_.fee_, order_.exact_in});
        const U256 paid = done.amount_in + done.fee;
        remaining_ -= order_.exact_in ? paid : done.amount_out;
        total_in_ += paid;
        total_out_ += done.amount_out;
        if (done.price == next.price) {
            arrive(next);
        } else if (done.price != slot_.sqrt_price) {
            tick_open_ = true;
        }
        slot_.sqrt_price = done.price;
    }

    void arrive(const Next& next) {
        if (next.entry != nullptr) {
            const i128 net = order_.zero_for_one ? -next.entry->net : next.entry->net;
            slot_.liquidity += static_cast<u128>(net);
            ++ticks_;
            above_ = order_.zero_for_one ? above_ - 1 : above_ + 1;
        }
        slot_.tick = order_.zero_for_one ? next.tick - 1 : next.tick;
        tick_open_ = false;
    }

    const PoolLiquidity& pool_;
    const SwapOrder& order_;
    U256 remaining_;
    Slot slot_;
    std::size_t above_ = 0;  // place of the first initialised tick above the current one
    U256 total_in_;
    U256 total_out_;
    std::uint32_t ticks_ = 0;
    bool tick_open_ = false;  // it ended between two ticks
};

SwapOutcome PoolLiquidity::swap(const Slot& slot, const SwapOrder& order, bool with_tick) const {
    Walk walk{*this, slot, order};
    const SwapEnd end = walk.run();
    return walk.outcome(end, with_tick);
}

}  // namespace plimsoll::strategy::uniswap_v3
