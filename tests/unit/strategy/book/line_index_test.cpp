// SPDX-License-Identifier: Apache-2.0
#include "strategy/book/line_index.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <random>
#include <set>
#include <utility>

namespace plimsoll::strategy {
namespace {

/// Accounts with random holdings, and weights that move as prices do.
class LineWorld {
  public:
    LineWorld(std::size_t accounts, std::size_t reserves, std::uint64_t seed) : random_{seed} {
        weights_.reserves = reserves;
        for (std::size_t i = 0; i < reserves; ++i) {
            weights_.unit[i] = 1e-6;
            set_price(i, std::pow(10.0, between(7.0, 13.0)));
        }
        for (AccountId account = 0; account < accounts; ++account)
            holdings_.push_back(some_holdings());
        index.rebuild(accounts, weights_, terms());
    }

    [[nodiscard]] LineIndex::TermsOf terms() {
        return [this](AccountId account, std::vector<LineTerm>& out) { out = holdings_[account]; };
    }
    void move_price(std::size_t reserve, double by) { set_price(reserve, price_[reserve] * (1.0 + by)); }
    void lose_price(std::size_t reserve) {
        weights_.leave_out(static_cast<ReserveId>(reserve));
        changed_ |= only(static_cast<ReserveId>(reserve));
    }
    void accrue() {
        for (std::size_t i = 0; i < weights_.reserves; ++i) {
            income_[i] *= 1.0 + 1e-9;
            debt_[i] *= 1.0 + 2e-9;
            if (std::isfinite(weights_.backing[i])) set_price(i, price_[i]);
        }
    }
    void change(AccountId account) {
        holdings_[account] = some_holdings();
        index.put(account, holdings_[account], weights_);
    }
    void leave(AccountId account) {
        holdings_[account].clear();
        index.put(account, {}, weights_);
    }

    enum class Told { nothing, changed };
    /// Looks, and compares with everybody weighed one by one.
    void check(std::size_t patience = 1, Told told = Told::nothing) {
        const ReserveSet changed = std::exchange(changed_, ReserveSet{0});
        const LineIndex::Look look = told == Told::changed ? index.look(weights_, terms(), patience,
                                                                        LineIndex::Whom::everybody, changed)
                                                           : index.look(weights_, terms(), patience);
        std::set<AccountId> named{look.news.begin(), look.news.end()};
        named.insert(look.standing.begin(), look.standing.end());
        ASSERT_EQ(named.size(), look.news.size() + look.standing.size()) << "one is named twice";
        const std::set<AccountId> news{look.news.begin(), look.news.end()};
        const std::set<AccountId> before = std::exchange(below_, {});
        for (AccountId account = 0; account < holdings_.size(); ++account) {
            const LineDistance away = distance(holdings_[account], weights_);
            if (is_debtor(account) && away.most < 0) {
                ASSERT_TRUE(named.contains(account)) << account << " was missed, " << away.most;
                ASSERT_TRUE(before.contains(account) || news.contains(account)) << account << " is news";
                below_.insert(account);
            }
            const double far = 1e-4 * std::abs(worth(account)) + 100;
            if (away.least > far) {
                ASSERT_FALSE(named.contains(account)) << account << " is safe";
            }
        }
    }

    [[nodiscard]] std::size_t accounts() const { return holdings_.size(); }
    [[nodiscard]] const LineWeights& weights() const { return weights_; }
    std::size_t pick(std::size_t count) { return random_() % count; }
    double between(double low, double high) { return std::uniform_real_distribution{low, high}(random_); }
    double normal(double deviation) { return std::normal_distribution{0.0, deviation}(random_); }
    LineIndex index;

