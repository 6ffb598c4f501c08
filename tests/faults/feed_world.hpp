// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chain/feed/feed.hpp"
#include "chain/rpc/endpoint_health.hpp"
#include "tests/faults/feed_node.hpp"
#include "tests/faults/model_book.hpp"

#include <chrono>
#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace plimsoll::faults {

/// Times short enough for a test.
[[nodiscard]] feed::FeedParams quick_feed();
[[nodiscard]] rpc::EndpointParams quick_endpoint(const std::string& url);

/// A model chain, some nodes of it, a feed that follows them over real sockets, and a consumer.
class FeedWorld {
  public:
    struct Setup {
        std::size_t nodes = 2;
        bool over_http = false;
        bool pending = false;
        feed::FeedParams feed = quick_feed();
        feed::FeedDefects defects{};
    };

    FeedWorld(async::asio::any_io_executor executor, const Setup& setup);

    /// The nodes and the feed, until cancelled.
    async::Task<void> run();
    /// Waits until the condition holds; false after too long.
    async::Task<bool> until(std::function<bool()> condition,
                            std::chrono::milliseconds limit = std::chrono::milliseconds{5'000});
    /// Until the feed is at the chain's tip, ready, and its consumer has the chain's state.
    async::Task<bool> settled(std::chrono::milliseconds limit = std::chrono::milliseconds{5'000});

    /// The same, and every node's word is believed.
    async::Task<bool> all_settled();

    /// Mines a block, and all nodes tell it.
    const ModelBlock& mine(const std::vector<Note>& notes);
    const ModelBlock& mine() { return mine({Note{1, ++notes_}}); }
    void all_advance(const Hash32& newest);
    /// Replaces the newest `depth` blocks by `length` others; the nodes do not know yet.
    const ModelBlock& reorg(std::uint64_t depth, std::uint64_t length);
    /// Whether the consumer holds what a fresh start would.
    [[nodiscard]] bool right() const;
    [[nodiscard]] std::string trouble() const;
    [[nodiscard]] bool all_believed() const;
    [[nodiscard]] bool at_tip() const { return book.tip() == chain.tip().head().hash; }

    ModelChain chain;
    std::deque<FeedNode> nodes;
    std::deque<rpc::EndpointHealth> healths;
    std::deque<rpc::Endpoint> endpoints;
    ModelBook book;
    std::unique_ptr<feed::Feed> feed;

  private:
    std::uint64_t notes_ = 0;
};

[[nodiscard]] FeedWorld::Setup setup_of(std::size_t nodes);
/// Fails the test if it does not settle. One node is enough for it: the others may still be connecting.
async::Task<void> expect_settled(FeedWorld& world);
async::Task<void> expect_all_settled(FeedWorld& world);
/// Builds a world, runs the body in it, and ends.
void in_world(const FeedWorld::Setup& setup, const std::function<async::Task<void>(FeedWorld&)>& body);

}  // namespace plimsoll::faults
