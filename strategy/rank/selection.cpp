// SPDX-License-Identifier: Apache-2.0
#include "strategy/rank/selection.hpp"

#include <algorithm>
#include <queue>
#include <utility>

namespace plimsoll::strategy {

namespace {

struct Entry {
    Selected selected;
    TokenAmount consumed_then;  // of its direction, when it was appraised

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
    Greedy(Consumption& consumed, std::size_t limit) : consumed_{consumed}, limit_{limit} {}

    void offer(const Candidate& candidate) {
        Entry entry{{candidate, candidate.appraiser->best(candidate.account, consumed_)}, {}};
        if (entry.selected.appraisal.reason != Reason::none) {
            left_.push_back(std::move(entry.selected));
            return;
        }
        if (entry.selected.appraisal.direction)
            entry.consumed_then = consumed_.of(*entry.selected.appraisal.direction);
        queue_.push(std::move(entry));
    }

    std::vector<Selected> run() {
        while (!queue_.empty()) {
            Entry entry = queue_.top();
            queue_.pop();
            const auto direction = entry.selected.appraisal.direction;
            if (direction && consumed_.of(*direction) != entry.consumed_then) {
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
    void take(Selected selected) {
        if (taken_.size() >= limit_) {
            selected.appraisal.reason = Reason::spend_budget;
            left_.push_back(std::move(selected));
            return;
        }
        if (selected.appraisal.direction)
            consumed_.add(*selected.appraisal.direction, selected.appraisal.opportunity.quote.seized);
        taken_.push_back(std::move(selected));
    }

    Consumption& consumed_;
    std::size_t limit_;
    std::priority_queue<Entry> queue_;
    std::vector<Selected> taken_;
    std::vector<Selected> left_;
};

}  // namespace

std::vector<Selected> select(std::span<const Candidate> candidates, Consumption& consumed,
                             std::size_t limit) {
    Greedy greedy{consumed, limit};
    for (const Candidate& candidate : candidates)
        greedy.offer(candidate);
    return greedy.run();
}

}  // namespace plimsoll::strategy
