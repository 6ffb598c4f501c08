// SPDX-License-Identifier: Apache-2.0
#include "bot/lanes/lane_tally.hpp"

#include <algorithm>
#include <utility>

namespace plimsoll::bot {
namespace {

using rpc::ErrorClass;

constexpr int kTaken = 9;
constexpr int kTelling = 4;  // and above: worth telling although others may still take it

int weight(ErrorClass meaning) noexcept {
    switch (meaning) {
        case ErrorClass::none:
        case ErrorClass::already_known:
            return kTaken;
        case ErrorClass::address_reserved:
            return 8;
        case ErrorClass::nonce_too_low:
            return 7;
        case ErrorClass::replacement_underpriced:
            return 6;
        case ErrorClass::fee_cap_below_base:
        case ErrorClass::underpriced:
            return 5;
        case ErrorClass::nonce_too_high:
        case ErrorClass::insufficient_funds:
            return kTelling;
        case ErrorClass::transport:
        case ErrorClass::unknown:
        case ErrorClass::invalid_request:
        case ErrorClass::limit_exceeded:
        case ErrorClass::unknown_block:
            return 3;
        case ErrorClass::node_fee_cap:
            return 2;
        case ErrorClass::gas_limit:
        case ErrorClass::invalid_transaction:
        case ErrorClass::wrong_chain:
        case ErrorClass::execution_reverted:
            return 1;
        case ErrorClass::pool_full:
        case ErrorClass::account_limit:
        case ErrorClass::filtered:
        case ErrorClass::unauthorized:
        case ErrorClass::not_ready:
        case ErrorClass::rate_limited:
        case ErrorClass::quota_ended:
        case ErrorClass::method_missing:
            return 0;
    }
    return 3;
}

}  // namespace

bool is_taken(ErrorClass meaning) noexcept {
    return weight(meaning) == kTaken;
}

void LaneTally::add(rpc::SendAnswer answer, Time now) {
    constexpr std::chrono::milliseconds kPatience{500};
    open_ -= std::min<std::size_t>(open_, 1);
    const int heavy = weight(answer.meaning);
    if (heavy >= kTelling && !patient_until_) patient_until_ = now + kPatience;
    if (!best_ || heavy > weight(best_->meaning)) best_ = std::move(answer);
}

std::optional<rpc::SendAnswer> LaneTally::verdict(Time now) const {
    if (!best_) return std::nullopt;
    const bool done = open_ == 0 || is_taken(best_->meaning) || (patient_until_ && *patient_until_ <= now);
    return done ? best_ : std::nullopt;
}

}  // namespace plimsoll::bot
