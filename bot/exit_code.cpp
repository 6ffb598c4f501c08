// SPDX-License-Identifier: Apache-2.0
#include "bot/exit_code.hpp"

namespace plimsoll::bot {

ExitCode exit_code(Errc code) noexcept {
    switch (code) {
        case Errc::timed_out:
        case Errc::disconnected:
        case Errc::rpc_rejected:
            return ExitCode::unavailable;
        case Errc::wrong_chain:
        case Errc::no_code:
        case Errc::unproven:
        case Errc::malformed_reply:
            return ExitCode::wrong_peer;
        case Errc::refused:
        case Errc::key_unavailable:
            return ExitCode::refused;
        case Errc::config_invalid:
            return ExitCode::config;
        case Errc::not_found:
            return ExitCode::no_input;
        case Errc::storage_failed:
            return ExitCode::cannot_create;
        case Errc::malformed_input:
            return ExitCode::data;
        case Errc::reverted:
        case Errc::nonce_conflict:
        case Errc::underpriced:
        case Errc::unfunded:
        case Errc::limit_exceeded:
            return ExitCode::failed;
    }
    return ExitCode::internal;
}

}  // namespace plimsoll::bot
