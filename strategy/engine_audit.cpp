// SPDX-License-Identifier: Apache-2.0
// Comparing accounts with the chain beside the hot path: who may be sent, and what follows when the book is
// wrong.
#include "strategy/engine_core.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

namespace plimsoll::strategy {

namespace {

constexpr Wad kNoDebt{U256::max()};
constexpr std::size_t kMostChanged = 1U << 16U;
constexpr unsigned kMostProofs = 3;

}  // namespace

bool Engine::Core::proven(const Account& account) const {
    return audit_.proven({account.venue, account.id}, venues_[account.venue]->account_version(account.id));
}

/// What the reading itself compared. Nothing has been applied since.
void Engine::Core::take_proofs_of_reading() {
    audit_.reset();
    std::vector<AccountId> compared;
    for (VenueId id = 0; id < venues_.size(); ++id) {
        compared.clear();
        venues_[id]->proven_by_reading(compared);
        for (const AccountId account : compared)
            audit_.prove({id, account}, venues_[id]->account_version(account));
    }
}

void Engine::Core::note_changed(VenueId venue, std::span<const AccountId> accounts) {
    for (const AccountId account : accounts) {
        // So many wait only while no audit is asked: any order will do.
        if (changed_.size() >= kMostChanged) return;
        changed_.push_back(Account{venue, account});
    }
}

/// Those that changed, by how near to the line they are, and a few that the block's hash picks.
void Engine::Core::queue_audits() {
    std::vector<AccountId> accounts;
    for (VenueId id = 0; id < venues_.size(); ++id) {
        accounts.clear();
        for (const Account& account : changed_) {
            if (account.venue == id && account.id < venues_[id]->account_count())
                accounts.push_back(account.id);
        }
        want_audits(id, accounts, health_of(id, accounts), false);
        accounts.clear();
        pick_sample(id, accounts);
        want_audits(id, accounts, health_of(id, accounts), true);
    }
    changed_.clear();
}

void Engine::Core::pick_sample(VenueId id, std::vector<AccountId>& out) const {
    const std::size_t count = venues_[id]->account_count();
    constexpr std::size_t kWords = sizeof(Hash32) / sizeof(std::uint64_t);
    for (std::size_t i = 0; count != 0 && i < std::min<std::size_t>(params_.audit_sample, kWords); ++i) {
        std::uint64_t word = 0;
        std::memcpy(&word, newest().hash.bytes.data() + i * sizeof word, sizeof word);
        out.push_back(static_cast<AccountId>((word + id) % count));
    }
}

std::vector<Wad> Engine::Core::health_of(VenueId id, std::span<const AccountId> accounts) const {
    const Venue& venue = *venues_[id];
    std::vector<Wad> out(accounts.size());
    venue.health(accounts, venue.prices(), inclusion(newest()), out);
    return out;
}

/// Who owes nothing is never acted on. `again`: whether proven or not.
void Engine::Core::want_audits(VenueId id, std::span<const AccountId> accounts, std::span<const Wad> health,
                               bool again) {
    for (std::size_t i = 0; i < accounts.size(); ++i) {
        const Account account{id, accounts[i]};
        if (health[i] == kNoDebt || (!again && proven(account))) continue;
        const bool near = again || health[i] < params_.audit_health;
        audit_.want({id, account.id}, near ? Audit::Urgency::soon : Audit::Urgency::sometime);
    }
}

/// Everybody who owes, those near the line first; by floating point, which is good enough for an order.
void Engine::Core::want_debtors(VenueId id) {
    constexpr Wad kAnyDebt{U256{1'000'000'000} * U256{1'000'000'000'000'000'000}};
    const Venue& venue = *venues_[id];
    std::vector<AccountId> accounts;
    for (const auto& [below, urgency] : {std::pair{params_.audit_health, Audit::Urgency::soon},
                                         std::pair{kAnyDebt, Audit::Urgency::sometime}}) {
        accounts.clear();
        venue.near_line(venue.prices(), inclusion(newest()), below, accounts);
        for (const AccountId account : accounts)
            audit_.want({id, account}, urgency);
    }
}

void Engine::Core::ask_audits(Output& out) {
    if (phase_ != Phase::following || applied_.empty()) return;
    audit_.ask(newest(), venues_, next_id_, out.reads);
}

void Engine::Core::audit_answered(const ReadResult& result, Output& out) {
    const Audit::Finding found = audit_.accept(result);
    counts_.audited += found.compared;
    if (found.first) return parity_lost(found, out);
    if (proof_ == Proof::asked) proof_answered(found, out);
    if (state_ == EngineState::waiting) return;
    look_at_proven(out);
    ask_audits(out);
}

/// Whoever was held back for want of a proof is looked at again, once it is there.
void Engine::Core::look_at_proven(Output& out) {
    if (state_ != EngineState::ready || queue_.front() != nullptr) return;
    std::vector<Account> accounts;
    std::vector<AccountId> found;
    for (VenueId id = 0; id < venues_.size(); ++id) {
        Changes now;
        std::erase_if(held_, [&](const Account& account) {
            if (account.venue != id || !proven(account)) return false;
            now.accounts.push_back(account.id);
            return true;
        });
        if (now.accounts.empty()) continue;
        found.clear();
        venues_[id]->liquidatable(now, venues_[id]->prices(), inclusion(newest()), found);
        for (const AccountId account : found)
            accounts.push_back(Account{id, account});
    }
    std::sort(accounts.begin(), accounts.end());
    evaluate(accounts, Moment{newest()}, out);
}

void Engine::Core::parity_lost(const Audit::Finding& found, Output& out) {
    const Audit::Mismatch& first = *found.first;
    const Venue& venue = *venues_[first.subject.venue];
    counts_.mismatches += found.mismatches;
    parity_broken_ = true;
    const std::string text = "venue " + std::string{venue.name()} + ": " + first.term + " of " +
                             to_string(venue.account_address(first.subject.account)) + " is " +
                             to_decimal(first.theirs) + " on chain and " + to_decimal(first.ours) +
                             " in the book, at block " + std::to_string(first.block.number.value);
    out.notices.push_back(
        Notice{Notice::Kind::parity_broken, first.subject.venue, text, counts_.mismatches, 0});
    resync(text, out);
}

/// True once what was loaded is the chain's: everybody who owes is wanted, nearest first, and the first batch
/// must agree at the newest block. The others follow, each before it is acted on.
bool Engine::Core::loaded_is_proven(Output& out) {
    if (proof_ == Proof::none) return true;
    if (readiness_.has(NotReady::catching_up)) return false;
    if (proof_ == Proof::due) {
        proof_ = Proof::asked;
        ask_prices(newest(), out);
        for (VenueId id = 0; id < venues_.size(); ++id)
            want_debtors(id);
    }
    ask_audits(out);
    if (audit_.idle()) proof_ = Proof::none;  // nobody owes anything
    return proof_ == Proof::none;
}

void Engine::Core::proof_answered(const Audit::Finding& found, Output& out) {
    if (found.conclusive) {
        proof_ = Proof::none;
        return become_ready(out);
    }
    if (++failed_proofs_ >= kMostProofs) resync("the snapshot could not be proven: " + found.why, out);
}

Readiness Engine::Core::readiness() const {
    Readiness out = readiness_;
    const bool behind = state_ == EngineState::ready && queue_.front() != nullptr;
    if (state_ != EngineState::ready) out.set(once_ready_ ? NotReady::catching_up : NotReady::starting);
    if (behind) out.set(NotReady::catching_up);
    if (parity_broken_) out.set(NotReady::parity_broken);
    return out;
}

}  // namespace plimsoll::strategy
