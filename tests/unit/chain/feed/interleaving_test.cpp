// SPDX-License-Identifier: Apache-2.0
// Whatever the order in which heads, logs and answers come: the same sealed stream.
#include "tests/unit/chain/feed/scripted_chain.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <deque>
#include <map>

namespace plimsoll::feed {
namespace {

using Words = std::vector<std::string>;

struct Message {
    const ScriptedBlock* block;
    int log;  // -1: the head
    SourceId source = 0;
};

/// The messages of these blocks; each block's own stay together or are shuffled by the caller.
std::vector<Message> messages_of(const std::vector<ScriptedBlock>& blocks) {
    std::vector<Message> out;
    for (const ScriptedBlock& block : blocks) {
        out.push_back(Message{&block, -1});
        for (std::size_t i = 0; i < block.logs.size(); ++i)
            out.push_back(Message{&block, static_cast<int>(i)});
    }
    return out;
}

/// Swaps, drops and repeats at random. The last head stays last: it says which chain the node is on.
std::vector<Message> disturbed(std::vector<Message> messages, const ScriptedBlock& last) {
    const auto swaps = *rc::gen::inRange<std::size_t>(0, 3 * messages.size());
    for (std::size_t i = 0; i < swaps; ++i) {
        const auto a = *rc::gen::inRange<std::size_t>(0, messages.size());
        const auto b = std::min(messages.size() - 1, a + *rc::gen::inRange<std::size_t>(0, 6));
        std::swap(messages[a], messages[b]);
    }
    std::vector<Message> out;
    for (const Message& message : messages) {
        const auto copies = *rc::gen::weightedElement<int>({{8, 1}, {1, 0}, {1, 2}});
        for (int i = 0; i < copies; ++i)
            out.push_back(message);
    }
    out.push_back(Message{&last, -1});
    return out;
}

void deliver(Tracker& tracker, const Message& message) {
    if (message.log < 0) {
        tracker.on_head(message.block->header, ReceiveTime{1}, message.source);
    } else {
        Log log = message.block->logs[static_cast<std::size_t>(message.log)];
        tracker.on_log(std::move(log), ReceiveTime{1}, message.source);
    }
}

/// Several sources, each with a node of its own behind it, and one tracker.
class Stage {
  public:
    Stage(const std::vector<ScriptedNode>& nodes, Listener& listener)
        : nodes_{nodes}, listener_{listener}, tracker_{TrackerParams{64, 200, nodes.size(), {}}} {
        tracker_.watch(WatchFilter{Watch{{kWatched}, {}}});
        for (std::size_t i = 0; i < nodes.size(); ++i)
            tracker_.on_connected(static_cast<SourceId>(i));
    }

    /// Plays the messages; answers come at random moments, in random order, sometimes fail; sometimes a
    /// socket dies, and what its node has newest is read again.
    Words play(const std::vector<Message>& messages) {
        for (const Message& message : messages) {
            deliver(tracker_, message);
            if (message.log < 0) newest_[message.source] = message;
            collect();
            if (*rc::gen::weightedElement<bool>({{30, false}, {1, true}})) reconnect(message.source);
            while (!waiting_.empty() && *rc::gen::weightedElement<bool>({{1, false}, {2, true}}))
                answer(*rc::gen::inRange<std::size_t>(0, waiting_.size()));
        }
        while (!waiting_.empty())
            answer(0);
        RC_ASSERT(listener_.broken() == "");
        RC_ASSERT(tracker_.caught_up());
        return listener_.sealed();
    }

    [[nodiscard]] Tracker& tracker() { return tracker_; }

  private:
    void collect() {
        drain(tracker_, listener_);
        for (const Fetch& fetch : tracker_.take_fetches())
            waiting_.push_back(fetch);
    }
    void reconnect(SourceId source) {
        tracker_.on_disconnected(source);
        const auto of_it = [source](const Fetch& fetch) { return source_of(fetch) == source; };
        if (*rc::gen::arbitrary<bool>())
            waiting_.erase(std::remove_if(waiting_.begin(), waiting_.end(), of_it), waiting_.end());
        collect();
        tracker_.on_connected(source);
        const auto newest = newest_.find(source);
        if (newest != newest_.end()) deliver(tracker_, newest->second);
        collect();
    }
    void answer(std::size_t at) {
        const Fetch fetch = waiting_[at];
        waiting_.erase(waiting_.begin() + static_cast<std::ptrdiff_t>(at));
        nodes_[source_of(fetch)].answer(tracker_, fetch);
        collect();
    }

    const std::vector<ScriptedNode>& nodes_;
    Listener& listener_;
    Tracker tracker_;
    std::deque<Fetch> waiting_;
    std::map<SourceId, Message> newest_;
};

RC_GTEST_PROP(Interleaving, DoesNotChangeTheSealedStream, ()) {
    const auto chain = make_chain('a', 1, 24, Hash32{});
    std::vector<ScriptedNode> nodes(1);
    nodes[0].add(chain);
    Listener listener;
    const std::vector<ScriptedBlock> later(chain.begin() + 1, chain.end());
    auto messages = disturbed(messages_of(later), chain.back());
    messages.insert(messages.begin(), Message{&chain[0], -1});
    Stage stage{nodes, listener};
    RC_ASSERT(stage.play(messages) == shown(chain));
}

/// A trunk of 30 blocks and forks from it and from one another; the last one is where the node ends.
struct Forest {
    std::vector<ScriptedBlock> trunk = make_chain('a', 1, 30, Hash32{});
    std::vector<std::vector<ScriptedBlock>> chains{trunk};
    std::vector<ScriptedBlock> all = trunk;

