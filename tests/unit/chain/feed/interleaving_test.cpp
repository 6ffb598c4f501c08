// SPDX-License-Identifier: Apache-2.0
// Whatever the order in which heads, logs and answers come: the same sealed stream.
#include "tests/unit/chain/feed/scripted_chain.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <deque>

namespace plimsoll::feed {
namespace {

using Words = std::vector<std::string>;

struct Message {
    const ScriptedBlock* block;
    int log;  // -1: the head
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
        tracker.on_head(message.block->header, ReceiveTime{1});
    } else {
        tracker.on_log(Log{message.block->logs[static_cast<std::size_t>(message.log)]}, ReceiveTime{1});
    }
}

/// Plays the messages; answers come at random moments, in random order, sometimes fail; sometimes the socket
/// dies.
Words play(const std::vector<Message>& messages, const ScriptedNode& node, Listener& listener) {
    Tracker tracker{TrackerParams{64, 200}};
    tracker.watch(WatchFilter{Watch{{kWatched}, {}}});
    tracker.on_connected();
    std::deque<Fetch> waiting;
    const auto collect = [&] {
        drain(tracker, listener);
        for (const Fetch& fetch : tracker.take_fetches())
            waiting.push_back(fetch);
    };
    for (const Message& message : messages) {
        deliver(tracker, message);
        collect();
        if (*rc::gen::weightedElement<bool>({{30, false}, {1, true}})) {
            tracker.on_disconnected();
            if (*rc::gen::arbitrary<bool>()) waiting.clear();
            tracker.on_connected();
            collect();
        }
        while (!waiting.empty() && *rc::gen::weightedElement<bool>({{1, false}, {2, true}})) {
            const auto at = *rc::gen::inRange<std::size_t>(0, waiting.size());
            const Fetch fetch = waiting[at];
            waiting.erase(waiting.begin() + static_cast<std::ptrdiff_t>(at));
            node.answer(tracker, fetch);
            collect();
        }
    }
    while (!waiting.empty()) {
        const Fetch fetch = waiting.front();
        waiting.pop_front();
        node.answer(tracker, fetch);
        collect();
    }
    RC_ASSERT(listener.broken() == "");
    RC_ASSERT(tracker.caught_up());
    return listener.sealed();
}

RC_GTEST_PROP(Interleaving, DoesNotChangeTheSealedStream, ()) {
    const auto chain = make_chain('a', 1, 24, Hash32{});
    ScriptedNode node;
    node.add(chain);
    Listener listener;
    const std::vector<ScriptedBlock> later(chain.begin() + 1, chain.end());
    auto messages = disturbed(messages_of(later), chain.back());
    messages.insert(messages.begin(), Message{&chain[0], -1});
    RC_ASSERT(play(messages, node, listener) == shown(chain));
}

RC_GTEST_PROP(Interleaving, EndsOnTheChainOfTheLastHead, ()) {
    const auto trunk = make_chain('a', 1, 30, Hash32{});
    ScriptedNode node;
    node.add(trunk);
    std::vector<std::vector<ScriptedBlock>> chains{trunk};
    std::vector<ScriptedBlock> all = trunk;
    const auto forks = *rc::gen::inRange(1, 5);
    for (int i = 0; i < forks; ++i) {
        const auto& from = chains[*rc::gen::inRange<std::size_t>(0, chains.size())];
        const auto base = *rc::gen::inRange<std::size_t>(1, from.size());
        const auto length = *rc::gen::inRange<std::uint64_t>(1, 12);
        const std::uint64_t number = from[base - 1].header.head.number.value;
        const auto fork = make_chain(static_cast<char>('b' + i), number + 1, number + length,
                                     from[base - 1].header.head.hash);
        node.add(fork);
        std::vector<ScriptedBlock> whole(from.begin(), from.begin() + static_cast<std::ptrdiff_t>(base));
        whole.insert(whole.end(), fork.begin(), fork.end());
        all.insert(all.end(), fork.begin(), fork.end());
        chains.push_back(std::move(whole));
    }
    // The last fork's tip is new to the tracker only if it has not been told before.
    const std::vector<ScriptedBlock>& last = chains.back();
    std::vector<ScriptedBlock> before;
    for (const ScriptedBlock& block : all) {
        if (block.header.head.hash != last.back().header.head.hash && block.header.head.number.value > 1)
            before.push_back(block);
    }
    Listener listener;
    auto messages = disturbed(messages_of(before), last.back());
    messages.insert(messages.begin(), Message{&trunk[0], -1});
    RC_ASSERT(play(messages, node, listener) == shown(last));
}

}  // namespace
}  // namespace plimsoll::feed
