// SPDX-License-Identifier: Apache-2.0
// The model of the journal: what it holds after a crash, and what must hold of all rows together.
#include "tests/unit/signer/scheduler_world.hpp"
#include "tests/unit/signer/storm.hpp"

#include <algorithm>

namespace plimsoll::signer {

namespace {

std::string describe(const AttemptRow& row) {
    return "attempt " + std::to_string(row.id) + " (" + std::string{to_string(row.purpose)} + ", nonce " +
           std::to_string(row.nonce.value) + ", intent " + std::to_string(row.intent_id) + ", " +
           std::string{to_string(row.status)} + ", " + to_decimal(row.fee.max_fee_per_gas.raw()) + ")";
}

bool is_open(const AttemptRow& row) {
    return !is_final(row.status);
}

bool is_newest(AttemptStatus status) {
    return status >= AttemptStatus::signed_ && status <= AttemptStatus::seen;
}

}  // namespace

JournalState Storm::load() const {
    JournalState state;
    for (const auto& [id, row] : journal_) {
        state.next_attempt = std::max(state.next_attempt, id + 1);
        if (is_open(row)) state.open.push_back(row);
        if (row.status != AttemptStatus::dropped)
            state.highest_nonce = std::max(state.highest_nonce.value_or(Nonce{}), row.nonce);
        if (is_final(row.status) && row.status != AttemptStatus::dropped)
            state.highest_landed = std::max(state.highest_landed.value_or(Nonce{}), row.nonce);
    }
    std::sort(state.open.begin(), state.open.end(), [](const AttemptRow& a, const AttemptRow& b) {
        return std::pair{a.nonce, a.id} < std::pair{b.nonce, b.id};
    });
    state.loose = loose();
    if (!intents_.empty()) state.next_intent = intents_.rbegin()->first + 1;
    state.reserved = reserved_;
    return state;
}

/// By the rows alone: had an attempt that left, has none that is open and no last word.
std::vector<LooseIntent> Storm::loose() const {
    std::map<std::uint64_t, LooseIntent> out;
    for (const auto& [id, row] : journal_) {
        const bool counts = row.intent_id != 0 && row.status != AttemptStatus::dropped;
        if (!counts || ended_.contains(row.intent_id) || has_open(row.intent_id)) continue;
        LooseIntent one{row.intent_id, row.key, row.last_block, {}, {}};
        for (const AttemptRow& landed : node_.landed()) {
            if (landed.nonce != row.nonce) continue;
            const auto receipt = node_.receipt(landed.hash);
            one.block_hash = receipt->block_hash;
            one.block_number = receipt->block_number;
        }
        out.insert_or_assign(row.intent_id, one);
    }
    std::vector<LooseIntent> all;
    for (const auto& entry : out)
        all.push_back(entry.second);
    return all;
}

bool Storm::has_open(std::uint64_t intent) const {
    return std::any_of(journal_.begin(), journal_.end(), [intent](const auto& entry) {
        return entry.second.intent_id == intent && is_open(entry.second);
    });
}

void Storm::check_beside(const AttemptRow& row, const AttemptRow& other) {
    const bool landed = other.status == AttemptStatus::confirmed || other.status == AttemptStatus::reverted;
    if (other.nonce == row.nonce && other.status != AttemptStatus::dropped) {
        require(!is_final(other.status), "a consumed nonce takes no attempt");
        const bool raised =
            row.fee.max_fee_per_gas >= fees::bumped(other.fee.max_fee_per_gas) &&
            row.fee.max_priority_fee_per_gas >= fees::bumped(other.fee.max_priority_fee_per_gas);
        const bool one_set = row.status == AttemptStatus::armed && other.status == AttemptStatus::armed;
        require(raised || one_set || !ever_sent_.contains(other.id),
                "a replacement raises both fields by the rule: " + describe(other) + " and then " +
                    describe(row));
        const auto intent = intents_.find(other.intent_id);
        const bool over = intent == intents_.end() || intent->second.last_block <= node_.head().number ||
                          unwanted_.contains(other.intent_id);
        require(other.intent_id == row.intent_id || row.status == AttemptStatus::armed || over,
                "a nonce takes another intent only when the one before is not wanted any more: " +
                    describe(other) + " and then " + describe(row));
    }
    if (row.intent_id == 0 || other.intent_id == 0) return;
    if (other.key == row.key && other.intent_id != row.intent_id)
        require(!is_open(other), "a key has one intent that is not final");
    if (other.intent_id == row.intent_id && other.nonce != row.nonce)
        require(!is_open(other) && !landed, "an intent is under way at one nonce only");
}

void Storm::check_row(const AttemptRow& row) {
    require(row.fee.max_fee_per_gas <= to_wei(Gwei{100}), "no fee is above the cap");
    require(reserved_ && row.nonce <= *reserved_, "a nonce is reserved before it is used");
    for (const auto& [id, other] : journal_)
        require(other.hash != row.hash || other.status == AttemptStatus::dropped,
                "the same bytes are one attempt: " + describe(other));
    require(row.intent_id == 0 || !ended_.contains(row.intent_id), "an ended intent has ended");
    for (const auto& entry : journal_)
        check_beside(row, entry.second);
}

void Storm::flush_journal(std::size_t most) {
    for (; most > 0 && !disk_queue_.empty(); --most) {
        const std::vector<JournalEntry> stroke = std::move(disk_queue_.front());
        disk_queue_.pop_front();
        for (const JournalEntry& entry : stroke)
            make_durable(entry);
    }
}

void Storm::make_durable(const JournalEntry& entry) {
    if (const auto* reserve = std::get_if<ReserveNonces>(&entry)) {
        require(!reserved_ || *reserved_ < reserve->through, "a reservation never goes back");
        reserved_ = reserve->through;
        feed(Reserved{reserve->through});
    } else if (const auto* made = std::get_if<InsertAttempt>(&entry)) {
        insert(made->row);
    } else if (const auto* changed = std::get_if<UpdateAttempt>(&entry)) {
        update(*changed);
    } else if (const auto* ended = std::get_if<EndIntent>(&entry)) {
        end(*ended);
    }
}

void Storm::insert(const AttemptRow& row) {
    check_row(row);
    for (auto& known : journal_) {
        AttemptRow& other = known.second;
        const bool live = is_newest(other.status) || other.status == AttemptStatus::reorged;
        if (other.nonce == row.nonce && live && row.status != AttemptStatus::armed)
            other.status = AttemptStatus::superseded;
    }
    journal_[row.id] = row;
    feed(Persisted{row.id});
}

void Storm::update(const UpdateAttempt& entry) {
    AttemptRow& row = journal_.at(entry.id);
    require(is_open(row), "a final state is final");
    if (entry.status == AttemptStatus::dropped)
        require(!ever_sent_.contains(entry.id) &&
                    (row.status == AttemptStatus::armed || row.status == AttemptStatus::signed_),
                "only the unsent is dropped");
    const bool back = entry.status == AttemptStatus::sent || entry.status == AttemptStatus::seen ||
                      entry.status == AttemptStatus::maybe_sent;
    require(!back || row.status < entry.status || row.status == AttemptStatus::reorged,
            "progress is forward only: " + describe(row) + " to " + std::string{to_string(entry.status)});
    row.status = entry.status;
    if (entry.first_head) row.first_head = *entry.first_head;
    const auto newest = std::count_if(journal_.begin(), journal_.end(), [&row](const auto& known) {
        return known.second.nonce == row.nonce && is_newest(known.second.status);
    });
    require(newest <= 1, "one attempt of a nonce is the newest");
    const auto landed = std::count_if(journal_.begin(), journal_.end(), [&row](const auto& known) {
        const AttemptStatus status = known.second.status;
        return known.second.nonce == row.nonce && status >= AttemptStatus::mined &&
               status <= AttemptStatus::reverted && status != AttemptStatus::reorged;
    });
    require(landed <= 1, "one attempt of a nonce landed, not also " + describe(row));
}

void Storm::end(const EndIntent& entry) {
    require(!has_open(entry.intent_id), "an intent ends when nothing of it may land");
    require(!entry.block_hash.is_zero(), "an end names its block");
    require(ended_.emplace(entry.intent_id, entry).second, "an intent ends once");
    const bool carried_out = std::any_of(journal_.begin(), journal_.end(), [&entry](const auto& known) {
        return known.second.intent_id == entry.intent_id && known.second.purpose == Purpose::execute &&
               known.second.status == AttemptStatus::confirmed;
    });
    require(carried_out == (entry.kind == OutcomeKind::confirmed), "an end is what the rows say");
}

}  // namespace plimsoll::signer
