// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chain/primitives/result.hpp"
#include "chain/primitives/u256.hpp"

#include <cstdint>
#include <span>
#include <string_view>

namespace plimsoll::strategy::aave_v3 {

/// Growth of a debt index over time (MathUtils.calculateCompoundedInterest).
enum class Compounding : std::uint8_t {
    binomial,  // three terms of (1 + r)^n
    taylor,    // three terms of e^(r n)
};

/// How scaled and unscaled token amounts turn into each other, debts into money, and money into a health
/// factor.
enum class TokenRounding : std::uint8_t {
    half_up,      // everything to the nearest unit; health over an average threshold cut to basis points
    directional,  // against the user (TokenMath); health over the sum of value times threshold
};

/// What an eMode category is.
enum class CategoryScheme : std::uint8_t {
    one_of_the_reserve,  // each reserve names one category
    bitmaps,             // each category names its collateral reserves
};

/// How much of a debt one liquidation may take (LiquidationLogic).
enum class CloseFactor : std::uint8_t {
    half_of_the_debt,     // of the reserve's debt above a health factor of 0.95, any amount
    half_of_the_account,  // of the whole account's debt, small positions whole, and no dust may be left
};

/// How seized collateral, the debt it pays and the protocol's fee are rounded
/// (_calculateAvailableCollateralToLiquidate).
enum class SeizeRounding : std::uint8_t {
    half_up,          // all to the nearest
    debt_up,          // the debt that a whole collateral pays for is rounded up
    for_the_protocol  // less collateral, more debt, more fee
};

/// Why a row is believed.
enum class Proof : std::uint8_t {
    none,       // it is not: such a revision is refused
    vectors,    // results of the executed contract code of this revision, and where there are any, real logs
    contracts,  // compared with the contract code of this revision in random cases, and with a running market
};

/// One row: all in which a pool's arithmetic depends on its POOL_REVISION. Everything else in this folder
/// asks the row and never looks at the number.
struct Rules {
    std::uint64_t first{};  // POOL_REVISION
    std::uint64_t last{};   // inclusive
    std::string_view version;
    Compounding compounding{};
    TokenRounding tokens{};
    CategoryScheme categories{};
    CloseFactor close_factor{};
    SeizeRounding seize{};
    bool stable_debt{};            // there is a third kind of token, which must be empty
    bool virtual_balance{};        // the pool keeps its own account of its cash
    bool grace_period{};           // a reserve may be closed to liquidations for a time
    bool sentinel{};               // a price oracle sentinel may close the market
    bool discounted_debt{};        // the debt token of GHO may grant a discount
    bool zero_threshold_counts{};  // collateral without a threshold counts, and may be seized
    bool flash_premium_up{};       // rounded up, not to the nearest
    bool silent_accrual{};         // seizing shares writes the collateral's indices, and no log tells
    Proof proof{};
    std::string_view evidence;  // what proves it, for people
};

/// All known rows, by rising revision.
[[nodiscard]] std::span<const Rules> all_rules() noexcept;

/// The row of a pool revision. Errc::unproven, naming the revision, if there is none or nothing proves it.
[[nodiscard]] Result<const Rules*> rules_for(const U256& revision);

}  // namespace plimsoll::strategy::aave_v3
