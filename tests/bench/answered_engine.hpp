// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "strategy/engine.hpp"
#include "tests/unit/strategy/scripted/pools.hpp"
#include "tests/unit/strategy/venues/aave_v3/scripted_market.hpp"

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>

namespace plimsoll::bench {

/// An engine on an Aave V3 market in tables that knows nothing yet: `params`, with the chain and its
/// contracts filled in.
[[nodiscard]] std::unique_ptr<strategy::Engine> unread_engine(strategy::EngineParams params);

/// What the market or its pools answer.
[[nodiscard]] ReadResult answer_from(strategy::aave_v3::ScriptedMarket& market,
                                     const strategy::scripted::ScriptedChain& pools,
                                     const ReadRequest& request);

/// Such an engine, whoever answers what it asks, and the chain that it follows block by block.
class AnsweredEngine {
  public:
    using Answer = std::function<ReadResult(const ReadRequest&)>;

    AnsweredEngine(std::unique_ptr<strategy::Engine> engine, Answer answer);

    /// Reads the market at its boot block. Throws if it is not ready then.
    void read_market();
    /// Takes up what another engine saved. Throws if it cannot.
    void load(BytesView snapshot);
    void require_ready() const;

    void begin_block();
    /// Feeds one event; what it leads to stays in `out()`.
    void tell(decltype(Event::body) body);
    /// Seals the open block with so many logs.
    void seal(std::uint32_t logs = 1);
    /// Everything that was asked is answered.
    void answer_reads();

    /// What the pool says of an account if it agrees with the book. That the book is right is shown where
    /// real pools answer.
    [[nodiscard]] std::optional<Bytes> account_data(const Call& call) const;

    [[nodiscard]] strategy::Output& out() { return out_; }
    [[nodiscard]] const Head& head() const { return head_; }
    [[nodiscard]] strategy::Engine& engine() { return *engine_; }
    [[nodiscard]] const strategy::AaveV3Venue& venue() const;

  private:
    std::unique_ptr<strategy::Engine> engine_;
    Answer answer_;
    strategy::Output out_;
    std::deque<ReadRequest> reads_;
    Head head_;
};

}  // namespace plimsoll::bench
