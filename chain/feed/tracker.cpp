// SPDX-License-Identifier: Apache-2.0
#include "chain/feed/tracker.hpp"

#include <algorithm>
#include <utility>

// Which chain is followed. tracker_chain.cpp holds it, tracker_fetch.cpp asks for what is missing,
// tracker_logs.cpp says how its blocks get their logs.
namespace plimsoll::feed {
namespace {

constexpr std::size_t kSpareHeaders = 256;  // kept beside those of the branches, so that a way back is free

}  // namespace

void Tracker::on_head(const rpc::Header& header, ReceiveTime received, SourceId id) {
    Source& source = sources_.at(id);
    const TimedHeader told{header, received, id};
    newest_input_ = received;
    newest_source_ = id;
    count_head(source, told.head());
    source.highest = std::max(source.highest, told.head().number);
    source.view = told;
    source.doubtful = false;
    source.newest_ticket = 0;  // an answer from before it said this would be older
    if (contradicts(told)) {
        doubt(source);
    } else {
        if (source.reach == Reach::lost) source.reach = Reach::none;
        const bool gap = source.path.empty() && newest() != nullptr &&
                         on_chain(told.head().hash) == nullptr && newest()->hash != told.head().parent_hash;
        if (gap) ++counters_.gaps;
        locate(source);
    }
    settle();
}

/// Nothing is known of where this source stands until it tells another head.
void Tracker::doubt(Source& source) {
    source.path.clear();
    source.reach = Reach::lost;
    source.doubtful = true;
}

void Tracker::accuse(SourceId source, bool proven, std::string what) {
    ++counters_.lies;
    lies_.push_back(Lie{source, proven, std::move(what)});
}

void Tracker::count_head(const Source& source, const Head& head) {
    const bool again = source.view && head.number < source.view->head().number;
    if (again) ++counters_.went_back;
    const bool known = on_chain(head.hash) != nullptr || pool_.find(head.hash) != nullptr;
    if (!known) {
        ++counters_.heads;
    } else if (head.number > source.highest) {
        ++counters_.confirmed_heads;
    } else {
        ++counters_.duplicate_heads;
    }
}

/// The same hash with another content: one of the two that told it is wrong, and nobody can say who.
bool Tracker::contradicts(const TimedHeader& told) {
    const Head* known = on_chain(told.head().hash);
    if (known == nullptr) {
        const TimedHeader* const pooled = pool_.find(told.head().hash);
        known = pooled == nullptr ? nullptr : &pooled->head();
    }
    if (known == nullptr || same_block(*known, told.head())) return false;
    ++counters_.contradictions;
    return true;
}

/// Where the source's head is, seen from our chain.
void Tracker::locate(Source& source) {
    if (!source.view || source.doubtful) return;
    const TimedHeader& view = *source.view;
    if (on_chain(view.head().hash) != nullptr) {
        source.path.clear();
        source.reach = Reach::on_chain;
        return;
    }
    pool_.add(view);
    if (source.path.empty() || source.path.back() != view.head().hash) {
        if (!source.path.empty() && source.path.back() == view.head().parent_hash) {
            source.path.push_back(view.head().hash);
        } else {
            source.path.assign(1, view.head().hash);
            source.ahead_to = view.head().number.value;
        }
    }
    const Reach found = look_down(source);
    // A branch whose parent nobody had stays lost until its source tells more, unless it links after all.
    if (source.reach == Reach::lost && found == Reach::walking) return;
    source.reach = found;
}

/// After our chain has moved: what of the branch is on it now is no branch any more.
void Tracker::trim(Source& source) {
    std::size_t known = source.path.size();
    while (known > 0 && on_chain(source.path[known - 1]) == nullptr)
        --known;
    source.path.erase(source.path.begin(), source.path.begin() + static_cast<std::ptrdiff_t>(known));
}

/// Walks down the branch as far as headers are known.
Tracker::Reach Tracker::look_down(Source& source) {
    for (;;) {
        const TimedHeader bottom = *pool_.find(source.path.front());
        const Head& head = bottom.head();
        if (newest() == nullptr) return Reach::linked;
        const Head* parent = on_chain(head.parent_hash);
        const bool links = parent != nullptr;
        if (!links) {
            if (head.number <= oldest())
                return source.view->head().number < oldest() ? Reach::below : Reach::out_of_reach;
            if (head.number.value > newest()->number.value + params_.max_gap) return Reach::out_of_reach;
            const TimedHeader* const pooled = pool_.find(head.parent_hash);
            if (pooled == nullptr) return Reach::walking;
            parent = &pooled->head();
        }
        if (parent->number.next() != head.number) {
            if (source.reach == Reach::lost) return Reach::lost;  // and said so
            accuse(bottom.source, true,
                   "block " + to_string(head.hash) + " is told as number " +
                       std::to_string(head.number.value) + " on a parent " +
                       std::to_string(parent->number.value));
            return Reach::lost;
        }
        if (links) return Reach::linked;
        source.path.push_front(head.parent_hash);
    }
}

bool Tracker::trusted(const Source& source) const noexcept {
    if (!source.connected) return false;
    if (source.standing != Standing::distrusted) return true;
    return std::none_of(sources_.begin(), sources_.end(), [](const Source& other) {
        return other.connected && other.standing != Standing::distrusted;
    });
}

bool Tracker::anybody_on_chain() const noexcept {
    return std::any_of(sources_.begin(), sources_.end(), [this](const Source& source) {
        return trusted(source) && source.reach == Reach::on_chain;
    });
}

/// Whether the chain should move to the linked branch of this source.
bool Tracker::should_follow(const Source& source) const {
    if (newest() == nullptr) return true;
    const TimedHeader& bottom = *pool_.find(source.path.front());
    const Head& ancestor = *on_chain(bottom.head().parent_hash);
    if (ancestor.hash == newest()->hash) return true;
    Votes ours;
    Votes theirs;
    for (const Source& voter : sources_) {
        if (!trusted(voter)) continue;
        const bool on_ours = voter.reach == Reach::on_chain && voter.view->head().number > ancestor.number;
        const bool on_theirs = voter.reach == Reach::linked && voter.path.front() == bottom.head().hash;
        if (!on_ours && !on_theirs) continue;
        Votes& votes = on_ours ? ours : theirs;
        ++votes.any;
        if (voter.standing == Standing::alive) ++votes.alive;
    }
    if (ours.any == 0) return true;
    if (theirs.alive != ours.alive) return theirs.alive > ours.alive;
    return source.view->head().number > newest()->number;
}

/// Whether what this source stands on is the chain, though it cannot be linked to ours.
bool Tracker::should_resync(const Source& source) const {
    constexpr std::uint64_t kFarBelow = 5;
    const auto away = [this](const Source& other) {
        if (!trusted(other) || !other.view) return false;
        const bool far_below =
            other.reach == Reach::below && other.view->head().number.next(kFarBelow) < oldest();
        return far_below || other.reach == Reach::out_of_reach;
    };
    if (!away(source)) return false;
    const auto with_us = [this](const Source& other) {  // or may turn out to be
        return trusted(other) && (other.reach == Reach::on_chain || other.reach == Reach::linked ||
                                  other.reach == Reach::walking);
    };
    const auto ours = std::count_if(sources_.begin(), sources_.end(), with_us);
    if (ours == 0) return source.reach == Reach::out_of_reach;
    return std::count_if(sources_.begin(), sources_.end(), away) > ours;
}

/// One move of our chain, if one is due.
bool Tracker::choose() {
    for (Source& source : sources_) {
        if (source.reach != Reach::linked || !trusted(source) || !should_follow(source)) continue;
        follow(source);
        return true;
    }
    Source* best = nullptr;
    for (Source& source : sources_) {
        if (newest() == nullptr || !should_resync(source)) continue;
        if (best == nullptr || source.view->head().number > best->view->head().number) best = &source;
    }
    if (best == nullptr) return false;
    resync(*best);
    return true;
}

void Tracker::follow(Source& source) {
    const std::deque<Hash32> path = std::exchange(source.path, {});
    if (const Head* const tip = newest()) {
        const Hash32 ancestor = pool_.find(path.front())->head().parent_hash;
        if (ancestor != tip->hash) {
            ++counters_.reorgs;
            finality_.undone(on_chain(ancestor)->number.next());
            cut_queue_behind(ancestor);
            undo_sealed_behind(ancestor);
        }
    }
    for (const Hash32& hash : path) {
        const TimedHeader header = *pool_.find(hash);
        enqueue(header);
        queue_.back().forgotten = params_.defects.forget_gap && hash != path.back();
    }
    source.reach = Reach::on_chain;
}

/// Nothing links: undoes all that can be undone and begins anew at this source's head.
void Tracker::resync(Source& source) {
    ++counters_.resyncs;
    // Not for a long gap: there the blocks are only taken back because nobody asks for all between.
    const bool left = !source.path.empty() && pool_.find(source.path.front())->head().number <= oldest();
    if (left) finality_.undone(oldest());
    const TimedHeader base = *source.view;
    source.path.clear();
    cut_queue_behind(Hash32{});
    undo_sealed_behind(Hash32{});
    enqueue(base);
    source.reach = Reach::on_chain;
}

/// After every input: moves until nothing is better, then asks for what is missing.
void Tracker::settle() {
    for (std::size_t moves = 0; moves <= 2 * sources_.size(); ++moves) {
        if (!choose()) break;
        locate_all();
    }
    prune();
    ask_for_headers();
    ask_for_logs();
}

void Tracker::locate_all() {
    for (Source& source : sources_) {
        trim(source);
        locate(source);
    }
}

void Tracker::prune() {
    std::size_t in_use = 0;
    for (const Source& source : sources_)
        in_use += source.path.size();
    if (pool_.size() <= in_use + kSpareHeaders) return;
    std::vector<Hash32> wanted;
    for (const Source& source : sources_)
        wanted.insert(wanted.end(), source.path.begin(), source.path.end());
    pool_.keep_only(wanted);
}

void Tracker::set_standing(SourceId id, Standing standing) {
    Source& source = sources_.at(id);
    if (std::exchange(source.standing, standing) != standing) settle();
}

void Tracker::begin_at(const Head& base) {
    sealed_.clear();
    queue_.clear();
    undo_.clear();
    numbers_.clear();
    Sealed& given = sealed_.emplace_back();
    given.head = base;
    given.given = true;
    numbers_[base.hash] = base.number;
    locate_all();
    settle();
}

void Tracker::on_finalized(const Head& head) {
    finality_.told(head.number, head.hash);
    if (sealed_.empty() || head.number < sealed_.front().head.number) return;
    const std::uint64_t at = head.number.value - sealed_.front().head.number.value;
    if (at < sealed_.size()) finality_.compare(head.number, sealed_[at].head.hash);
}

bool Tracker::behind() const {
    constexpr std::size_t kUsualQueue = 2;
    if (queue_.size() > kUsualQueue) return true;
    const bool nobody = !anybody_on_chain();
    return std::any_of(sources_.begin(), sources_.end(), [this, nobody](const Source& source) {
        if (source.reach != Reach::walking || !trusted(source)) return false;
        return nobody || source.view->head().number > newest()->number;
    });
}

bool Tracker::caught_up() const {
    return queue_.empty() && undo_.empty() && !behind();
}

std::vector<SourceStand> Tracker::stands() const {
    std::vector<SourceStand> out;
    for (std::size_t i = 0; i < sources_.size(); ++i)
        out.push_back(stand_of(static_cast<SourceId>(i)));
    return out;
}

SourceStand Tracker::stand_of(SourceId source) const {
    const Source& one = sources_.at(source);
    SourceStand out;
    out.alive = one.connected && one.standing == Standing::alive;
    if (!one.view) return out;
    out.number = one.view->head().number;
    out.on = SourceStand::On::elsewhere;
    if (one.reach == Reach::below) out.on = SourceStand::On::below;
    if (one.reach == Reach::on_chain) out.on = SourceStand::On::our_chain;
    return out;
}

const Head* Tracker::head_of(SourceId source) const noexcept {
    const auto& view = sources_.at(source).view;
    return view ? &view->header.head : nullptr;
}

}  // namespace plimsoll::feed
