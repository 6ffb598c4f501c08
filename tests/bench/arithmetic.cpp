// SPDX-License-Identifier: Apache-2.0
// What one operation of Aave's arithmetic costs in 128 bits, in 256 bits and with Boost's uint256_t, and a
// whole account's health factor. All results are compared first; all three are measured in turns, in
// processor time.
#include "strategy/venues/aave_v3/balances.hpp"
#include "strategy/venues/aave_v3/narrow_math.hpp"
#include "tests/bench/arithmetic_book.hpp"
#include "tests/bench/boosted.hpp"
#include "tests/bench/exact_health.hpp"
#include "tests/bench/in_turns.hpp"

#include <algorithm>
#include <cstdio>
#include <random>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace plimsoll::bench {
namespace {

namespace aave = strategy::aave_v3;

constexpr std::size_t kOperands = 1'024;
constexpr int kRepeats = 40;  // of all operands, in one measurement
constexpr std::size_t kAccounts = 100'000;
/// What an exact health factor should cost beside Boost's, and at all on the machine this was planned on.
constexpr double kGoalRatio = 0.2;
constexpr double kGoalNanoseconds = 60;

void print(std::string_view name, const Costs& costs) {
    std::printf("%-34.*s %9.1f %9.1f %9.1f %12.3f %12.3f\n", static_cast<int>(name.size()), name.data(),
                costs.boost, costs.wide, costs.narrow, costs.of_wide, costs.of_boost);
}

/// Two operands of one operation in all three forms.
struct Operands {
    std::vector<u128> narrow;
    std::vector<U256> wide;
    std::vector<Boost> boost;

    void add(u128 value) {
        narrow.push_back(value);
        wide.push_back(U256::from_u128(value));
        boost.push_back(boosted(wide.back()));
    }
};

class Source {
  public:
    Operands numbers(u128 least, unsigned bits) {
        Operands out;
        for (std::size_t i = 0; i < kOperands; ++i)
            out.add(least + (((u128{random_()} << 64U) | random_()) >> (128U - bits)));
        return out;
    }

