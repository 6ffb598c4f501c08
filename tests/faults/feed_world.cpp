// SPDX-License-Identifier: Apache-2.0
#include "tests/faults/feed_world.hpp"

#include "chain/async/all_of.hpp"
#include "chain/async/deadline.hpp"
#include "tests/unit/chain/async/run_task.hpp"

#include <gtest/gtest.h>

#include <utility>

namespace plimsoll::faults {
namespace {

using std::chrono::milliseconds;

rpc::EndpointHealthParams quick_health() {
    rpc::EndpointHealthParams out;
    out.silence = milliseconds{400};
    out.quarantine = milliseconds{150};
    out.wait = {milliseconds{5}, milliseconds{20}};
    out.hint_floor = milliseconds{2};
    out.hint_cap = milliseconds{20};
    return out;
}

std::uint64_t seconds_now() {
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    return static_cast<std::uint64_t>(std::chrono::duration_cast<std::chrono::seconds>(now).count());
}

}  // namespace

feed::FeedParams quick_feed() {
    feed::FeedParams out;
    out.stale_after = milliseconds{3'000};
    out.replace_after = milliseconds{250};
    out.reconnect = {milliseconds{5}, milliseconds{20}};
    out.poll_every = milliseconds{10};
    out.tick = milliseconds{10};
    return out;
}

rpc::EndpointParams quick_endpoint(const std::string& url) {
    rpc::EndpointParams out;
    out.url = rpc::parse_url(url).value();
    out.chain_id = ChainId{31337};
    out.connect_timeout = milliseconds{400};
    out.request_timeout = milliseconds{300};
    out.idle_timeout = milliseconds{2'000};
    out.reconnect = {milliseconds{5}, milliseconds{20}};
    return out;
}

FeedWorld::FeedWorld(async::asio::any_io_executor executor, const Setup& setup)
    : chain{seconds_now()}, book{chain} {
    std::vector<feed::FeedSource> sources;
    for (std::size_t i = 0; i < setup.nodes; ++i) {
        FeedNode& node = nodes.emplace_back(executor, chain);
        const std::string url = setup.over_http ? node.node().http_url() : node.node().ws_url();
        rpc::EndpointHealth& health = healths.emplace_back(quick_health());
        rpc::EndpointParams params = quick_endpoint(url);
        params.health = &health;
        params.use = rpc::Use::feed;
        sources.push_back(
            feed::FeedSource{endpoints.emplace_back(executor, std::move(params)), health, setup.pending});
    }
    feed = std::make_unique<feed::Feed>(
        std::move(sources), setup.feed, [this](Event&& event) { book.take(event); }, setup.defects);
    feed->watch(Watch{{kWatchedContract}, {}});
}

async::Task<void> FeedWorld::run() {
    std::vector<async::Task<void>> family;
    for (FeedNode& node : nodes)
        family.push_back(node.run());
    family.push_back(feed->run());
    co_await async::all_of(std::move(family));
}

async::Task<bool> FeedWorld::until(std::function<bool()> condition, milliseconds limit) {
    const auto deadline = std::chrono::steady_clock::now() + limit;
    while (!condition()) {
        if (std::chrono::steady_clock::now() > deadline) co_return false;
        co_await async::sleep_for(milliseconds{1});
    }
    co_return true;
}

async::Task<bool> FeedWorld::settled(milliseconds limit) {
    std::function<bool()> done = [this] { return at_tip() && book.readiness().ready() && right(); };
    co_return co_await until(std::move(done), limit);
}

async::Task<bool> FeedWorld::all_settled() {
    const bool one = co_await settled();
    if (!one) co_return false;
    std::function<bool()> all = [this] { return all_believed(); };
    co_return co_await until(std::move(all));
}

bool FeedWorld::all_believed() const {
    for (std::size_t i = 0; i < nodes.size(); ++i) {
        if (!feed->believes(static_cast<SourceId>(i))) return false;
    }
    return true;
}

const ModelBlock& FeedWorld::mine(const std::vector<Note>& notes) {
    const ModelBlock& block = chain.mine(notes);
    all_advance(block.head().hash);
    return block;
}

void FeedWorld::all_advance(const Hash32& newest) {
    for (FeedNode& node : nodes)
        node.advance(newest);
}

const ModelBlock& FeedWorld::reorg(std::uint64_t depth, std::uint64_t length) {
    Hash32 parent = chain.ancestor(depth).head().hash;
    for (std::uint64_t i = 0; i < length; ++i)
        parent = chain.build(parent, {Note{2 + i % 3, ++notes_}}).head().hash;
    chain.canonize(parent);
    return chain.tip();
}

bool FeedWorld::right() const {
    return book.broken().empty() && book.state() == state_at(chain, book.tip());
}

std::string FeedWorld::trouble() const {
    std::string out = book.broken();
    if (!right()) out += " the state is not the chain's;";
    if (!at_tip()) out += " not at the tip;";
    for (int bit = 0; bit < 16; ++bit) {
        const auto reason = static_cast<NotReady>(bit);
        if (book.readiness().has(reason)) out += ' ' + std::string{to_string(reason)};
    }
    for (const feed::SourceView& source : feed->sources())
        out += " | " + std::string{rpc::to_string(source.state)} + ' ' + source.why;
    return out;
}

FeedWorld::Setup setup_of(std::size_t nodes) {
    FeedWorld::Setup out;
    out.nodes = nodes;
    return out;
}

async::Task<void> expect_settled(FeedWorld& world) {
    const bool settled = co_await world.settled();
    EXPECT_TRUE(settled) << world.trouble();
}

async::Task<void> expect_all_settled(FeedWorld& world) {
    const bool settled = co_await world.all_settled();
    EXPECT_TRUE(settled) << world.trouble();
}

void in_world(const FeedWorld::Setup& setup, const std::function<async::Task<void>(FeedWorld&)>& body) {
    async::asio::io_context io{1};
    FeedWorld world{io.get_executor(), setup};
    async::run_task(io, async::all_of(world.run(), body(world)));
}

}  // namespace plimsoll::faults
