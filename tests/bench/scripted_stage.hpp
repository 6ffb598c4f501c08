// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tests/bench/answered_engine.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>

namespace plimsoll::bench {

/// An engine that read the scripted market of three reserves with `accounts` more borrowers of dollars
/// against ether in it.
class ScriptedStage {
  public:
    explicit ScriptedStage(std::size_t accounts);
    ScriptedStage(const ScriptedStage&) = delete;
    ScriptedStage& operator=(const ScriptedStage&) = delete;

    /// An engine that knows nothing yet, with the stage's configuration; it compares so many accounts with
    /// the chain at each block.
    [[nodiscard]] static std::unique_ptr<strategy::Engine> unread_engine(
        std::uint32_t compared = strategy::EngineParams{}.audit_batch);
    /// A new engine takes the place of the old one, takes up what that saved and follows one block, with what
    /// it asks answered from the table. Throws if it is not ready then.
    void restart(BytesView snapshot);

    [[nodiscard]] const strategy::Engine& engine() { return answered_.engine(); }

  private:
    void add_borrower(std::size_t number, std::uint64_t dollars);
    [[nodiscard]] AnsweredEngine answered(std::unique_ptr<strategy::Engine> engine);

    strategy::aave_v3::ScriptedMarket market_;
    U256 ether_;    // of all borrowers added here
    U256 dollars_;  // owed by them
    strategy::scripted::ScriptedChain pools_;
    AnsweredEngine answered_;
};

}  // namespace plimsoll::bench
