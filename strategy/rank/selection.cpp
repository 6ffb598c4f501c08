// SPDX-License-Identifier: Apache-2.0
#include "strategy/rank/selection.hpp"

#include <algorithm>
#include <optional>
#include <queue>
#include <utility>

namespace plimsoll::strategy {

namespace {

/// Net value per gas, in 2^-32 of the unit; a loss is worth nothing.
U256 value_per_gas(const Opportunity& opportunity) {
    constexpr unsigned kFraction = 32;
    const U256& net = opportunity.net.magnitude.raw();
    if (opportunity.net.negative || opportunity.gas.value == 0) return U256{};
    if (net.bit_width() + kFraction > 256) return U256::max();
    return (net << kFraction) / U256{opportunity.gas.value};
}

struct Entry {
    Selected selected;
    std::uint32_t moves_then = 0;  // of its pools together, when it was appraised
    U256 per_gas{};

    friend bool operator<(const Entry& a, const Entry& b) {
        const Opportunity& left = a.selected.appraisal.opportunity;
        const Opportunity& right = b.selected.appraisal.opportunity;
        if (a.per_gas != b.per_gas) return a.per_gas < b.per_gas;
        if (left.net != right.net) return left.net < right.net;
        return std::pair{b.selected.candidate.venue, b.selected.candidate.account} <
               std::pair{a.selected.candidate.venue, a.selected.candidate.account};
    }
};

/// What a transaction may cost; nothing if that is beyond all amounts.
std::optional<Wei> spending(Gas gas, const Wei& price, const Wei& data_fee) {
    try {
        return plimsoll::cost(gas, price) + DataFees::most(data_fee);
    } catch (const ArithmeticError&) {
        return std::nullopt;
    }
}

class Greedy {
  public:
    Greedy(MovedPools& moved, const SelectionLimits& limits) : moved_{moved}, left_of_{limits} {}

    void offer(const Candidate& candidate) {
        Entry entry{{candidate, candidate.appraiser->best(candidate.account, moved_)}};
        if (entry.selected.appraisal.reason != Reason::none) {
            left_.push_back(std::move(entry.selected));
            return;
        }
        entry.moves_then = moves(entry.selected.appraisal.path);
        entry.per_gas = value_per_gas(entry.selected.appraisal.opportunity);
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

    /// Why it goes beyond the limits; what fits is taken off them.
    [[nodiscard]] Reason charge(const Opportunity& opportunity) {
        const Gas gas = gas_limit_of(opportunity.gas, left_of_.gas_limit_factor);
        const std::optional<Wei> least = spending(gas, left_of_.least_price, opportunity.data_fee);
        if (!least || *least > left_of_.each) return Reason::spend_per_tx;
        if (left_of_.count == 0) return left_of_.crowded;
        if (gas > left_of_.gas) return Reason::spend_budget;
        const std::optional<Wei> most = spending(gas, left_of_.price, opportunity.data_fee);
        const Wei charged = std::min(most.value_or(left_of_.each), left_of_.each);
        if (charged > left_of_.cost) return left_of_.poor;
        --left_of_.count;
        left_of_.gas.value -= gas.value;
        left_of_.cost -= charged;
        return Reason::none;
    }

    void take(Selected selected) {
        const Reason beyond = charge(selected.appraisal.opportunity);
        if (beyond != Reason::none) {
            selected.appraisal.reason = beyond;
            left_.push_back(std::move(selected));
            return;
        }
        const Appraisal& appraisal = selected.appraisal;
        if (!queue_.empty()) {
            selected.candidate.appraiser->pools().take(appraisal.path, appraisal.opportunity.quote.seized,
                                                       moved_);
        }
        taken_.push_back(std::move(selected));
    }

    MovedPools& moved_;
    SelectionLimits left_of_;
    std::priority_queue<Entry> queue_;
    std::vector<Selected> taken_;
    std::vector<Selected> left_;
};

}  // namespace

Gas gas_limit_of(Gas gas, BasisPoints factor) {
    constexpr std::uint64_t kBasisPoints = 10'000;
    return Gas{gas.value * factor.value / kBasisPoints};
}

std::vector<Selected> select(std::span<const Candidate> candidates, MovedPools& moved,
                             const SelectionLimits& limits) {
    Greedy greedy{moved, limits};
    for (const Candidate& candidate : candidates)
        greedy.offer(candidate);
    return greedy.run();
}

}  // namespace plimsoll::strategy
