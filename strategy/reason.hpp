// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string_view>

namespace plimsoll::strategy {

/// Why a liquidatable account is not sent. Closed: every skip carries exactly one of these.
enum class Reason : std::uint8_t {
    none,  // it is sent
    below_min_profit,
    price_guard,
    sequencer_down,
    base_fee_cap,
    slippage_cap,
    no_route,
    insufficient_liquidity,
    stale_head,
    stale_price,
    price_recovered,
    simulation_reverted,
    already_pending,
    outbid_unlikely,
    denied_asset,
    denied_account,
    market_disabled,
    spend_budget,
    loss_budget,
    breaker_open,
    paused,
    not_leader,
    lease_expiring,
    gas_balance_low,
    signer_unavailable,
    dry_run,
    deadline_passed,
    unproven,
    spend_per_tx,
};

inline constexpr std::size_t kReasonCount = static_cast<std::size_t>(Reason::spend_per_tx) + 1;

[[nodiscard]] std::string_view to_string(Reason reason) noexcept;

}  // namespace plimsoll::strategy
