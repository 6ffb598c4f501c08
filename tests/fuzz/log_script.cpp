// SPDX-License-Identifier: Apache-2.0
#include "tests/fuzz/log_script.hpp"

#include "chain/codec/abi_writer.hpp"
#include "strategy/prices/price_leaves.hpp"
#include "strategy/venues/aave_v3/events.hpp"
#include "strategy/venues/aave_v3/math.hpp"
#include "tests/unit/strategy/venues/aave_v3/scripted_market.hpp"

#include <array>
#include <string_view>

namespace plimsoll::fuzz {

namespace aave = strategy::aave_v3;
namespace topics = aave::topics;

namespace {

constexpr std::array kTopics{topics::kSupply,
                             topics::kWithdraw,
                             topics::kRepay,
                             topics::kFlashLoan,
                             topics::kBackUnbacked,
                             topics::kBorrow,
                             topics::kSwapBorrowRateMode,
                             topics::kLiquidationCall,
                             topics::kReserveDataUpdated,
                             topics::kCollateralEnabled,
                             topics::kCollateralDisabled,
                             topics::kUserEModeSet,
                             topics::kMint,
                             topics::kBurn,
                             topics::kTransfer,
                             topics::kBalanceTransfer,
                             topics::kReserveInitialized,
                             topics::kReserveDropped,
                             topics::kCollateralConfiguration,
                             topics::kReservePaused,
                             topics::kReserveActive,
                             topics::kReserveFlashLoaning,
                             topics::kProtocolFeeChanged,
                             topics::kEModeCategoryAdded,
                             topics::kEModeAssetCategory,
                             topics::kEModeAssetCollateral,
                             topics::kGracePeriodChanged,
                             topics::kGracePeriodDisabled,
                             topics::kFlashPremiumTotal,
                             topics::kATokenUpgraded,
                             topics::kStableDebtUpgraded,
                             topics::kVariableDebtUpgraded,
                             topics::kAssetSourceUpdated,
                             topics::kPoolUpdated,
                             topics::kConfiguratorUpdated,
                             topics::kPriceOracleUpdated,
                             topics::kSentinelUpdated,
                             topics::kAddressSet,
                             topics::kAddressSetAsProxy,
                             topics::kUpgraded,
                             strategy::kAnswerUpdated};

Address emitter(std::uint8_t which) {
    const auto reserve = static_cast<strategy::ReserveId>(which % 3U);
    switch (which / 3U % 5U) {
        case 0:
            return std::array{aave::kPool, aave::kConfigurator, aave::kOracle}.at(reserve);
        case 1:
            return aave::supply_token(reserve);
        case 2:
            return aave::debt_token(reserve);
        case 3:
            return std::array{aave::kProvider, aave::at(aave::kEtherAggregator),
                              aave::at(aave::kDollarAggregator)}
                .at(reserve);
        default:
            return aave::underlying(reserve);
    }
}

Hash32 name(std::uint8_t which) {
    constexpr std::array<std::string_view, 5> kNames{"POOL", "POOL_CONFIGURATOR", "PRICE_ORACLE",
                                                     "PRICE_ORACLE_SENTINEL", "ACL_MANAGER"};
    Hash32 out;
    const std::string_view text = kNames.at(which % kNames.size());
    std::copy(text.begin(), text.end(), out.bytes.begin());
    return out;
}

U256 number(Input& script, std::size_t size) {
    return U256::from_be(script.bytes(size));
}

/// One word: its kind, then what the kind needs.
Hash32 word(Input& script) {
    switch (script.byte() % 14U) {
        case 0:
            return {};
        case 1:
            return Hash32::from_u256(aave::kRay);
        case 2:
            return Hash32::from_u256(aave::kRay + number(script, 11));
        case 3:
            return aave::at(1U + script.byte() % 8U).to_word();
        case 4:
            return aave::underlying(static_cast<strategy::ReserveId>(script.byte() % 4U)).to_word();
        case 5:
            return Hash32::from_u256(number(script, 1));
        case 6:
            return Hash32::from_u256(number(script, 2));
        case 7:
            return Hash32::from_u256(number(script, 8));
        case 8:
            return Hash32::from_u256(number(script, 16));
        case 9:
            return Hash32::from_u256(number(script, 32));
        case 10:
            return Hash32::from_u256(number(script, 1) * pow10(18));
        case 11:
            return Hash32::from_u256(number(script, 2) * pow10(6));
        case 12:
            return name(script.byte());
        default:
            return Hash32::from_u256(U256::max());
    }
}

}  // namespace

Log scripted_log(Input& script) {
    Log out;
    out.address = emitter(script.byte());
    out.topics[0] = kTopics.at(script.byte() % kTopics.size());
    const unsigned more = script.byte() % 5U;  // 4: not even the first
    out.topic_count = more == 4 ? std::uint8_t{0} : static_cast<std::uint8_t>(more + 1);
    for (std::size_t i = 1; i < out.topic_count; ++i)
        out.topics.at(i) = word(script);
    Bytes data;
    for (unsigned left = script.byte() % 12U; left > 0; --left) {
        const Hash32 value = word(script);
        data.insert(data.end(), value.bytes.begin(), value.bytes.end());
    }
    const BytesView odd = script.bytes(script.byte() % 32U);
    data.insert(data.end(), odd.begin(), odd.end());
    out.data.assign(data);
    return out;
}

}  // namespace plimsoll::fuzz
