// SPDX-License-Identifier: Apache-2.0
#include "chain/codec/abi_reader.hpp"
#include "strategy/venues/aave_v3/events.hpp"
#include "strategy/venues/aave_v3/log_applier.hpp"

#include <array>
#include <string>
#include <string_view>

// The part of LogApplier that concerns the market itself: configuration, oracle, addresses.
namespace plimsoll::strategy::aave_v3 {

namespace {

constexpr std::uint64_t kMostBasisPoints = 65'535;  // 16 bits in the configuration

/// A short string as Solidity keeps it in a bytes32.
constexpr Hash32 bytes32(std::string_view text) {
    Hash32 out;
    for (std::size_t i = 0; i < text.size(); ++i)
        out.bytes[i] = static_cast<std::uint8_t>(text[i]);
    return out;
}

/// The provider's own names of what this venue relies on (PoolAddressesProvider).
constexpr std::array kNames{bytes32("POOL"), bytes32("POOL_CONFIGURATOR"), bytes32("PRICE_ORACLE"),
                            bytes32("PRICE_ORACLE_SENTINEL")};

tl::unexpected<Error> malformed(const Log& log) {
    return fail(Errc::malformed_input,
                "a configuration event with an impossible shape in " + to_string(log.transaction_hash));
}

tl::unexpected<Error> replaced(const Log& log, std::string_view what) {
    return fail(Errc::not_found, std::string{what} + " in " + to_string(log.transaction_hash));
}

BasisPoints basis_points(codec::AbiReader& reader) {
    const std::uint64_t value = reader.u64();
    if (value > kMostBasisPoints) reader.reject("more than 16 bits");
    return BasisPoints{value};
}

}  // namespace

void LogApplier::configure(ReserveId reserve, const ReserveState& state) {
    writer_.set_reserve(reserve, state);
    changes_.everything = true;
}

Result<void> LogApplier::apply_configurator(const Log& log) {
    const Hash32& topic = log.topic0();
    if (topic == topics::kCollateralConfiguration) return apply_collateral_configuration(log);
    if (topic == topics::kReservePaused) return apply_reserve_flag(log, &ReserveState::paused);
    if (topic == topics::kReserveActive) return apply_reserve_flag(log, &ReserveState::active);
    if (topic == topics::kReserveFlashLoaning) return apply_reserve_flag(log, &ReserveState::flash_enabled);
    if (topic == topics::kProtocolFeeChanged) return apply_protocol_fee(log);
    if (topic == topics::kFlashPremiumTotal) return apply_flash_premium(log);
    if (topic == topics::kReserveInitialized) return replaced(log, "a reserve was added");
    if (topic == topics::kReserveDropped) return replaced(log, "a reserve was dropped");
    if (topic == topics::kATokenUpgraded || topic == topics::kVariableDebtUpgraded ||
        topic == topics::kStableDebtUpgraded) {
        return replaced(log, "a token's implementation was replaced");
    }
    if (topic == topics::kUpgraded) return replaced(log, "the configurator's implementation was replaced");
    return apply_eligibility(log);
}

Result<void> LogApplier::apply_eligibility(const Log& log) {
    const Hash32& topic = log.topic0();
    if (topic == topics::kEModeCategoryAdded) return apply_category(log);
    if (topic == topics::kEModeAssetCategory) return apply_asset_category(log);
    if (topic == topics::kEModeAssetCollateral) return apply_asset_in_category(log);
    if (topic == topics::kGracePeriodChanged || topic == topics::kGracePeriodDisabled)
        return apply_grace_period(log);
    return {};
}

Result<void> LogApplier::apply_reserve_flag(const Log& log, bool ReserveState::*flag) {
    PLIMSOLL_TRY(const ReserveId reserve, reserve_in(log));
    codec::AbiReader reader{log.data_view()};
    ReserveState state = writer_.book().reserve(reserve);
    state.*flag = reader.boolean();
    if (!reader.ok()) return malformed(log);
    configure(reserve, state);
    return {};
}

Result<void> LogApplier::apply_collateral_configuration(const Log& log) {
    PLIMSOLL_TRY(const ReserveId reserve, reserve_in(log));
    codec::AbiReader reader{log.data_view()};
    ReserveState state = writer_.book().reserve(reserve);
    reader.skip(1);  // LTV
    state.threshold = basis_points(reader);
    state.bonus = basis_points(reader);
    if (!reader.ok()) return malformed(log);
    configure(reserve, state);
    return {};
}

Result<void> LogApplier::apply_protocol_fee(const Log& log) {
    PLIMSOLL_TRY(const ReserveId reserve, reserve_in(log));
    codec::AbiReader reader{log.data_view()};
    ReserveState state = writer_.book().reserve(reserve);
    reader.skip(1);  // old
    state.protocol_fee = basis_points(reader);
    if (!reader.ok()) return malformed(log);
    configure(reserve, state);
    return {};
}

Result<void> LogApplier::apply_category(const Log& log) {
    codec::AbiReader reader{log.data_view()};
    reader.skip(1);  // LTV
    const BasisPoints threshold = basis_points(reader);
    const BasisPoints bonus = basis_points(reader);
    const Address price_source = reader.address();
    const U256 category = log.topics[1].as_u256();
    if (!reader.ok() || log.topic_count != 2 || category > U256{255}) return malformed(log);
    const bool source_counts = market_.rules->categories == CategoryScheme::one_of_the_reserve;
    if (source_counts && !price_source.is_zero())
        return replaced(log, "an eMode category got a price source of its own");
    const auto id = static_cast<std::uint8_t>(category.low64());
    CategoryState state = writer_.book().category_state(id);
    state.threshold = threshold;
    state.bonus = bonus;
    writer_.set_category_state(id, state);
    changes_.everything = true;
    return {};
}

void LogApplier::put_into_category(ReserveId reserve, std::uint8_t category, bool inside) {
    CategoryState state = writer_.book().category_state(category);
    state.collateral = inside ? state.collateral | only(reserve) : state.collateral & ~only(reserve);
    writer_.set_category_state(category, state);
    changes_.everything = true;
}

// EModeAssetCategoryChanged(asset, old, new), up to 3.1.
Result<void> LogApplier::apply_asset_category(const Log& log) {
    if (market_.rules->categories != CategoryScheme::one_of_the_reserve) return {};
    PLIMSOLL_TRY(const ReserveId reserve, reserve_in(log));
    codec::AbiReader reader{log.data_view()};
    const std::uint64_t old = reader.u64();
    const std::uint64_t category = reader.u64();
    if (!reader.ok() || category > 255 || old > 255) return malformed(log);
    if (old != 0) put_into_category(reserve, static_cast<std::uint8_t>(old), false);
    if (category != 0) put_into_category(reserve, static_cast<std::uint8_t>(category), true);
    return {};
}

// AssetCollateralInEModeChanged(asset, category, collateral), from 3.2 on.
Result<void> LogApplier::apply_asset_in_category(const Log& log) {
    PLIMSOLL_TRY(const ReserveId reserve, reserve_in(log));
    codec::AbiReader reader{log.data_view()};
    const std::uint64_t category = reader.u64();
    const bool inside = reader.boolean();
    if (!reader.ok() || category > 255) return malformed(log);
    put_into_category(reserve, static_cast<std::uint8_t>(category), inside);
    return {};
}

// LiquidationGracePeriodChanged(asset, until) and LiquidationGracePeriodDisabled(asset), from 3.1 on.
Result<void> LogApplier::apply_grace_period(const Log& log) {
    PLIMSOLL_TRY(const ReserveId reserve, reserve_in(log));
    ReserveState state = writer_.book().reserve(reserve);
    state.grace_until = Timestamp{};
    if (log.topic0() == topics::kGracePeriodChanged) {
        codec::AbiReader reader{log.data_view()};
        state.grace_until = Timestamp{reader.u64()};
        if (!reader.ok()) return malformed(log);
    }
    configure(reserve, state);
    return {};
}

Result<void> LogApplier::apply_flash_premium(const Log& log) {
    codec::AbiReader reader{log.data_view()};
    reader.skip(1);  // old
    const BasisPoints premium = basis_points(reader);
    if (!reader.ok()) return malformed(log);
    writer_.set_flash_premium(premium);
    return {};
}

Result<void> LogApplier::apply_oracle(const Log& log) {
    if (log.topic0() != topics::kAssetSourceUpdated || log.topic_count < 2) return {};
    const auto reserve = market_.reserve_of(Address::from_word(log.topics[1]));
    if (reserve) leaves_.source_replaced(*reserve);
    return {};
}

Result<void> LogApplier::apply_provider(const Log& log) {
    const Hash32& topic = log.topic0();
    if (topic == topics::kPoolUpdated) return replaced(log, "the pool's implementation was replaced");
    if (topic == topics::kConfiguratorUpdated)
        return replaced(log, "the configurator's implementation was replaced");
    if (topic == topics::kPriceOracleUpdated) return replaced(log, "the price oracle was replaced");
    if (topic == topics::kSentinelUpdated) return replaced(log, "the price oracle sentinel was replaced");
    if (topic != topics::kAddressSet && topic != topics::kAddressSetAsProxy) return {};
    for (const Hash32& name : kNames) {
        if (log.topics[1] == name) return replaced(log, "an address of the market was set by its name");
    }
    return {};
}

}  // namespace plimsoll::strategy::aave_v3
