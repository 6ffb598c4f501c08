// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chain/primitives/event.hpp"
#include "tests/faults/model_chain.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace plimsoll::faults {

/// Slots and what was written to each, as a digest that order and repetition change.
using ModelState = std::map<std::uint64_t, Hash32>;

/// The state after all blocks of the chain up to this one.
[[nodiscard]] ModelState state_at(const ModelChain& chain, const Hash32& block);

/// A consumer of the feed that keeps state as the engine does: applies logs, undoes blocks, reads the chain
/// anew where a block does not follow, and would send on every sealed block while the feed says ready. It
/// also says which promise of the stream was broken.
class ModelBook {
  public:
    explicit ModelBook(const ModelChain& chain) : chain_{chain} {}

    void take(const Event& event);
    /// As if it had been loaded from disk at this block.
    void load(const Hash32& block);
    /// Would send now: the newest sealed block.
    std::function<void(const Hash32&)> on_send = [](const Hash32&) {};

    [[nodiscard]] const ModelState& state() const noexcept { return state_; }
    [[nodiscard]] Readiness readiness() const noexcept { return readiness_; }
    /// The newest sealed block; zero before the first.
    [[nodiscard]] Hash32 tip() const;
    /// The first broken promise; empty if none is.
    [[nodiscard]] const std::string& broken() const noexcept { return broken_; }
    /// Blocks that began anew, though something was told before.
    [[nodiscard]] std::uint64_t new_starts() const noexcept { return new_starts_; }
    [[nodiscard]] std::uint64_t sends() const noexcept { return sends_; }
    [[nodiscard]] std::uint64_t sealed() const noexcept { return sealed_; }
    [[nodiscard]] const std::vector<Event>& pending() const noexcept { return pending_; }
    /// Every readiness told.
    [[nodiscard]] const std::vector<Readiness>& told() const noexcept { return told_; }
    [[nodiscard]] bool was(NotReady reason) const;

  private:
    struct Applied {
        Hash32 hash;
        std::uint32_t logs = 0;
        std::optional<std::uint32_t> last_index;
        std::vector<std::pair<std::uint64_t, Hash32>> before;  // what the slots held, in order of writing
    };

    void expect(bool condition, const std::string& promise);
    void on(const BlockStarted& event);
    void on(const LogSeen& event);
    void on(const BlockSealed& event);
    void on(const BlockUndone& event);
    void revert(const Applied& block);

    const ModelChain& chain_;
    ModelState state_;
    std::optional<Hash32> base_;  // what the first block follows
    std::vector<Applied> blocks_;
    std::optional<Applied> open_;
    Readiness readiness_{NotReady::starting};
    std::vector<Readiness> told_;
    std::vector<Event> pending_;
    std::string broken_;
    std::uint64_t new_starts_ = 0;
    std::uint64_t sends_ = 0;
    std::uint64_t sealed_ = 0;
};

}  // namespace plimsoll::faults