  private:
    void set_price(std::size_t reserve, double price) {
        price_[reserve] = price;
        if (income_[reserve] == 0) income_[reserve] = debt_[reserve] = 1.0;
        weights_.backing[reserve] = price * income_[reserve];
        weights_.owed[reserve] = price * debt_[reserve];
        changed_ |= only(static_cast<ReserveId>(reserve));
    }
    [[nodiscard]] bool is_debtor(AccountId account) const {
        const auto& terms = holdings_[account];
        const auto owed = std::ranges::count_if(terms, &LineTerm::owed);
        return owed != 0 && owed != static_cast<std::ptrdiff_t>(terms.size());
    }
    [[nodiscard]] double worth(AccountId account) const {
        double out = 0;
        for (const LineTerm& term : holdings_[account])
            out += term.amount * std::abs(weights_.of(term));
        return out;
    }
    /// Most lie some percent above the line, some on it, a few have no debt or are of unusual shape.
    std::vector<LineTerm> some_holdings() {
        std::vector<LineTerm> out;
        const std::size_t most = pick(40) == 0 ? 14 : 4;
        double backing = 0;
        for (std::size_t left = 1 + pick(most); left != 0; --left) {
            const auto reserve = static_cast<ReserveId>(pick(weights_.reserves));
            const double value = std::pow(10.0, between(6.0, 15.0));
            out.push_back({value / price_[reserve], pick(3) == 0 ? 1e-4F : 0.0F, reserve, false});
            backing += value;
        }
        const double health = pick(10) == 0 ? between(0.999, 1.002) : between(0.98, 1.6);
        const std::size_t debts = pick(20) == 0 ? 0 : 1 + pick(most / 2);
        for (std::size_t i = 0; i < debts; ++i) {
            const auto reserve = static_cast<ReserveId>(pick(weights_.reserves));
            const double value = backing / health / static_cast<double>(debts);
            out.push_back({value / price_[reserve], 0.0F, reserve, true});
        }
        return out;
    }

