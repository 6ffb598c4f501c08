// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chain/primitives/u256.hpp"
#include "strategy/routes/tick_math.hpp"

#include <cstdint>
#include <vector>

namespace plimsoll::strategy::uniswap_v3 {

__extension__ using i128 = __int128;

/// What a swap moves: UniswapV3Pool.slot0's price and tick, and the liquidity in range.
struct Slot {
    U256 sqrt_price;  // sqrtPriceX96; zero: the pool was never initialised
    Tick tick{};
    u128 liquidity{};
    friend bool operator==(const Slot&, const Slot&) = default;
};

/// A swap's given side: what comes in, fee included, or what goes out. token0 is sold if `zero_for_one`.
struct SwapOrder {
    bool zero_for_one{};
    bool exact_in = true;
    U256 amount;
};

enum class SwapEnd : std::uint8_t {
    filled,
    exhausted,  // the pool ran into the last price there is
    beyond,     // it would leave the words that are known
};

struct SwapOutcome {
    SwapEnd end{};
    U256 amount_in;  // fee included
    U256 amount_out;
    Slot after;
    std::uint32_t ticks{};  // initialised ones that were crossed
};

struct InitialisedTick {
    Tick tick{};
    i128 net{};    // liquidity that begins here, going up
    u128 gross{};  // of all positions that end or begin here
};

/// The initialised ticks of a pool, exact within the words of its bitmap that are known, and the swap over
/// them. A word is 256 multiples of the tick spacing; swaps stop at each of its ends, which is part of how
/// they round.
class PoolLiquidity {
  public:
    /// `spacing` is at least 1.
    PoolLiquidity(std::uint32_t fee_millionths, Tick spacing) : fee_{fee_millionths}, spacing_{spacing} {}

    [[nodiscard]] std::uint32_t fee() const noexcept { return fee_; }
    [[nodiscard]] Tick spacing() const noexcept { return spacing_; }
    /// The word that says whether `tick` is initialised.
    [[nodiscard]] Tick word_of(Tick tick) const noexcept { return compressed(tick) >> 8; }
    [[nodiscard]] Tick lowest_word() const noexcept { return word_of(kMinTick); }
    [[nodiscard]] Tick highest_word() const noexcept { return word_of(kMaxTick); }

    /// Forgets everything; nothing is known.
    void clear();
    /// The words from `first` to `last` are known now, with these ticks in ascending order. They adjoin or
    /// replace what was known before.
    void learn(Tick first, Tick last, const std::vector<InitialisedTick>& ticks);
    [[nodiscard]] bool empty() const noexcept { return words_.empty(); }
    [[nodiscard]] Tick first_word() const noexcept { return first_word_; }
    [[nodiscard]] Tick last_word() const noexcept {
        return first_word_ + static_cast<Tick>(words_.size()) - 1;
    }
    [[nodiscard]] std::vector<InitialisedTick> ticks() const;

    /// A position from `lower` to `upper` grew by `delta`, or shrank. Its ends outside of what is known do
    /// not matter. False if that cannot be: less would remain than nothing.
    [[nodiscard]] bool change(Tick lower, Tick upper, i128 delta);

    /// UniswapV3Pool.swap without a price limit, to the last unit. Nothing is allocated. The tick in `after`
    /// is found only if `with_tick`, which takes as long as a short swap. `after` means nothing unless the
    /// swap was filled. Throws ArithmeticError where the contract reverts.
    [[nodiscard]] SwapOutcome swap(const Slot& slot, const SwapOrder& order, bool with_tick) const;

  private:
    struct Entry {
        Tick tick{};
        U256 price;
        i128 net{};
        u128 gross{};
    };
    struct Word {
        U256 low;  // price at its first tick
        U256 high;
    };
    struct Next {
        Tick tick{};
        U256 price;
        const Entry* entry = nullptr;  // if it is initialised
    };
    class Walk;

    [[nodiscard]] Tick compressed(Tick tick) const noexcept {
        const Tick quotient = tick / spacing_;
        return tick < 0 && tick % spacing_ != 0 ? quotient - 1 : quotient;
    }
    [[nodiscard]] bool knows_word(Tick word) const noexcept {
        return !words_.empty() && word >= first_word_ && word <= last_word();
    }
    [[nodiscard]] std::size_t position(Tick tick) const;
    [[nodiscard]] bool change_end(Tick tick, i128 net, i128 gross);

    std::uint32_t fee_;
    Tick spacing_;
    Tick first_word_ = 0;
    std::vector<Word> words_;
    std::vector<Entry> entries_;  // ascending
};

}  // namespace plimsoll::strategy::uniswap_v3
