// SPDX-License-Identifier: Apache-2.0
// An engine on an Aave V3 market of any size that is answered from a table, and the frames that move its
// price.
#pragma once

#include "strategy/engine.hpp"
#include "tests/unit/strategy/scripted/pools.hpp"
#include "tests/unit/strategy/scripted/venue.hpp"
#include "tests/unit/strategy/venues/aave_v3/scripted_market.hpp"

#include <cstdint>
#include <deque>
#include <string>
#include <vector>

namespace plimsoll::bench {

/// `accounts` borrowers of dollars against ether. Exactly one of them sinks below its line at `crash_price`,
/// all are healthy at `calm_price`.
class ScriptedStage {
  public:
    static constexpr std::uint64_t kCalmPrice = 2'000'00000000;
    static constexpr std::uint64_t kCrashPrice = 1'850'00000000;

    explicit ScriptedStage(std::size_t accounts);

    /// The notification of the ether aggregator's AnswerUpdated in the open block, as a node writes it, with
    /// room behind.
    [[nodiscard]] std::string price_frame(std::uint64_t price);
    void begin_block();
    /// Feeds one event; decisions stay in `out()`.
    void tell(decltype(Event::body) body);
    /// Seals the open block with one log.
    void seal();
    /// Everything that was asked is answered.
    void answer_reads();
    /// Ends the newest decision's intent without landing, so that the account may be chosen again.
    void expire(const strategy::Decision& decision);

    /// An engine that knows nothing yet, with the stage's configuration; it compares so many accounts with
    /// the chain at each block.
    [[nodiscard]] static std::unique_ptr<strategy::Engine> unread_engine(
        std::uint32_t compared = strategy::EngineParams{}.audit_batch);
    /// A new engine takes the place of the old one, takes up what that saved and follows one block, with what
    /// it asks answered from the table. Throws if it is not ready then.
    void restart(BytesView snapshot);

    [[nodiscard]] strategy::Output& out() { return out_; }
    [[nodiscard]] const Head& head() const { return head_; }
    [[nodiscard]] const strategy::Engine& engine() const { return *engine_; }

  private:
    void add_borrower(strategy::aave_v3::ScriptedMarket& market, std::size_t number,
                      std::uint64_t ether_milli, std::uint64_t dollars);
    void boot();
    void require_ready() const;
    [[nodiscard]] std::optional<Bytes> account_data(const Call& call) const;

    strategy::aave_v3::ScriptedMarket market_;
    U256 ether_;    // of all borrowers added here
    U256 dollars_;  // owed by them
    strategy::scripted::ScriptedChain pools_;
    std::unique_ptr<strategy::Engine> engine_;
    strategy::Output out_;
    std::deque<ReadRequest> reads_;
    Head head_;
};

}  // namespace plimsoll::bench
