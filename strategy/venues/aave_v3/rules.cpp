// SPDX-License-Identifier: Apache-2.0
#include "strategy/venues/aave_v3/rules.hpp"

#include <array>
#include <string>

namespace plimsoll::strategy::aave_v3 {

namespace {

constexpr Rules v3_0() {
    Rules out;
    out.first = 1;
    out.last = 3;
    out.version = "3.0";
    out.stable_debt = true;
    out.sentinel = true;
    out.discounted_debt = true;
    out.proof = Proof::contracts;
    out.evidence = "3.0.2 contracts: random cases and parity; revisions 2 and 3 by the check of each reading";
    return out;
}

constexpr Rules next(Rules before, std::uint64_t revision, std::string_view version) {
    before.first = before.last = revision;
    before.version = version;
    before.proof = Proof::none;
    before.evidence = "";
    return before;
}

constexpr Rules v3_1() {
    Rules out = next(v3_0(), 4, "3.1");
    out.virtual_balance = true;
    out.grace_period = true;
    return out;
}

constexpr Rules v3_2() {
    Rules out = next(v3_1(), 5, "3.2");
    out.stable_debt = false;
    out.categories = CategoryScheme::bitmaps;
    return out;
}

constexpr Rules v3_3() {
    Rules out = next(v3_2(), 7, "3.3");
    out.close_factor = CloseFactor::half_of_the_account;
    return out;
}

constexpr Rules v3_4() {
    Rules out = next(v3_3(), 8, "3.4");
    out.compounding = Compounding::taylor;
    out.discounted_debt = false;
    return out;
}

constexpr Rules v3_5() {
    Rules out = next(v3_4(), 9, "3.5");
    out.tokens = TokenRounding::directional;
    out.seize = SeizeRounding::debt_up;
    out.flash_premium_up = true;
    out.silent_accrual = true;
    out.proof = Proof::vectors;
    out.evidence =
        "executed seizures, balances and interest of 3.5; what else it does is 3.6's; checked at each "
        "reading";
    return out;
}

constexpr Rules v3_6() {
    Rules out = next(v3_5(), 10, "3.6");
    out.zero_threshold_counts = true;
    out.proof = Proof::contracts;
    out.evidence = "3.6.0 contracts: random cases and parity";
    return out;
}

constexpr Rules v3_7() {
    Rules out = next(v3_6(), 11, "3.7");
    out.seize = SeizeRounding::for_the_protocol;
    out.sentinel = false;
    out.proof = Proof::vectors;
    out.evidence =
        "executed seizures of 3.7, balances, interest and index updates of real markets; what else it "
        "does is 3.6's; checked at each reading";
    return out;
}

constexpr std::array kRows{v3_0(), v3_1(), v3_2(), v3_3(), v3_4(), v3_5(), v3_6(), v3_7()};

std::string proven_revisions() {
    std::string out;
    for (const Rules& row : kRows) {
        if (row.proof == Proof::none) continue;
        if (!out.empty()) out += ", ";
        out += std::to_string(row.first);
        if (row.last != row.first) out += " to " + std::to_string(row.last);
        out += " (" + std::string{row.version} + ")";
    }
    return out;
}

}  // namespace

std::span<const Rules> all_rules() noexcept {
    return kRows;
}

Result<const Rules*> rules_for(const U256& revision) {
    for (const Rules& row : kRows) {
        const bool is_it = U256{row.first} <= revision && revision <= U256{row.last};
        if (is_it && row.proof != Proof::none) return &row;
        if (is_it) {
            return fail(Errc::unproven, "pool revision " + to_decimal(revision) + " (Aave V3 " +
                                            std::string{row.version} + ") is known, but its arithmetic is " +
                                            "not proven; proven are " + proven_revisions());
        }
    }
    return fail(Errc::unproven,
                "pool revision " + to_decimal(revision) + " is unknown; proven are " + proven_revisions());
}

}  // namespace plimsoll::strategy::aave_v3
