// SPDX-License-Identifier: Apache-2.0
#include "strategy/routes/exit_finder.hpp"

#include <algorithm>

namespace plimsoll::strategy {

namespace {

using uniswap_v3::SwapEnd;
using uniswap_v3::SwapOutcome;

/// Doubles are right to 10^-15; what a filter drops must be worse by more.
constexpr double kDoubt = 1 + 1e-9;

struct Hop1 {
    DirectionId direction{};
    SwapOutcome swap;
    bool any = false;
};

class Search {
  public:
    Search(const PoolTable& pools, const TokenAmount& amount, const MovedPools& moved, const ExitCosts& costs)
        : pools_{pools}, amount_{amount}, moved_{moved}, costs_{costs} {}

    void direct(std::span<const DirectionId> directions) {
        found_.pools = found_.pools || !directions.empty();
        for (const DirectionId direction : directions) {
            if (!may_beat(spot(direction) * amount_double(), 1)) continue;
            const SwapOutcome swap = pools_.sell(direction, amount_, moved_);
            if (swap.end == SwapEnd::filled)
                offer(Exit{ExitPath{direction}, TokenAmount{swap.amount_out}, swap.ticks});
        }
    }

    void through(std::span<const DirectionId> first, std::span<const DirectionId> second) {
        if (first.empty() || second.empty()) return;
        found_.pools = true;
        const double onward = best_spot(second);
        if (!may_beat(best_spot(first) * onward * amount_double(), 2)) return;
        const Hop1 one = most(first, amount_);
        if (!one.any || !may_beat(one.swap.amount_out.to_double() * onward, 2)) return;
        const Hop1 two = most(second, TokenAmount{one.swap.amount_out});
        if (!two.any) return;
        offer(Exit{ExitPath{one.direction, two.direction}, TokenAmount{two.swap.amount_out},
                   one.swap.ticks + two.swap.ticks});
    }

    [[nodiscard]] const FoundExit& found() const noexcept { return found_; }

  private:
    [[nodiscard]] double amount_double() const { return amount_.raw().to_double(); }
    [[nodiscard]] double spot(DirectionId direction) const { return pools_.spot(direction, moved_); }
    [[nodiscard]] double best_spot(std::span<const DirectionId> directions) const {
        double out = 0;
        for (const DirectionId direction : directions)
            out = std::max(out, spot(direction));
        return out;
    }

    /// Whether something that brings at most `out` can be the best.
    [[nodiscard]] bool may_beat(double out, std::size_t hops) const {
        if (!found_.any) return out > 0;
        return out * kDoubt >= net_ + costs_.least_cost(hops).raw().to_double();
    }

    void offer(const Exit& exit) {
        const TokenAmount cost = costs_.gas_cost(exit);
        // Compared without going below zero.
        if (found_.any && exit.out + best_cost_ <= found_.best.out + cost) return;
        found_.best = exit;
        found_.any = true;
        best_cost_ = cost;
        net_ = exit.out.raw().to_double() - cost.raw().to_double();
    }

    [[nodiscard]] Hop1 most(std::span<const DirectionId> directions, const TokenAmount& in) const {
        Hop1 out;
        const double amount = in.raw().to_double();
        for (const DirectionId direction : directions) {
            const double bound = spot(direction) * amount * kDoubt;
            if (bound <= 0 || (out.any && bound < out.swap.amount_out.to_double())) continue;
            const SwapOutcome swap = pools_.sell(direction, in, moved_);
            if (swap.end != SwapEnd::filled) continue;
            if (!out.any || swap.amount_out > out.swap.amount_out) out = Hop1{direction, swap, true};
        }
        return out;
    }

    const PoolTable& pools_;
    const TokenAmount& amount_;
    const MovedPools& moved_;
    const ExitCosts& costs_;
    FoundExit found_;
    TokenAmount best_cost_;
    double net_ = 0;
};

}  // namespace

FoundExit find_exit(const PoolTable& pools, std::span<const Address> intermediates, const Address& in,
                    const Address& out, const TokenAmount& amount, const MovedPools& moved,
                    const ExitCosts& costs) {
    Search search{pools, amount, moved, costs};
    search.direct(pools.directions(in, out));
    for (const Address& middle : intermediates) {
        if (middle == in || middle == out) continue;
        search.through(pools.directions(in, middle), pools.directions(middle, out));
    }
    return search.found();
}

FoundExit sell_along(const PoolTable& pools, const ExitPath& path, const TokenAmount& amount,
                     const MovedPools& moved) {
    FoundExit out;
    out.pools = true;
    out.best = Exit{path, amount, 0};
    for (std::size_t i = 0; i < path.count; ++i) {
        const SwapOutcome swap = pools.sell(path.directions.at(i), out.best.out, moved);
        if (swap.end != SwapEnd::filled) return out;
        out.best.out = TokenAmount{swap.amount_out};
        out.best.ticks += swap.ticks;
    }
    out.any = true;
    return out;
}

}  // namespace plimsoll::strategy