    explicit Forest(int forks) {
        for (int i = 0; i < forks; ++i)
            grow(static_cast<char>('b' + i));
    }
    void grow(char name) {
        const auto& from = chains[*rc::gen::inRange<std::size_t>(0, chains.size())];
        const auto base = *rc::gen::inRange<std::size_t>(1, from.size());
        const auto length = *rc::gen::inRange<std::uint64_t>(1, 12);
        const Head& root = from[base - 1].header.head;
        const auto fork = make_chain(name, root.number.value + 1, root.number.value + length, root.hash);
        std::vector<ScriptedBlock> whole(from.begin(), from.begin() + static_cast<std::ptrdiff_t>(base));
        whole.insert(whole.end(), fork.begin(), fork.end());
        all.insert(all.end(), fork.begin(), fork.end());
        chains.push_back(std::move(whole));
    }
    [[nodiscard]] const std::vector<ScriptedBlock>& last() const { return chains.back(); }
    /// All but the first block, which begins every test, and the last, which ends it.
    [[nodiscard]] std::vector<ScriptedBlock> before() const {
        std::vector<ScriptedBlock> out;
        for (const ScriptedBlock& block : all) {
            const bool ends = block.header.head.hash == last().back().header.head.hash;
            if (!ends && block.header.head.number.value > 1) out.push_back(block);
        }
        return out;
    }
};

RC_GTEST_PROP(Interleaving, EndsOnTheChainOfTheLastHead, ()) {
    const Forest forest{*rc::gen::inRange(1, 5)};
    std::vector<ScriptedNode> nodes(1);
    nodes[0].add(forest.all);
    const auto before = forest.before();
    Listener listener;
    auto messages = disturbed(messages_of(before), forest.last().back());
    messages.insert(messages.begin(), Message{&forest.trunk[0], -1});
    Stage stage{nodes, listener};
    RC_ASSERT(stage.play(messages) == shown(forest.last()));
}

/// Merges the sources' messages, each source's own in their order.
std::vector<Message> merged(std::vector<std::vector<Message>> streams) {
    std::vector<Message> out;
    std::vector<std::size_t> at(streams.size());
    for (;;) {
        std::vector<std::size_t> open;
        for (std::size_t i = 0; i < streams.size(); ++i) {
            if (at[i] < streams[i].size()) open.push_back(i);
        }
        if (open.empty()) return out;
        const std::size_t next = open[*rc::gen::inRange<std::size_t>(0, open.size())];
        out.push_back(streams[next][at[next]++]);
        out.back().source = static_cast<SourceId>(next);
    }
}

/// Every source sees the forest in its own order; in the end all of them are on the last chain.
std::vector<Message> seen_by(std::size_t sources, const Forest& forest,
                             const std::vector<ScriptedBlock>& before,
                             const std::vector<Message>& extra = {}) {
    std::vector<std::vector<Message>> streams;
    for (std::size_t i = 0; i < sources; ++i) {
        std::vector<Message> own = messages_of(before);
        if (i == 0) own.insert(own.end(), extra.begin(), extra.end());
        streams.push_back(disturbed(std::move(own), forest.last().back()));
        streams.back().insert(streams.back().begin(), Message{&forest.trunk[0], -1});
    }
    return merged(std::move(streams));
}

RC_GTEST_PROP(Interleaving, OfTwoAndThreeSourcesEndsOnTheChainOfAll, ()) {
    const auto sources = *rc::gen::inRange<std::size_t>(2, 4);
    const Forest forest{*rc::gen::inRange(0, 4)};
    std::vector<ScriptedNode> nodes(sources);
    for (ScriptedNode& node : nodes)
        node.add(forest.all);
    const auto before = forest.before();
    Listener listener;
    Stage stage{nodes, listener};
    RC_ASSERT(stage.play(seen_by(sources, forest, before)) == shown(forest.last()));
    const Head* const tip = stage.tracker().tip();
    RC_ASSERT(tip != nullptr);
    RC_ASSERT(agreement(tip->number, stage.tracker().stands()).why == Agreement::Why::agreed);
}

RC_GTEST_PROP(Interleaving, SurvivesASourceThatLies, ()) {
    const auto sources = *rc::gen::inRange<std::size_t>(2, 4);
    const Forest forest{*rc::gen::inRange(0, 3)};
    std::vector<ScriptedNode> nodes(sources);
    for (ScriptedNode& node : nodes)
        node.add(forest.all);
    // Invented blocks on a real one, a head whose parent nobody has, and a wrong number.
    const Head& root = forest.trunk[*rc::gen::inRange<std::size_t>(2, 29)].header.head;
    const auto length = *rc::gen::inRange<std::uint64_t>(1, 8);
    auto lies = make_chain('x', root.number.value + 1, root.number.value + length, root.hash);
    nodes[0].add(lies);
    lies.push_back(make_block('y', *rc::gen::inRange<std::uint64_t>(3, 40), block_hash('y', 999), {1}));
    lies.push_back(make_block('z', root.number.value + 2, root.hash, {}));
    const auto before = forest.before();
    Listener listener;
    Stage stage{nodes, listener};
    RC_ASSERT(stage.play(seen_by(sources, forest, before, messages_of(lies))) == shown(forest.last()));
}

}  // namespace
}  // namespace plimsoll::feed
