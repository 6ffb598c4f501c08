// SPDX-License-Identifier: Apache-2.0
#include "strategy/audit.hpp"

#include "chain/codec/abi_reader.hpp"
#include "chain/codec/multicall.hpp"

#include <algorithm>
#include <utility>

namespace plimsoll::strategy {

namespace {

constexpr std::size_t kMostRequests = 8;    // without an answer
constexpr std::size_t kMostAccounts = 250;  // in one request: each may take half a million gas

std::optional<U256> word_at(const codec::CallResult& answer, std::size_t place) {
    codec::AbiReader reader{answer.data};
    reader.skip(place);
    const U256 out = reader.u256();
    if (!answer.success || !reader.ok()) return std::nullopt;
    return out;
}

}  // namespace

void Audit::reset() {
    for (VenueBook& book : books_)
        book = VenueBook{};
    requests_.clear();
    waiting_ = 0;
    asked_here_ = 0;
    at_ = Hash32{};
    urgent_ = stuck_ = false;
}

Audit::VenueBook& Audit::book_with(const Subject& subject) {
    VenueBook& book = books_[subject.venue];
    while (book.proven.size() <= subject.account) {
        book.proven.push_back(0);
        book.waits.push_back(0);
    }
    return book;
}

void Audit::prove(const Subject& subject, std::uint32_t version) {
    book_with(subject).proven[subject.account] = after(version);
}

bool Audit::proven(const Subject& subject, std::uint32_t version) const {
    const VenueBook& book = books_[subject.venue];
    if (subject.account >= book.proven.size() || book.proven[subject.account] == 0) return false;
    return book.proven[subject.account] == after(version);
}

void Audit::want(const Subject& subject, Urgency urgency) {
    VenueBook& book = book_with(subject);
    std::uint8_t& waits = book.waits[subject.account];
    const auto place = static_cast<std::uint8_t>(urgency);
    if (waits != 0 && waits <= place + 1) return;
    if (waits == 0) ++waiting_;  // otherwise its older place is passed over
    waits = static_cast<std::uint8_t>(place + 1);
    book.queues.at(place).push_back(subject.account);
    urgent_ = urgent_ || urgency == Urgency::at_once;
}

/// What this block's allowance covers.
std::vector<std::pair<AccountId, Audit::Urgency>> Audit::take(VenueBook& book) {
    std::vector<std::pair<AccountId, Urgency>> out;
    for (std::size_t place = 0; place < kUrgencies; ++place) {
        std::deque<AccountId>& queue = book.queues.at(place);
        const std::uint32_t most = place == 0 ? 2 * per_block_ : per_block_;
        while (!queue.empty() && asked_here_ < most && out.size() < kMostAccounts) {
            const AccountId account = queue.front();
            queue.pop_front();
            if (book.waits[account] != place + 1) continue;
            book.waits[account] = 0;
            --waiting_;
            ++asked_here_;
            out.emplace_back(account, static_cast<Urgency>(place));
        }
    }
    return out;
}

void Audit::ask(const Head& at, Venues venues, const NextReadId& next_id, std::vector<ReadRequest>& out) {
    if (at.hash != at_) {
        at_ = at.hash;
        asked_here_ = 0;
        stuck_ = false;
    }
    urgent_ = false;
    if (stuck_ || waiting_ == 0) return;
    for (VenueId id = 0; id < venues.size(); ++id) {
        while (requests_.size() < kMostRequests && ask_venue(id, at, *venues[id], next_id, out)) {
        }
    }
}

/// False if there was nothing to ask.
bool Audit::ask_venue(VenueId id, const Head& at, const Venue& venue, const NextReadId& next_id,
                      std::vector<ReadRequest>& out) {
    const auto chosen = take(books_[id]);
    if (chosen.empty()) return false;
    Request request{id, at, {}, {}};
    std::vector<Expectation> told;
    for (const auto& [account, urgency] : chosen) {
        if (account >= venue.account_count()) continue;  // undone since
        const auto asking = books_[id].asking.find(account);
        if (asking != books_[id].asking.end() && asking->second == venue.account_version(account)) continue;
        told.clear();
        venue.expectations({&account, 1}, told);
        for (Expectation& one : told)
            request.accounts.push_back(Asked{std::move(one), urgency});
        // Its price is still being read; else it cannot be known at all, and is not acted on either.
        if (told.empty() && venue.prices_pending()) want({id, account}, urgency);
    }
    if (request.accounts.empty()) return false;
    venue.premises(request.premises);
    std::vector<Call> calls;
    for (const Premise& premise : request.premises)
        calls.push_back(premise.call);
    for (const Asked& one : request.accounts) {
        calls.push_back(one.what.call);
        books_[id].asking[one.what.account] = one.what.version;
    }
    const ReadId read = next_id();
    out.push_back(ReadRequest{read, at.hash, std::move(calls)});
    requests_.emplace(read, std::move(request));
    return true;
}

void Audit::put_back(const Request& request) {
    stuck_ = true;
    for (const Asked& one : request.accounts)
        want({request.venue, one.what.account}, one.urgency);
}

Audit::Finding Audit::accept(const ReadResult& result) {
    const auto found = requests_.find(result.id);
    const Request request = std::move(found->second);
    requests_.erase(found);
    for (const Asked& one : request.accounts)
        books_[request.venue].asking.erase(one.what.account);
    Finding out;
    if (result.bytes) {
        out = compare(request, *result.bytes);
    } else {
        out.why = result.bytes.error().context;
    }
    if (!out.conclusive && out.mismatches == 0) put_back(request);
    return out;
}

Audit::Finding Audit::compare(const Request& request, BytesView answer) {
    Finding out;
    const auto answers = codec::decode_aggregate3(answer);
    if (!answers || answers->size() != request.premises.size() + request.accounts.size()) {
        out.why = "accounts compared with missing answers";
        return out;
    }
    for (std::size_t i = 0; i < request.premises.size(); ++i) {
        if (word_at((*answers)[i], 0).value_or(U256{}) == request.premises[i].value) continue;
        out.why = "a price differs from the oracle's";
        return out;
    }
    out.conclusive = true;
    for (std::size_t i = 0; i < request.accounts.size(); ++i) {
        const Expectation& ours = request.accounts[i].what;
        const codec::CallResult& theirs = (*answers)[request.premises.size() + i];
        const Subject subject{request.venue, ours.account};
        if (!theirs.success) continue;  // the market cannot say, so it would not liquidate either
        bool same = true;
        for (const ExpectedWord& word : ours.words) {
            const U256 said = word_at(theirs, word.place).value_or(U256{});
            if (said == word.value) continue;
            same = false;
            if (!out.first)
                out.first = Mismatch{subject, std::string{word.term}, word.value, said, request.at};
            break;
        }
        ++out.compared;
        if (same) prove(subject, ours.version);
        out.mismatches += same ? 0U : 1U;
    }
    return out;
}

}  // namespace plimsoll::strategy
