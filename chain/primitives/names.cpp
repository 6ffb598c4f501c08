// SPDX-License-Identifier: Apache-2.0
#include "chain/primitives/outcome.hpp"
#include "chain/primitives/readiness.hpp"

namespace plimsoll {

std::string_view to_string(NotReady reason) noexcept {
    switch (reason) {
        case NotReady::starting:
            return "starting";
        case NotReady::stale_head:
            return "stale_head";
        case NotReady::endpoints_disagree:
            return "endpoints_disagree";
        case NotReady::catching_up:
            return "catching_up";
        case NotReady::parity_broken:
            return "parity_broken";
        case NotReady::clock_skew:
            return "clock_skew";
        case NotReady::finality_violated:
            return "finality_violated";
        case NotReady::stopping:
            return "stopping";
    }
    return "unknown";
}

std::string_view to_string(OutcomeKind kind) noexcept {
    switch (kind) {
        case OutcomeKind::confirmed:
            return "confirmed";
        case OutcomeKind::reverted:
            return "reverted";
        case OutcomeKind::outbid:
            return "outbid";
        case OutcomeKind::expired:
            return "expired";
        case OutcomeKind::cancelled:
            return "cancelled";
        case OutcomeKind::refused:
            return "refused";
    }
    return "unknown";
}

}  // namespace plimsoll
