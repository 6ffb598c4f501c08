// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chain/feed/tracker.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace plimsoll::feed {

/// An address that the tests watch, and one that they do not.
inline constexpr Address kWatched{{0xAA}};
inline constexpr Address kOther{{0xBB}};

/// A block of a made-up chain and its logs.
struct ScriptedBlock {
    rpc::Header header;
    std::vector<Log> logs;  // of the watched address, in index order
};

/// The hash of a block: its fork's letter and its number.
[[nodiscard]] Hash32 block_hash(char fork, std::uint64_t number);
/// A block with these log indexes, linked to `parent`, with a true bloom.
[[nodiscard]] ScriptedBlock make_block(char fork, std::uint64_t number, const Hash32& parent,
                                       const std::vector<std::uint32_t>& log_indexes);
/// Blocks `from` to `to` of one fork, the first linked to `parent`; block n has n % 4 logs.
[[nodiscard]] std::vector<ScriptedBlock> make_chain(char fork, std::uint64_t from, std::uint64_t to,
                                                    const Hash32& parent);

/// What a consumer of the stream holds, and whether the stream kept its promises.
class Listener {
  public:
    void take(const Event& event);

    /// Sealed blocks, oldest first, as "fork+number:indexes".
    [[nodiscard]] const std::vector<std::string>& sealed() const noexcept { return sealed_; }
    /// Broken promises; empty if all is well.
    [[nodiscard]] const std::string& broken() const noexcept { return broken_; }
    [[nodiscard]] std::size_t events() const noexcept { return events_; }
    /// The next started block need not link (after a resync).
    void expect_new_base() { allow_new_base_ = true; }

  private:
    void expect(bool condition, const char* promise);
    void on(const BlockStarted& event);
    void on(const LogSeen& event);
    void on(const BlockSealed& event);
    void on(const BlockUndone& event);

    struct Told {
        Head head;
        std::vector<std::uint32_t> indexes;
    };
    std::vector<Told> chain_;
    std::optional<Told> open_;
    std::vector<std::string> sealed_;
    std::string broken_;
    std::size_t events_ = 0;
    bool allow_new_base_ = true;
};

/// Whom the tracker wants to ask.
[[nodiscard]] inline SourceId source_of(const Fetch& fetch) {
    return std::visit([](const auto& what) { return what.source; }, fetch);
}

/// A node that answers the tracker's reads from its blocks.
class ScriptedNode {
  public:
    /// The last of them becomes the node's newest block.
    void add(const std::vector<ScriptedBlock>& blocks);
    /// By number, and asked for its newest, the node answers from the chain that ends here.
    void canonical(const Hash32& newest) { canonical_ = newest; }
    /// Answers one read; a block it does not have is a failure.
    void answer(Tracker& tracker, const Fetch& fetch) const;
    [[nodiscard]] const ScriptedBlock* find(const Hash32& hash) const;

  private:
    [[nodiscard]] const ScriptedBlock* at(BlockNumber number) const;
    void answer_logs(Tracker& tracker, const FetchLogs& logs) const;

    std::map<Hash32, ScriptedBlock> blocks_;
    Hash32 canonical_;
};

/// Moves all events that are due to the listener.
void drain(Tracker& tracker, Listener& listener);
/// Drains, and answers reads until there are none.
void settle(Tracker& tracker, const ScriptedNode& node, Listener& listener);
/// How `Listener::sealed` shows these blocks.
[[nodiscard]] std::vector<std::string> shown(const std::vector<ScriptedBlock>& blocks);

}  // namespace plimsoll::feed
