// SPDX-License-Identifier: Apache-2.0
#include "strategy/rank/selection.hpp"

#include <algorithm>
#include <queue>
#include <utility>

namespace plimsoll::strategy {

namespace {

struct Entry {
    Selected selected;
    std::uint32_t moves_then = 0;  // of its pools together, when it was appraised

    friend bool operator<(const Entry& a, const Entry& b) {
        const Opportunity& left = a.selected.appraisal.opportunity;
        const Opportunity& right = b.selected.appraisal.opportunity;
        if (left.net != right.net) return left.net < right.net;
        return std::pair{b.selected.candidate.venue, b.selected.candidate.account} <
               std::pair{a.selected.candidate.venue, a.selected.candidate.account};
    }
};

class Greedy {
  public:
    Greedy(MovedPools& moved, std::size_t limit) : moved_{moved}, limit_{limit} {}

    void offer(const Candidate& candidate) {
        Entry entry{{candidate, candidate.appraiser->best(candidate.account, moved_)}, 0};
        if (entry.selected.appraisal.reason != Reason::none) {
            left_.push_back(std::move(entry.selected));
            return;
        }
        entry.moves_then = moves(entry.selected.appraisal.path);
        queue_.push(std::move(entry));
    }

    std::vector<Selected> run() {
        while (!queue_.empty()) {
            Entry entry = queue_.top();
            queue_.pop();
            if (moves(entry.selected.appraisal.path) != entry.moves_then) {
                offer(entry.selected.candidate);
                continue;
            }
            take(std::move(entry.selected));
        }
        taken_.insert(taken_.end(), std::make_move_iterator(left_.begin()),
                      std::make_move_iterator(left_.end()));
        return std::move(taken_);
    }

  private:
    [[nodiscard]] std::uint32_t moves(const ExitPath& path) const {
        std::uint32_t out = 0;
        for (std::size_t i = 0; i < path.count; ++i)
            out += moved_.times(path.directions.at(i));
        return out;
    }

    void take(Selected selected) {
        if (taken_.size() >= limit_) {
            selected.appraisal.reason = Reason::spend_budget;
            left_.push_back(std::move(selected));
            return;
        }
        const Appraisal& appraisal = selected.appraisal;
        selected.candidate.appraiser->pools().take(appraisal.path, appraisal.opportunity.quote.seized,
                                                   moved_);
        taken_.push_back(std::move(selected));
    }

    MovedPools& moved_;
    std::size_t limit_;
    std::priority_queue<Entry> queue_;
    std::vector<Selected> taken_;
    std::vector<Selected> left_;
};

}  // namespace

std::vector<Selected> select(std::span<const Candidate> candidates, MovedPools& moved, std::size_t limit) {
    Greedy greedy{moved, limit};
    for (const Candidate& candidate : candidates)
        greedy.offer(candidate);
    return greedy.run();
}

}  // namespace plimsoll::strategy
