// SPDX-License-Identifier: Apache-2.0
#include "strategy/rank/crossing.hpp"

namespace plimsoll::strategy {

namespace {

constexpr std::uint64_t kBillion = 1'000'000'000;

/// One account under one price that is tried out.
class Trial {
  public:
    Trial(const Venue& venue, AccountId account, PriceVector& prices, Timestamp t)
        : venue_{venue}, account_{account}, prices_{prices}, t_{t} {}

    [[nodiscard]] bool below() const {
        constexpr Wad kLine{pow10(18)};
        Wad factor;
        venue_.health({&account_, 1}, prices_, t_, {&factor, 1});
        return factor < kLine;
    }
    [[nodiscard]] bool below_at(ReserveId leaf, const U256& price) {
        const Usd today = prices_[leaf];
        prices_[leaf] = Usd{price};
        const bool out = below();
        prices_[leaf] = today;
        return out;
    }
    /// Between today's price and `far`, where it is below.
    [[nodiscard]] U256 halve(ReserveId leaf, U256 far) {
        U256 near = prices_[leaf].raw();
        while ((near < far ? far - near : near - far) > U256{1}) {
            const U256 middle = near < far ? near + ((far - near) >> 1U) : far + ((near - far) >> 1U);
            (below_at(leaf, middle) ? far : near) = middle;
        }
        return far;
    }

  private:
    const Venue& venue_;
    AccountId account_;
    PriceVector& prices_;
    Timestamp t_;
};

}  // namespace

std::optional<Crossing> nearest_crossing(const Venue& venue, AccountId account, PriceVector& prices,
                                         Timestamp t, BasisPoints reach) {
    Trial trial{venue, account, prices, t};
    if (trial.below()) return std::nullopt;
    std::optional<Crossing> best;
    for (std::size_t i = 0; i < prices.size(); ++i) {
        const auto leaf = static_cast<ReserveId>(i);
        const U256 today = prices[i].raw();
        // A leaf further away than the best one is of no interest.
        const std::uint64_t most = best ? best->distance : std::uint64_t{reach.value} * (kBillion / 10'000);
        const U256 span = mul_div_down(today, U256{most}, U256{kBillion});
        if (span.is_zero() || span >= today) continue;
        for (const bool falling : {true, false}) {
            if (!falling && span > U256::max() - today) continue;
            const U256 far = falling ? today - span : today + span;
            if (!trial.below_at(leaf, far)) continue;
            const U256 price = trial.halve(leaf, far);
            const U256 away = falling ? today - price : price - today;
            const U256 distance = mul_div_up(away, U256{kBillion}, today);
            best = Crossing{leaf, Usd{price}, falling, distance.low64()};
            break;
        }
    }
    return best;
}

}  // namespace plimsoll::strategy
