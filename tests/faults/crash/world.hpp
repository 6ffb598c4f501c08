// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tests/faults/crash/process.hpp"

#include <filesystem>
#include <initializer_list>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace plimsoll::crash {

/// A folder that goes with the object.
class Scratch {
  public:
    Scratch();
    ~Scratch();
    Scratch(const Scratch&) = delete;
    Scratch& operator=(const Scratch&) = delete;
    Scratch(Scratch&&) = delete;
    Scratch& operator=(Scratch&&) = delete;
    [[nodiscard]] const std::filesystem::path& path() const { return path_; }

  private:
    std::filesystem::path path_;
};

using Accounts = std::initializer_list<std::uint8_t>;

/// A process in its world, and everything that happens to the world written down.
class World {
  public:
    explicit World(Defects defects = {}, Terms terms = {});
    ~World();
    World(const World&) = delete;
    World& operator=(const World&) = delete;
    World(World&&) = delete;
    World& operator=(World&&) = delete;

    Process& process() { return *process_; }
    void want(std::uint8_t account, std::uint64_t blocks);
    /// Wanted from now on, and not asked for yet.
    void want_later(std::uint8_t account) { tell(WantedOp{account}); }
    /// So many blocks, each with up to `most` transactions, also from the relay if `relay`.
    void blocks(int count, std::size_t most, bool relay = false);
    /// Takes so many blocks away and puts one more in their place.
    void reorganise(int depth, bool keep, std::size_t most);
    void base_fee(std::uint64_t gwei);
    /// A new process over what is there now, the old one killed or ended in order.
    void restart(bool orderly);

    [[nodiscard]] const std::vector<Event>& trace() const { return trace_; }
    [[nodiscard]] const State& state() const { return state_; }
    [[nodiscard]] const ChainModel& live_chain() const { return chain_; }
    /// Where the process has its journal.
    [[nodiscard]] const std::filesystem::path& folder() const { return folder_->path(); }

  private:
    void start();
    void tell(Event event);

    Defects defects_;
    std::mutex mutex_;  // the journal's thread tells as well
    State state_;
    ChainModel chain_;  // what the process talks to; the same as state_.chain at rest
    std::vector<Event> trace_;
    bool recording_ = true;
    std::unique_ptr<Scratch> folder_;
    std::unique_ptr<Process> process_;
};

/// What a new process would read after this cut, as text: all that the journal says, and the witness. Nothing
/// if it cannot be read.
[[nodiscard]] std::optional<std::string> what_is_left(const State& state, Cut cut, std::uint32_t seed);

/// What a new process makes of `state` after this cut, until nothing is under way: the first broken promise,
/// or nothing.
[[nodiscard]] std::string recover(State state, Cut cut, std::uint32_t seed, const Defects& defects);

}  // namespace plimsoll::crash
