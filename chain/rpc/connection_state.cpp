// SPDX-License-Identifier: Apache-2.0
#include "chain/rpc/connection_state.hpp"

namespace plimsoll::rpc {

std::chrono::milliseconds ConnectionState::lost(const Error& error, Clock::time_point now,
                                                std::uint64_t random_bits) {
    constexpr std::chrono::seconds kProvenAfter{10};
    if (opened_at_ && now - *opened_at_ >= kProvenAfter) backoff_.reset();
    opened_at_.reset();
    last_error_ = error;
    const bool lasting = error.code == Errc::wrong_chain || error.code == Errc::refused;
    if (lasting) return params_.cap;
    return backoff_.next(random_bits);
}

}  // namespace plimsoll::rpc
