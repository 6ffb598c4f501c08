// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tests/bench/answered_engine.hpp"
#include "tests/bench/goals/market.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace plimsoll::bench {

/// The bytes that an engine of a Market starts from, with a synthetic book of so many accounts in it.
[[nodiscard]] Bytes synthetic_snapshot(std::size_t accounts);

/// An engine with a synthetic book, started from its snapshot's bytes and ready: everybody was compared with
/// what the market's contracts answer (which is what the book holds).
class Stage : public AnsweredEngine {
  public:
    /// `armed`: so many accounts are held ready. Throws if it does not become ready.
    Stage(BytesView snapshot, bool speculate, std::uint32_t armed = 0);
    Stage(const Stage&) = delete;
    Stage& operator=(const Stage&) = delete;

    /// Those, as they were told, and the answers that send them in the block that comes next.
    [[nodiscard]] const std::vector<strategy::Arm>& arms() const { return arms_; }
    [[nodiscard]] const strategy::TriggerSet& triggers() const { return triggers_; }

    /// The notification of the aggregator's AnswerUpdated in the open block, as a node writes it.
    [[nodiscard]] std::string price_frame(std::uint64_t price);
    /// Ends the decision's intent without landing, so that its account may be chosen again.
    void expire(const strategy::Decision& decision);

  private:
    Market market_;
    std::vector<strategy::Arm> arms_;
    strategy::TriggerSet triggers_;
};

}  // namespace plimsoll::bench
