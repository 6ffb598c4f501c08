// SPDX-License-Identifier: Apache-2.0
#include "chain/rpc/error_dialects.hpp"

#include <array>

namespace plimsoll::rpc {
namespace {

struct ClassRow {
    std::string_view name;
    Errc code;
};

constexpr std::array<ClassRow, kErrorClassCount> kClasses{{
    {"none", Errc::rpc_rejected},
    {"already_known", Errc::rpc_rejected},
    {"nonce_too_low", Errc::nonce_conflict},
    {"nonce_too_high", Errc::nonce_conflict},
    {"replacement_underpriced", Errc::underpriced},
    {"fee_cap_below_base", Errc::underpriced},
    {"underpriced", Errc::underpriced},
    {"insufficient_funds", Errc::unfunded},
    {"node_fee_cap", Errc::rpc_rejected},
    {"gas_limit", Errc::rpc_rejected},
    {"invalid_transaction", Errc::rpc_rejected},
    {"pool_full", Errc::rpc_rejected},
    {"account_limit", Errc::rpc_rejected},
    {"address_reserved", Errc::rpc_rejected},
    {"filtered", Errc::rpc_rejected},
    {"unauthorized", Errc::rpc_rejected},
    {"not_ready", Errc::rpc_rejected},
    {"wrong_chain", Errc::wrong_chain},
    {"execution_reverted", Errc::reverted},
    {"rate_limited", Errc::rpc_rejected},
    {"quota_ended", Errc::rpc_rejected},
    {"limit_exceeded", Errc::limit_exceeded},
    {"unknown_block", Errc::not_found},
    {"method_missing", Errc::rpc_rejected},
    {"invalid_request", Errc::rpc_rejected},
    {"transport", Errc::disconnected},
    {"unknown", Errc::rpc_rejected},
}};
static_assert(kClasses.back().name == "unknown");

}  // namespace

std::string_view to_string(ErrorClass error_class) noexcept {
    return kClasses[static_cast<std::size_t>(error_class)].name;
}

Errc to_errc(ErrorClass error_class) noexcept {
    return kClasses[static_cast<std::size_t>(error_class)].code;
}

}  // namespace plimsoll::rpc
