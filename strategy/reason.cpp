// SPDX-License-Identifier: Apache-2.0
#include "strategy/reason.hpp"

namespace plimsoll::strategy {

std::string_view to_string(Reason reason) noexcept {
    switch (reason) {
        case Reason::none:
            return "none";
        case Reason::below_min_profit:
            return "below_min_profit";
        case Reason::price_guard:
            return "price_guard";
        case Reason::sequencer_down:
            return "sequencer_down";
        case Reason::base_fee_cap:
            return "base_fee_cap";
        case Reason::slippage_cap:
            return "slippage_cap";
        case Reason::no_route:
            return "no_route";
        case Reason::insufficient_liquidity:
            return "insufficient_liquidity";
        case Reason::stale_head:
            return "stale_head";
        case Reason::stale_price:
            return "stale_price";
        case Reason::price_recovered:
            return "price_recovered";
        case Reason::simulation_reverted:
            return "simulation_reverted";
        case Reason::already_pending:
            return "already_pending";
        case Reason::outbid_unlikely:
            return "outbid_unlikely";
        case Reason::denied_asset:
            return "denied_asset";
        case Reason::denied_account:
            return "denied_account";
        case Reason::market_disabled:
            return "market_disabled";
        case Reason::spend_budget:
            return "spend_budget";
        case Reason::loss_budget:
            return "loss_budget";
        case Reason::breaker_open:
            return "breaker_open";
        case Reason::paused:
            return "paused";
        case Reason::not_leader:
            return "not_leader";
        case Reason::lease_expiring:
            return "lease_expiring";
        case Reason::gas_balance_low:
            return "gas_balance_low";
        case Reason::signer_unavailable:
            return "signer_unavailable";
        case Reason::dry_run:
            return "dry_run";
        case Reason::deadline_passed:
            return "deadline_passed";
        case Reason::unproven:
            return "unproven";
        case Reason::spend_per_tx:
            return "spend_per_tx";
    }
    return "unknown";
}

}  // namespace plimsoll::strategy
