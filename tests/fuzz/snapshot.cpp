// SPDX-License-Identifier: Apache-2.0
// A snapshot of the engine, hostile in any way. Input: 0, then changes of a good snapshot's content; 1, then
// a content of its own, in a good envelope; 2, then a whole file.
#include "strategy/engine.hpp"
#include "strategy/snapshot/envelope.hpp"
#include "strategy/snapshot/snapshot_writer.hpp"
#include "tests/bench/scripted_stage.hpp"
#include "tests/fuzz/input.hpp"

#include <algorithm>

namespace plimsoll::fuzz {
namespace {

using bench::ScriptedStage;

constexpr ChainId kChain{31337};

const Bytes& good_content() {
    static const Bytes content = [] {
        ScriptedStage stage{3};
        const auto saved = stage.engine().save();
        require(saved.has_value(), "an engine that is ready can be saved");
        const auto opened = strategy::open_snapshot(*saved, kChain);
        require(opened.has_value(), "what was saved can be opened");
        return Bytes(opened->begin(), opened->end());
    }();
    return content;
}

/// Changes at places that are told in two bytes: one byte, four bytes, the end, something put in between.
Bytes changed(Bytes content, Input& script) {
    while (!script.at_end() && !content.empty()) {
        const std::size_t high = script.byte();
        const std::size_t at = (high << 8U | script.byte()) % content.size();
        const auto place = content.begin() + static_cast<std::ptrdiff_t>(at);
        const std::uint8_t how = script.byte();
        if (how % 4 == 3) {
            const BytesView more = script.bytes(how / 4U);
            content.insert(place, more.begin(), more.end());
        } else if (how % 4 == 2) {
            content.resize(at);
        } else {
            const BytesView bytes = script.bytes(how % 4 == 0 ? 1 : 4);
            const std::size_t count = std::min(bytes.size(), content.size() - at);
            std::copy_n(bytes.begin(), count, place);
        }
    }
    return content;
}

Bytes file_of(Input& script) {
    switch (script.byte() % 3) {
        case 0:
            return strategy::seal_snapshot(kChain, changed(good_content(), script));
        case 1:
            return strategy::seal_snapshot(kChain, script.rest());
        default: {
            const BytesView file = script.rest();
            return {file.begin(), file.end()};
        }
    }
}

/// What was taken up is what stood in the bytes, and the engine can go on from it whatever it says.
void check_loaded(strategy::Engine& engine, const Head& head, BytesView content) {
    strategy::SnapshotWriter writer;
    engine.venue(0).save(writer);
    const Bytes market = writer.take();
    require(std::search(content.begin(), content.end(), market.begin(), market.end()) != content.end(),
            "what was taken up is saved as it was");
    require(!engine.save().has_value(), "what is not proven is not saved");
    static_cast<void>(engine.health(0, head.timestamp));
    Head next = head;
    next.parent_hash = head.hash;
    next.hash.bytes[0] ^= 1U;
    next.number = head.number.next();
    next.timestamp = head.timestamp.next(12);
    strategy::Output out;
    engine.on(Event{ReceiveTime{}, 0, BlockStarted{next}}, out);
    engine.on(Event{ReceiveTime{}, 0, BlockSealed{next.hash, 0}}, out);
    engine.on(Event{ReceiveTime{}, 0, Tick{next.timestamp}}, out);
    const bool sent = std::any_of(out.decisions.begin(), out.decisions.end(),
                                  [](const strategy::Decision& decision) { return decision.send(); });
    require(!sent, "nothing is sent on what is not proven");
}

}  // namespace

void run(BytesView data) {
    Input script{data};
    const Bytes file = file_of(script);
    const auto engine = ScriptedStage::unread_engine();
    const auto head = engine->load(file);
    if (!head) {
        require(engine->state() != strategy::EngineState::ready, "a refused snapshot leaves nothing behind");
        return;
    }
    const auto content = strategy::open_snapshot(file, kChain);
    require(content.has_value(), "only what can be opened is taken up");
    if (head->number.value < (std::uint64_t{1} << 62U) && head->timestamp.value < (std::uint64_t{1} << 62U))
        check_loaded(*engine, *head, *content);
}

}  // namespace plimsoll::fuzz
