// SPDX-License-Identifier: Apache-2.0
// A first reading that is broken off, as bytes, for a later process to go on from.
#include "strategy/engine_core.hpp"
#include "strategy/snapshot/envelope.hpp"
#include "strategy/snapshot/snapshot_reader.hpp"
#include "strategy/snapshot/snapshot_writer.hpp"

#include <vector>

namespace plimsoll::strategy {

Bytes Engine::Core::search() const {
    if (state_ != EngineState::bootstrapping || phase_ != Phase::markets) return {};
    SnapshotWriter out;
    save_identity(out);
    bool any = false;
    for (const auto& venue : venues_) {
        const Bytes part = venue->search();
        out.length(part.size());
        out.raw(part);
        any = any || !part.empty();
    }
    return any ? seal_snapshot(params_.chain, out.take()) : Bytes{};
}

Result<void> Engine::Core::resume_search(BytesView search) {
    PLIMSOLL_TRY(const BytesView content, open_snapshot(search, params_.chain));
    SnapshotReader in{content};
    PLIMSOLL_CHECK(check_identity(in));
    std::vector<BytesView> parts;
    for (std::size_t i = 0; i < venues_.size(); ++i)
        parts.push_back(in.raw(in.length(content.size(), 1)));
    PLIMSOLL_CHECK(in.finish("search"));
    for (std::size_t i = 0; i < venues_.size(); ++i)
        venues_[i]->resume_search(parts[i]);
    return {};
}

}  // namespace plimsoll::strategy
