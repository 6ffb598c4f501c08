// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tests/faults/model_chain.hpp"
#include "tests/faults/scripted_node.hpp"

#include <chrono>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace plimsoll::faults {

/// A node of a model chain that speaks to a feed: answers what it asks and tells heads and logs, as well or
/// as badly as a test wants.
class FeedNode {
  public:
    /// How a new newest block is told.
    struct Telling {
        bool heads = true;       // of every new block; false: of none
        bool only_last = false;  // the head of the newest only, as after an import of several
        bool logs = true;
        bool removed = true;  // logs of blocks that left are told again, taken back
        bool twice = false;   // every message
        bool logs_first = true;
        bool backwards = false;  // the messages in reverse order
    };

    FeedNode(async::asio::any_io_executor executor, const ModelChain& chain);

    async::Task<void> run() { return node_.run(); }
    /// The node's newest block is this one now; says so to its subscribers.
    void advance(const Hash32& newest, Telling telling);
    void advance(const Hash32& newest) { advance(newest, Telling{}); }
    /// The same without a word; requests are answered as of this block.
    void go_to(const Hash32& newest) { newest_ = newest; }
    /// A head notification, whatever it says.
    void tell_head(const rpc::Header& header);
    void tell_log(const Log& log);
    /// The JSON of a pending transaction, or a hash in quotes.
    void tell_pending(const std::string& transaction);
    /// Text as it is, in which `%` stands for the id of each subscription to heads.
    void tell_heads_text(const std::string& text);
    /// As from a load balancer that has not everything: such blocks are unknown here.
    void hide(const Hash32& block) { hidden_.insert(block); }
    void show_all() { hidden_.clear(); }

    /// Before every answer.
    std::chrono::milliseconds delay{0};
    /// May answer instead of the node.
    std::function<std::optional<std::vector<Step>>(const Asked&)> instead;
    /// What is told as final; nothing: the tag is unknown.
    std::optional<Hash32> final_block;

    [[nodiscard]] ScriptedNode& node() noexcept { return node_; }
    [[nodiscard]] const Hash32& newest() const noexcept { return newest_; }
    /// How many connections listen to heads now.
    [[nodiscard]] std::size_t listeners() const;
    [[nodiscard]] std::size_t count(const std::string& method) const;
    /// Enters a subscription before its request is answered; returns its id.
    std::string reserve_subscription(const Asked& asked);
    /// The id of the newest subscription to heads.
    [[nodiscard]] std::string head_subscription() const;

  private:
    enum class Kind { heads, logs, pending };
    struct Subscription {
        std::string id;
        std::size_t connection{};
        Kind kind = Kind::logs;
    };

    [[nodiscard]] std::vector<Step> answer(const Asked& asked);
    [[nodiscard]] std::string result_of(const Asked& asked);
    [[nodiscard]] std::string block_of(const Asked& asked) const;
    [[nodiscard]] std::string logs_of(const Asked& asked) const;
    void tell(Kind kind, const std::string& result);
    void forget_dead();

    const ModelChain& chain_;
    Hash32 newest_;
    std::vector<Subscription> subscriptions_;
    std::set<Hash32> hidden_;
    std::uint64_t next_id_ = 0x9ce5;
    ScriptedNode node_;
};

}  // namespace plimsoll::faults
