// SPDX-License-Identifier: Apache-2.0
#include "chain/primitives/result.hpp"

namespace plimsoll {

std::string_view to_string(Errc code) noexcept {
    switch (code) {
        case Errc::timed_out:
            return "timed_out";
        case Errc::disconnected:
            return "disconnected";
        case Errc::rpc_rejected:
            return "rpc_rejected";
        case Errc::malformed_reply:
            return "malformed_reply";
        case Errc::malformed_input:
            return "malformed_input";
        case Errc::reverted:
            return "reverted";
        case Errc::wrong_chain:
            return "wrong_chain";
        case Errc::no_code:
            return "no_code";
        case Errc::unproven:
            return "unproven";
        case Errc::refused:
            return "refused";
        case Errc::nonce_conflict:
            return "nonce_conflict";
        case Errc::underpriced:
            return "underpriced";
        case Errc::unfunded:
            return "unfunded";
        case Errc::limit_exceeded:
            return "limit_exceeded";
        case Errc::not_found:
            return "not_found";
        case Errc::config_invalid:
            return "config_invalid";
        case Errc::key_unavailable:
            return "key_unavailable";
        case Errc::storage_failed:
            return "storage_failed";
    }
    return "unknown";
}

}  // namespace plimsoll
