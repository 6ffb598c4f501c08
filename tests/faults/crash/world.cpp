// SPDX-License-Identifier: Apache-2.0
#include "tests/faults/crash/world.hpp"

#include <stdlib.h>

#include <stdexcept>
#include <utility>

namespace plimsoll::crash {

Scratch::Scratch() {
    std::string pattern = (std::filesystem::temp_directory_path() / "plimsoll-crash-XXXXXX").string();
    path_ = mkdtemp(pattern.data());
}

Scratch::~Scratch() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
}

World::World(Defects defects, Terms terms) : defects_{defects} {
    state_.terms = std::move(terms);
    start();
}

World::~World() {
    const std::lock_guard lock{mutex_};
    recording_ = false;
}

void World::start() {
    folder_ = std::make_unique<Scratch>();
    state_.disk.lay_out("journal", folder_->path(), Cut::killed, 0);
    Process::Parts parts{chain_,          [this](Event event) { tell(std::move(event)); },
                         folder_->path(), state_.disk.content("witness/witness", Cut::killed, 0),
                         defects_,        {},
                         state_.terms};
    recording_ = true;
    auto started = Process::start(std::move(parts));
    if (!started) throw std::runtime_error{started.error()};
    process_ = *std::move(started);
    process_->head();
}

void World::tell(Event event) {
    const std::lock_guard lock{mutex_};
    if (!recording_) return;
    state_.apply(event);
    trace_.push_back(std::move(event));
}

void World::want(std::uint8_t account, std::uint64_t blocks) {
    tell(WantedOp{account});
    process_->submit(account, blocks);
}

void World::blocks(int count, std::size_t most, bool relay) {
    for (int i = 0; i < count; ++i) {
        chain_.mine(most, relay);
        tell(MinedOp{most, relay});
        process_->head();
    }
}

void World::reorganise(int depth, bool keep, std::size_t most) {
    for (int i = 0; i < depth; ++i) {
        const auto gone = chain_.undo(keep);
        tell(UndoneOp{keep});
        if (gone) process_->on(signer::HeadUndone{*gone});
    }
    blocks(depth + 1, most);
}

void World::base_fee(std::uint64_t gwei) {
    chain_.set_base_fee(to_wei(Gwei{gwei}));
    tell(BaseFeeOp{to_wei(Gwei{gwei})});
}

void World::restart(bool orderly) {
    if (orderly) process_->stop();
    {
        const std::lock_guard lock{mutex_};
        recording_ = false;
    }
    process_.reset();
    start();
}

}  // namespace plimsoll::crash