  private:
    std::mt19937_64 random_{61};
};

/// `formula` is called as formula(a, b) with numbers of the type it was written for.
template <class BoostFormula, class WideFormula, class NarrowFormula>
void measure(std::string_view name, const Operands& a, const Operands& b, BoostFormula boost,
             WideFormula wide, NarrowFormula narrow) {
    for (std::size_t i = 0; i < kOperands; ++i) {
        aave::NarrowMath math;
        const u128 got = narrow(math, a.narrow[i], b.narrow[i]);
        const U256 expected = wide(a.wide[i], b.wide[i]);
        if (!math.fits() || U256::from_u128(got) != expected ||
            boosted(expected) != boost(a.boost[i], b.boost[i]))
            throw std::runtime_error{std::string{name} + ": the three differ"};
    }
    const auto all = [](const auto& operands, const auto& others, const auto& formula) {
        for (int repeat = 0; repeat < kRepeats; ++repeat) {
            for (std::size_t i = 0; i < kOperands; ++i)
                keep(formula(operands[i], others[i]));
        }
    };
    aave::NarrowMath math;
    const Costs costs = in_turns(
        kOperands * kRepeats, [&] { all(a.boost, b.boost, boost); }, [&] { all(a.wide, b.wide, wide); },
        [&] { all(a.narrow, b.narrow, [&](u128 x, u128 y) { return narrow(math, x, y); }); });
    if (!math.fits()) throw std::runtime_error{"a result does not fit"};
    print(name, costs);
}

using N = aave::NarrowMath;

void measure_operations() {
    Source source;
    const u128 ray = aave::kRay.low128();
    const Boost big_ray = boosted(aave::kRay);
    const Boost half_ray = big_ray / 2;
    const Operands balances = source.numbers(0, 90);
    const Operands indices = source.numbers(ray, 88);
    const Operands rates = source.numbers(0, 87);
    const Operands seconds = source.numbers(1, 20);
    const Operands values = source.numbers(1, 60);
    const Operands weighted = source.numbers(1, 74);
    const BasisPoints share{8'300};
    measure(
        "ray_mul_half_up", balances, indices,
        [&](const Boost& a, const Boost& b) { return Boost{(a * b + half_ray) / big_ray}; },
        [](const U256& a, const U256& b) { return aave::ray_mul_half_up(a, b); },
        [](N& n, u128 a, u128 b) { return n.ray_mul_half_up(a, b); });
    measure(
        "ray_mul_up", balances, indices,
        [&](const Boost& a, const Boost& b) { return Boost{(a * b + (big_ray - 1)) / big_ray}; },
        [](const U256& a, const U256& b) { return aave::ray_mul_up(a, b); },
        [](N& n, u128 a, u128 b) { return n.ray_mul_up(a, b); });
    measure(
        "ray_div_half_up", balances, indices,
        [&](const Boost& a, const Boost& b) { return Boost{(a * big_ray + b / 2) / b}; },
        [](const U256& a, const U256& b) { return aave::ray_div_half_up(a, b); },
        [](N& n, u128 a, u128 b) { return n.ray_div_half_up(a, b); });
    const Boost big_wad = boosted(aave::kWad);
    measure(
        "wad_div_half_up", weighted, values,
        [&](const Boost& a, const Boost& b) { return Boost{(a * big_wad + b / 2) / b}; },
        [](const U256& a, const U256& b) { return aave::wad_div_half_up(a, b); },
        [](N& n, u128 a, u128 b) { return n.wad_div_half_up(a, b); });
    measure(
        "percent_mul_half_up", values, values,
        [&](const Boost& a, const Boost&) { return Boost{(a * share.value + 5'000) / 10'000}; },
        [&](const U256& a, const U256&) { return aave::percent_mul_half_up(a, share); },
        [&](N& n, u128 a, u128) { return n.percent_mul_half_up(a, share); });
    const Boost year = aave::kSecondsPerYear;
    measure(
        "linear_interest", rates, seconds,
        [&](const Boost& r, const Boost& t) { return Boost{big_ray + r * t / year}; },
        [](const U256& r, const U256& t) { return aave::linear_interest(r, t.low64()); },
        [](N& n, u128 r, u128 t) { return n.linear_interest(r, static_cast<std::uint64_t>(t)); });
    measure(
        "compounded_binomial", rates, seconds,
        [&](const Boost& r, const Boost& n) {
            const Boost two = (r * r + half_ray) / big_ray / (year * year);
            const Boost three = (two * r + half_ray) / big_ray / year;
            const Boost less_two = n > 2 ? Boost{n - 2} : Boost{0};
            return Boost{big_ray + r * n / year + n * (n - 1) * two / 2 + n * (n - 1) * less_two * three / 6};
        },
        [](const U256& r, const U256& t) { return aave::compounded_binomial(r, t.low64()); },
        [](N& n, u128 r, u128 t) { return n.compounded_binomial(r, static_cast<std::uint64_t>(t)); });
    measure(
        "compounded_taylor", rates, seconds,
        [&](const Boost& r, const Boost& t) {
            const Boost x = r * t / year;
            const Boost inner = x / 2 + (x * (x / 6) + half_ray) / big_ray;
            return Boost{big_ray + x + (x * inner + half_ray) / big_ray};
        },
        [](const U256& r, const U256& t) { return aave::compounded_taylor(r, t.low64()); },
        [](N& n, u128 r, u128 t) { return n.compounded_taylor(r, static_cast<std::uint64_t>(t)); });
}

Costs told_accounts(const ArithmeticBook& book, const aave::Rules& rules) {
    const Costs costs = measure_health(book, rules);
    print("account_data, Aave " + std::string{rules.version}, costs);
    return costs;
}

void measure_accrual(const ArithmeticBook& book, const aave::Rules& rules) {
    const strategy::ReserveState& state = book.book().reserve(0);
    const auto all = [](const auto& formula) {
        for (std::uint64_t i = 1; i <= kOperands; ++i)
            keep(formula(Timestamp{ArithmeticBook::kNow + i}));
    };
    const auto wide = [&] { all([&](Timestamp t) { return aave::accrued_wide(rules, state, t); }); };
    Costs costs = in_turns(
        kOperands, [] {}, wide, [&] { all([&](Timestamp t) { return aave::accrued(rules, state, t); }); });
    std::printf("%-34s %9s %9.1f %9.1f %12.3f\n", ("accrued, Aave " + std::string{rules.version}).c_str(), "",
                costs.wide, costs.narrow, costs.of_wide);
}

void print_goals(const Costs& old_rules, const Costs& new_rules) {
    const double ratio = std::max(old_rules.of_boost, new_rules.of_boost);
    const double slower = std::max(old_rules.narrow, new_rules.narrow);
    std::printf("%-34s %9s %9s\n", "exact health factor", "measured", "goal");
    std::printf("%-34s %9.3f %9.1f %s\n", "of Boost's", ratio, kGoalRatio,
                ratio <= kGoalRatio ? "holds" : "does not hold");
    std::printf("%-34s %9.0f %9.0f\n", "nanoseconds", slower, kGoalNanoseconds);
}

}  // namespace
}  // namespace plimsoll::bench

int main() {
    using namespace plimsoll::bench;
    try {
        std::printf("%-34s %9s %9s %9s %12s %12s\n", "nanoseconds", "Boost", "256 bits", "128 bits",
                    "128 : 256", "128 : Boost");
        measure_operations();
        const ArithmeticBook book{kAccounts};
        const auto rules = aave::all_rules();
        measure_accrual(book, rules.front());
        measure_accrual(book, rules.back());
        const Costs old_rules = told_accounts(book, rules.front());
        const Costs new_rules = told_accounts(book, rules.back());
        print_goals(old_rules, new_rules);
        return 0;
    } catch (const std::exception& error) {
        std::fprintf(stderr, "%s\n", error.what());
        return 70;
    }
}
