// SPDX-License-Identifier: Apache-2.0
#include "chain/codec/selector.hpp"
#include "strategy/venues/aave_v3/answers.hpp"
#include "strategy/venues/aave_v3/venue.hpp"

// The part of AaveV3Venue that says what the pool must answer if the book is right.
namespace plimsoll::strategy {

using aave_v3::account_data;
using aave_v3::AccountData;
using aave_v3::call_about;

namespace {

constexpr codec::Selector kGetUserAccountData = codec::selector("getUserAccountData(address)");
constexpr codec::Selector kAssetPrice = codec::selector("getAssetPrice(address)");

// Places in the answer of Pool.getUserAccountData; availableBorrowsBase (2) and ltv (4) hang on loan-to-value
// ratios, which no liquidation does.
constexpr std::size_t kTotalCollateral = 0;
constexpr std::size_t kTotalDebt = 1;
constexpr std::size_t kThreshold = 3;
constexpr std::size_t kHealthFactor = 5;

}  // namespace

void AaveV3Venue::expectations(std::span<const AccountId> accounts, std::vector<Expectation>& out) const {
    if (!in_step_) return;
    const aave_v3::Valuation at = valuation(prices(), applied_.back().timestamp);
    const ReserveSet untold = waiting();
    for (const AccountId account : accounts) {
        if (account >= book_.size() || book_.quarantined(account)) continue;
        if (((book_.collateral(account) | book_.debts(account)) & untold) != 0) continue;
        const AccountData data = account_data(at, account);
        if (!data.valued) continue;
        out.push_back(Expectation{account,
                                  book_.version(account),
                                  call_about(market_.pool, kGetUserAccountData, book_.address(account)),
                                  {{kTotalCollateral, "totalCollateralBase", data.collateral},
                                   {kTotalDebt, "totalDebtBase", data.debt},
                                   {kThreshold, "currentLiquidationThreshold", U256{data.threshold.value}},
                                   {kHealthFactor, "healthFactor", data.health_factor.raw()}}});
    }
}

void AaveV3Venue::premises(std::vector<Premise>& out) const {
    for (std::size_t i = 0; i < market_.reserves.size(); ++i) {
        out.push_back(Premise{call_about(market_.oracle, kAssetPrice, market_.reserves[i].underlying),
                              prices()[i].raw()});
    }
}

void AaveV3Venue::proven_by_reading(std::vector<AccountId>& out) const {
    out.insert(out.end(), compared_.begin(), compared_.end());
}

}  // namespace plimsoll::strategy
