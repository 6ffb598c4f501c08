// SPDX-License-Identifier: Apache-2.0
#include "signer/action.hpp"
#include "signer/attempt.hpp"
#include "signer/scheduler.hpp"
#include "signer/send_class.hpp"

namespace plimsoll::signer {

std::string_view to_string(Purpose purpose) noexcept {
    switch (purpose) {
        case Purpose::execute:
            return "execute";
        case Purpose::cancel:
            return "cancel";
    }
    return "unknown";
}

std::string_view to_string(AttemptStatus status) noexcept {
    switch (status) {
        case AttemptStatus::armed:
            return "armed";
        case AttemptStatus::signed_:
            return "signed";
        case AttemptStatus::maybe_sent:
            return "maybe_sent";
        case AttemptStatus::sent:
            return "sent";
        case AttemptStatus::seen:
            return "seen";
        case AttemptStatus::superseded:
            return "superseded";
        case AttemptStatus::mined:
            return "mined";
        case AttemptStatus::reorged:
            return "reorged";
        case AttemptStatus::confirmed:
            return "confirmed";
        case AttemptStatus::reverted:
            return "reverted";
        case AttemptStatus::replaced:
            return "replaced";
        case AttemptStatus::dropped:
            return "dropped";
    }
    return "unknown";
}

std::string_view to_string(ReportStage stage) noexcept {
    switch (stage) {
        case ReportStage::included:
            return "included";
        case ReportStage::undone:
            return "undone";
        case ReportStage::final:
            return "final";
    }
    return "unknown";
}

std::string_view to_string(DeclineReason reason) noexcept {
    switch (reason) {
        case DeclineReason::already_pending:
            return "already_pending";
        case DeclineReason::stopping:
            return "stopping";
        case DeclineReason::key_stopped:
            return "key_stopped";
        case DeclineReason::queue_full:
            return "queue_full";
    }
    return "unknown";
}

std::string_view to_string(KeyState state) noexcept {
    switch (state) {
        case KeyState::starting:
            return "starting";
        case KeyState::ready:
            return "ready";
        case KeyState::stopping:
            return "stopping";
        case KeyState::stopped:
            return "stopped";
    }
    return "unknown";
}

std::string_view to_string(SendClass sent) noexcept {
    switch (sent) {
        case SendClass::accepted:
            return "accepted";
        case SendClass::already_known:
            return "already_known";
        case SendClass::nonce_too_low:
            return "nonce_too_low";
        case SendClass::nonce_too_high:
            return "nonce_too_high";
        case SendClass::replacement_underpriced:
            return "replacement_underpriced";
        case SendClass::underpriced:
            return "underpriced";
        case SendClass::unfunded:
            return "unfunded";
        case SendClass::invalid:
            return "invalid";
        case SendClass::node_capped:
            return "node_capped";
        case SendClass::foreign:
            return "foreign";
        case SendClass::unknown:
            return "unknown";
    }
    return "unknown";
}

}  // namespace plimsoll::signer
