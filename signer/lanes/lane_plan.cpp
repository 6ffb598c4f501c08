// SPDX-License-Identifier: Apache-2.0
#include "signer/lanes/lane_plan.hpp"

#include <algorithm>
#include <utility>

namespace plimsoll::signer {
namespace {

/// The last block that bytes sent now are for, at most `life` blocks ahead.
BlockNumber last_of(const Send& send, std::uint64_t life) {
    const BlockNumber most = send.head.next(life);
    const bool bounded = send.purpose == Purpose::execute && send.last_block.value != 0;
    return bounded ? std::min(most, send.last_block) : most;
}

}  // namespace

std::string_view to_string(LaneKind kind) noexcept {
    switch (kind) {
        case LaneKind::public_:
            return "public";
        case LaneKind::private_:
            return "private";
        case LaneKind::bundle:
            return "bundle";
    }
    return "unknown";
}

LanePlan::LanePlan(std::vector<LaneTerms> terms) : terms_{std::move(terms)} {
    if (terms_.empty()) terms_.push_back(LaneTerms{});
    const auto found = std::ranges::find(terms_, LaneKind::public_, &LaneTerms::kind);
    public_lane_ = static_cast<std::size_t>(found - terms_.begin());
}

bool LanePlan::public_at_once() const noexcept {
    return public_lane_ < terms_.size() && terms_[public_lane_].after == 0;
}

std::vector<LaneOrder> LanePlan::orders(const Send& send) const {
    // The head may have gone back in a reorganisation.
    const std::uint64_t age = send.head < send.first_head ? 0 : send.head.value - send.first_head.value;

    const bool cancels = send.purpose == Purpose::cancel;
    std::vector<LaneOrder> out;
    for (std::size_t i = 0; i < terms_.size(); ++i) {
        const LaneTerms& lane = terms_[i];
        const bool open = age >= lane.after;
        const BlockNumber next = send.head.next();
        if (lane.kind == LaneKind::public_) {
            if (open || cancels) out.push_back(LaneOrder{i, next, last_of(send, kPrivateLife)});
            continue;
        }
        if (!open || (cancels && lane.kind == LaneKind::bundle)) continue;
        const std::uint64_t life = lane.kind == LaneKind::bundle ? lane.blocks : kPrivateLife;
        const LaneOrder order{i, next, last_of(send, life)};
        if (order.from <= order.to) out.push_back(order);
    }
    if (cancels && public_lane_ == terms_.size())
        out.push_back(LaneOrder{public_lane_, send.head.next(), last_of(send, kPrivateLife)});
    return out;
}

}  // namespace plimsoll::signer
