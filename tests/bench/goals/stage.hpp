// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tests/bench/goals/market.hpp"

#include <deque>
#include <memory>
#include <string>

namespace plimsoll::bench {

/// The bytes that an engine of a Market starts from, with a synthetic book of so many accounts in it.
[[nodiscard]] Bytes synthetic_snapshot(std::size_t accounts);

/// An engine with a synthetic book, started from its snapshot's bytes and ready: everybody was compared with
/// what the market's contracts answer (which is what the book holds).
class Stage {
  public:
    /// `armed`: so many accounts are held ready. Throws if it does not become ready.
    Stage(BytesView snapshot, bool speculate, std::uint32_t armed = 0);

    /// Those, as they were told, and the answers that send them in the block that comes next.
    [[nodiscard]] const std::vector<strategy::Arm>& arms() const { return arms_; }
    [[nodiscard]] const strategy::TriggerSet& triggers() const { return triggers_; }

    /// The notification of the aggregator's AnswerUpdated in the open block, as a node writes it.
    [[nodiscard]] std::string price_frame(std::uint64_t price);
    void begin_block();
    /// Feeds one event; what it leads to stays in `out()`.
    void tell(decltype(Event::body) body);
    /// Seals the open block with so many logs.
    void seal(std::uint32_t logs = 1);
    void answer_reads();
    /// Ends the decision's intent without landing, so that its account may be chosen again.
    void expire(const strategy::Decision& decision);

    [[nodiscard]] strategy::Output& out() { return out_; }
    [[nodiscard]] const Head& head() const { return head_; }
    [[nodiscard]] strategy::Engine& engine() { return *engine_; }
    [[nodiscard]] const strategy::AaveV3Venue& venue() const;

  private:
    [[nodiscard]] std::optional<Bytes> account_data(const Call& call) const;

    Market market_;
    std::unique_ptr<strategy::Engine> engine_;
    strategy::Output out_;
    std::deque<ReadRequest> reads_;
    std::vector<strategy::Arm> arms_;
    strategy::TriggerSet triggers_;
    Head head_;
};

}  // namespace plimsoll::bench