    std::mt19937_64 random_;
    LineWeights weights_;
    std::array<double, kMaxReserves> price_{};
    std::array<double, kMaxReserves> income_{};
    std::array<double, kMaxReserves> debt_{};
    std::vector<std::vector<LineTerm>> holdings_;
    std::set<AccountId> below_;  // at the last look
    ReserveSet changed_ = 0;     // weights since then
};

void random_event(LineWorld& world) {
    const std::size_t reserve = world.pick(world.weights().reserves);
    switch (world.pick(12)) {
        case 0:
            return world.change(static_cast<AccountId>(world.pick(world.accounts())));
        case 1:
            return world.leave(static_cast<AccountId>(world.pick(world.accounts())));
        case 2:
            return world.accrue();
        case 3:
            return world.move_price(reserve, world.normal(0.05));
        case 4:
            return world.pick(8) == 0 ? world.lose_price(reserve) : world.move_price(reserve, 1e-9);
        default:
            return world.move_price(reserve, world.normal(0.002));
    }
}

RC_GTEST_PROP(LineIndex, NamesWhoeverIsBelowAndNobodyFarAbove, ()) {
    const auto accounts = *rc::gen::inRange<std::size_t>(1, 400);
    const auto reserves = *rc::gen::element<std::size_t>(2, 7, 31, 32, 33, 60, 64, 65, 128);
    LineWorld world{accounts, reserves, *rc::gen::arbitrary<std::uint64_t>()};
    world.check();
    for (int event = 0; event < 60 && !::testing::Test::HasFatalFailure(); ++event) {
        random_event(world);
        const auto told = world.pick(2) == 0 ? LineWorld::Told::nothing : LineWorld::Told::changed;
        if (world.pick(3) != 0) world.check(1 + world.pick(4), told);
        if (world.pick(20) == 0) world.index.tidy(world.terms());
    }
    RC_ASSERT(!::testing::Test::HasFatalFailure());
}

TEST(LineIndex, ACrashIsAnsweredByAPassAndWhatIsLeftOfItIsCaughtUpWith) {
    LineWorld world{4'000, 12, 7};
    world.check();
    for (std::size_t reserve = 0; reserve < 6; ++reserve)
        world.move_price(reserve, -0.2);
    world.check();
    EXPECT_GT(world.index.counts().passes, 0U);
    for (int i = 0; i < 200; ++i)
        world.check(8, LineWorld::Told::changed), world.index.tidy(world.terms());
    const std::uint64_t passes = world.index.counts().passes;
    world.move_price(0, -1e-6);
    world.check();
    EXPECT_EQ(world.index.counts().passes, passes) << "by then the bounds suffice again";
}

TEST(LineIndex, APassDoesNotNameAgainWhomTheLastOneNamed) {
    LineWorld world{4'000, 12, 11};
    world.check();
    for (std::size_t reserve = 0; reserve < 6; ++reserve)
        world.move_price(reserve, -0.2);
    const auto newcomers = [&] {
        return world.index.look(world.weights(), world.terms(), 1, LineIndex::Whom::newcomers).news.size();
    };
    const std::size_t sunk = newcomers();
    EXPECT_GT(sunk, 400U);
    for (int i = 0; i < 5; ++i) {
        world.move_price(0, -1e-4);
        EXPECT_LT(newcomers(), sunk / 3) << "small ones may be below by less than rounding";
    }
    EXPECT_EQ(world.index.counts().passes, 6U);
    world.index.passed_over();
    EXPECT_GE(newcomers(), sunk) << "another line was asked about in between";
}

TEST(LineIndex, WhoRoseDuringAPassIsNewsWhenTheyFallAgain) {
    LineWorld world{4'000, 12, 7};
    for (int i = 0; i < 200; ++i)
        world.check();
    for (std::size_t reserve = 0; reserve < 6; ++reserve)
        world.move_price(reserve, 0.2);
    world.check();
    EXPECT_GT(world.index.counts().passes, 0U);
    for (std::size_t reserve = 0; reserve < 6; ++reserve)
        world.move_price(reserve, 1 / 1.2 - 1);
    world.check(1'000);
}

TEST(LineIndex, ASmallMoveTouchesFew) {
    LineWorld world{20'000, 30, 3};
    for (int i = 0; i < 100; ++i)
        world.move_price(world.pick(30), world.normal(0.0005)), world.check();
    const std::uint64_t before = world.index.counts().refiled;
    for (int i = 0; i < 100; ++i) {
        world.move_price(world.pick(30), world.normal(0.0001));
        static_cast<void>(world.index.look(world.weights(), world.terms()));
    }
    EXPECT_LT(world.index.counts().refiled - before, 100U * 100U) << "of 20,000";
}

std::vector<AccountId> below(const LineScan& scan, const LineKernel& kernel, const LineWeights& weights) {
    std::vector<AccountId> out;
    scan.below(kernel, weights, 1.0, out);
    std::ranges::sort(out);
    return out;
}

TEST(LineScan, EveryKernelNamesTheSame) {
    for (const std::size_t reserves : {3U, 32U, 33U, 64U, 65U, 128U}) {
        LineWorld world{5'000, reserves, reserves};
        LineScan scan;
        std::vector<LineTerm> terms;
        for (AccountId account = 0; account < 5'000; ++account) {
            world.terms()(account, terms);
            scan.put(account, terms, world.weights());
        }
        for (AccountId account = 0; account < 5'000; account += 7)
            scan.erase(account);
        std::set<AccountId> plain;
        for (const AccountId account : below(scan, line_kernels().back(), world.weights()))
            plain.insert(account);
        EXPECT_GT(plain.size(), 20U);
        for (const LineKernel& kernel : line_kernels()) {
            const std::vector<AccountId> named = below(scan, kernel, world.weights());
            std::vector<AccountId> differing;
            std::ranges::set_symmetric_difference(named, plain, std::back_inserter(differing));
            // Fused multiplication rounds once less: only accounts on the guard's edge may differ.
            for (const AccountId account : differing) {
                world.terms()(account, terms);
                const LineDistance away = distance(terms, world.weights());
                EXPECT_GT(away.least, 0) << kernel.name << " missed " << account;
            }
        }
    }
}

/// What a kernel calls sure must be so for the exact number, however thresholds and balances are rounded.
TEST(LineScan, EveryKernelIsSureOnlyOfWhoIsBelowBeyondDoubt) {
    for (const std::size_t reserves : {3U, 33U, 65U, 128U}) {
        LineWorld world{5'000, reserves, 17 + reserves};
        std::size_t sure = 0;
        std::size_t below = 0;
        for (const LineKernel& kernel : line_kernels()) {
            LineScan scan;
            std::vector<LineTerm> terms;
            for (AccountId account = 0; account < 5'000; ++account) {
                world.terms()(account, terms);
                scan.put(account, terms, world.weights());
            }
            std::vector<AccountId> news;
            scan.sunk(kernel, world.weights(), {&news, nullptr});
            for (AccountId account = 0; account < 5'000; ++account) {
                world.terms()(account, terms);
                const bool surely = distance(terms, world.weights()).most < 0;
                if (scan.marked(account)) {
                    ASSERT_TRUE(surely) << kernel.name << " is wrong about " << account;
                }
                sure += scan.marked(account) ? 1U : 0U;
                below += surely && scan.holds(account) ? 1U : 0U;
            }
        }
        EXPECT_GT(sure, below * 3 / 4) << "one in ten of these accounts was made to lie on the line";
    }
}

}  // namespace
}  // namespace plimsoll::strategy
