// SPDX-License-Identifier: Apache-2.0
#include "strategy/engine.hpp"

#include "strategy/engine_core.hpp"

#include <numeric>
#include <utility>

namespace plimsoll::strategy {

Engine::Engine(EngineParams params, std::vector<std::unique_ptr<Venue>> venues)
    : core_{std::make_unique<Core>(std::move(params), std::move(venues))} {}
Engine::~Engine() = default;
Engine::Engine(Engine&&) noexcept = default;
Engine& Engine::operator=(Engine&&) noexcept = default;

void Engine::on(const Event& event, Output& out) {
    core_->on(event, out);
}
bool Engine::unfinished() const noexcept {
    return core_->unfinished();
}
void Engine::proceed(Output& out) {
    core_->proceed(out);
}
void Engine::adopt(const IntentKey& key) {
    core_->adopt(key);
}
void Engine::hold(Reason reason, bool on) {
    core_->hold(reason, on);
}
void Engine::follow(const fees::Elasticity& elasticity) {
    core_->follow(elasticity);
}

void Engine::limit(const Room& room) {
    core_->limit(room);
}
void Engine::learn_gas(const Opportunity& opportunity, Gas estimated) {
    core_->learn_gas(opportunity, estimated);
}

bool Engine::may_send() const {
    return core_->may_send();
}
bool Engine::may_send(const IntentKey& key) const {
    return core_->may_send(key);
}
std::optional<Decision> Engine::rehearse() {
    return core_->rehearse();
}
std::optional<Decision> Engine::sent_ahead(const IntentKey& key, const Hash32& block_hash,
                                           BlockNumber block_number, ReceiveTime received) {
    return core_->sent_ahead(key, block_hash, block_number, received);
}

Result<Bytes> Engine::save() const {
    return core_->save();
}
Result<Head> Engine::load(BytesView snapshot) {
    return core_->load(snapshot);
}

Readiness Engine::readiness() const {
    return core_->readiness();
}
Bytes Engine::search() const {
    return core_->search();
}
Result<void> Engine::resume_search(BytesView search) {
    return core_->resume_search(search);
}

EngineState Engine::state() const noexcept {
    return core_->state();
}
const std::optional<Error>& Engine::error() const noexcept {
    return core_->error();
}
std::optional<Head> Engine::applied() const {
    return core_->applied();
}
EngineCounts Engine::counts() const {
    return core_->counts();
}
const Watch& Engine::watch() const noexcept {
    return core_->watch();
}
std::size_t Engine::venue_count() const noexcept {
    return core_->venues().size();
}
const Venue& Engine::venue(VenueId id) const {
    return *core_->venues().at(id);
}

std::vector<Wad> Engine::health(VenueId id, Timestamp t) const {
    const Venue& market = venue(id);
    std::vector<AccountId> accounts(market.account_count());
    std::iota(accounts.begin(), accounts.end(), AccountId{0});
    std::vector<Wad> out(accounts.size());
    market.health(accounts, market.prices(), t, out);
    return out;
}

}  // namespace plimsoll::strategy
