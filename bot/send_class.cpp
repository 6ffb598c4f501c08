// SPDX-License-Identifier: Apache-2.0
#include "bot/send_class.hpp"

namespace plimsoll::bot {

signer::SendClass send_class(const rpc::SendAnswer& answer, const Hash32& ours) {
    using rpc::ErrorClass;
    using signer::SendClass;
    switch (answer.meaning) {
        case ErrorClass::none:
            return answer.hash == ours ? SendClass::accepted : SendClass::unknown;
        case ErrorClass::already_known:
            return SendClass::already_known;
        case ErrorClass::nonce_too_low:
            return SendClass::nonce_too_low;
        case ErrorClass::nonce_too_high:
            return SendClass::nonce_too_high;
        case ErrorClass::replacement_underpriced:
            return SendClass::replacement_underpriced;
        case ErrorClass::fee_cap_below_base:
        case ErrorClass::underpriced:
            return SendClass::underpriced;
        case ErrorClass::insufficient_funds:
            return SendClass::unfunded;
        case ErrorClass::gas_limit:
        case ErrorClass::invalid_transaction:
        case ErrorClass::wrong_chain:
        case ErrorClass::execution_reverted:
            return SendClass::invalid;
        case ErrorClass::node_fee_cap:
            return SendClass::node_capped;
        case ErrorClass::address_reserved:
            return SendClass::foreign;
        case ErrorClass::pool_full:
        case ErrorClass::account_limit:
        case ErrorClass::filtered:
        case ErrorClass::unauthorized:
        case ErrorClass::not_ready:
        case ErrorClass::rate_limited:
        case ErrorClass::quota_ended:
        case ErrorClass::limit_exceeded:
        case ErrorClass::unknown_block:
        case ErrorClass::method_missing:
        case ErrorClass::invalid_request:
        case ErrorClass::transport:
        case ErrorClass::unknown:
            return SendClass::unknown;
    }
    return SendClass::unknown;
}

}  // namespace plimsoll::bot
