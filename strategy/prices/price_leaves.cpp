// SPDX-License-Identifier: Apache-2.0
#include "strategy/prices/price_leaves.hpp"

#include <algorithm>
#include <type_traits>
#include <utility>

namespace plimsoll::strategy {

namespace {

constexpr std::size_t kAnswerTopic = 1;

Answer answer_in(const Log& log) noexcept {
    const U256 word = log.topics[kAnswerTopic].as_u256();
    return word.bit(255) ? Answer{} : Answer{word};
}

bool tells_answer(const Log& log) noexcept {
    return !log.removed && log.topic_count > kAnswerTopic && log.topic0() == kAnswerUpdated;
}

}  // namespace

bool PriceLeaves::polled(ReserveId leaf) const noexcept {
    return leaves_[leaf].source.kind == SourceKind::polled || leaves_[leaf].distrusted ||
           leaves_[leaf].silent;
}

bool PriceLeaves::pending() const noexcept {
    for (std::size_t i = 0; i < leaves_.size(); ++i) {
        if (polled(static_cast<ReserveId>(i)) && leaves_[i].read_at != newest_) return true;
    }
    return false;
}

std::vector<Address> PriceLeaves::aggregators() const {
    std::vector<Address> out;
    for (const AggregatorAnswer& state : answers_)
        out.push_back(state.aggregator);
    return out;
}

void PriceLeaves::link_leaves() {
    hanging_.assign(answers_.size(), {});
    for (std::size_t i = 0; i < leaves_.size(); ++i) {
        const Leaf& leaf = leaves_[i];
        const auto id = static_cast<ReserveId>(i);
        if (leaf.first != kNone) hanging_[leaf.first].push_back(id);
        if (leaf.second != kNone && leaf.second != leaf.first) hanging_[leaf.second].push_back(id);
    }
}

void PriceLeaves::answers_of(ReserveId leaf, std::vector<AggregatorAnswer>& out) const {
    if (polled(leaf)) return;
    out.push_back(answers_[leaves_[leaf].first]);
    if (leaves_[leaf].second != kNone) out.push_back(answers_[leaves_[leaf].second]);
}

Usd PriceLeaves::computed(const Leaf& leaf, std::span<const AggregatorAnswer> answers) {
    const U256& first = answers[leaf.first].answer.value;
    if (leaf.source.kind == SourceKind::feed) return Usd{first};
    try {
        const U256& second = answers[leaf.second].answer.value;
        return Usd{first * second * leaf.source.multiplier / leaf.source.denominator};
    } catch (const ArithmeticError&) {
        return Usd{};  // the adapter itself would revert
    }
}

std::uint32_t PriceLeaves::answer_index(const Address& aggregator,
                                        const std::unordered_map<Address, Answer>& answers) {
    const auto [place, fresh] =
        answer_of_.try_emplace(aggregator, static_cast<std::uint32_t>(answers_.size()));
    if (fresh) {
        const auto known = answers.find(aggregator);
        answers_.push_back({aggregator, known == answers.end() ? Answer{} : known->second});
    }
    return place->second;
}

void PriceLeaves::reset(const Hash32& block, std::vector<PriceSource> sources, PriceVector prices,
                        const std::unordered_map<Address, Answer>& answers) {
    leaves_.clear();
    answers_.clear();
    answer_of_.clear();
    journal_.clear();
    demoted_ = 0;
    newest_ = block;
    prices_ = std::move(prices);
    for (PriceSource& source : sources) {
        Leaf leaf;
        leaf.source = std::move(source);
        leaf.read_at = block;
        if (leaf.source.kind != SourceKind::polled) leaf.first = answer_index(leaf.source.first, answers);
        if (leaf.source.kind == SourceKind::product) leaf.second = answer_index(leaf.source.second, answers);
        leaves_.push_back(std::move(leaf));
    }
    link_leaves();
    for (std::size_t i = 0; i < leaves_.size(); ++i) {
        const auto id = static_cast<ReserveId>(i);
        if (polled(id)) continue;
        if (prices_[i].is_zero() || computed(leaves_[i], answers_) != prices_[i]) demote(id);
    }
}

void PriceLeaves::begin(const Hash32& block) {
    journal_.begin(block);
    journal_.record(OldNewest{newest_});
    newest_ = block;
}

void PriceLeaves::demote(ReserveId leaf) {
    leaves_[leaf].distrusted = true;
    ++demoted_;
}

void PriceLeaves::set_price(ReserveId leaf, const Usd& price, std::vector<ReserveId>& moved) {
    if (prices_[leaf] == price) return;
    journal_.record(OldPrice{leaf, prices_[leaf]});
    prices_[leaf] = price;
    if (std::find(moved.begin(), moved.end(), leaf) == moved.end()) moved.push_back(leaf);
}

void PriceLeaves::set_silent(ReserveId leaf) {
    if (leaves_[leaf].silent) return;
    journal_.record(OldSilent{leaf, false});
    leaves_[leaf].silent = true;
}

void PriceLeaves::recompute(ReserveId leaf, std::vector<ReserveId>& moved) {
    const Usd price = computed(leaves_[leaf], answers_);
    // Without a positive answer the oracle asks its fallback; only a reading tells what that says.
    if (price.is_zero()) return set_silent(leaf);
    set_price(leaf, price, moved);
}

void PriceLeaves::apply(const Log& log, std::vector<ReserveId>& moved) {
    if (!tells_answer(log)) return;
    const auto known = answer_of_.find(log.address);
    if (known == answer_of_.end()) return;
    const std::uint32_t index = known->second;
    journal_.record(OldAnswer{index, answers_[index].answer});
    answers_[index].answer = answer_in(log);
    for (const ReserveId id : hanging_[index]) {
        if (!polled(id)) recompute(id, moved);
    }
}

void PriceLeaves::source_replaced(ReserveId leaf) {
    set_silent(leaf);
}

void PriceLeaves::read(std::span<const ReadPrice> answers, std::vector<ReserveId>& moved) {
    for (const ReadPrice& answer : answers) {
        if (!polled(answer.leaf)) {
            if (prices_[answer.leaf] == answer.price) continue;
            demote(answer.leaf);
        }
        set_price(answer.leaf, answer.price, moved);
        journal_.record(OldReading{answer.leaf, leaves_[answer.leaf].read_at});
        leaves_[answer.leaf].read_at = newest_;
    }
}

void PriceLeaves::restore(const Old& old) {
    std::visit(
        [this](const auto& entry) {
            using T = std::decay_t<decltype(entry)>;
            if constexpr (std::is_same_v<T, OldAnswer>) {
                answers_[entry.index].answer = entry.value;
            } else if constexpr (std::is_same_v<T, OldPrice>) {
                prices_[entry.leaf] = entry.value;
            } else if constexpr (std::is_same_v<T, OldSilent>) {
                leaves_[entry.leaf].silent = entry.value;
            } else if constexpr (std::is_same_v<T, OldReading>) {
                leaves_[entry.leaf].read_at = entry.value;
            } else {
                newest_ = entry.block;
            }
        },
        old);
}

Undo PriceLeaves::undo(const Hash32& block) {
    return journal_.undo(block, [this](const Old& old) { restore(old); });
}

/// Moves the prices that hang on one answer.
void PriceLeaves::suppose(std::uint32_t index, std::span<const AggregatorAnswer> answers, PriceVector& prices,
                          std::vector<ReserveId>& moved) const {
    for (const ReserveId id : hanging_[index]) {
        if (polled(id)) continue;
        const Usd price = computed(leaves_[id], answers);
        if (price == prices[id]) continue;
        prices[id] = price;
        if (std::find(moved.begin(), moved.end(), id) == moved.end()) moved.push_back(id);
    }
}

std::vector<ReserveId> PriceLeaves::what_if(std::span<const Log> logs, PriceVector& prices) const {
    std::vector<ReserveId> moved;
    bool any = false;
    for (const Log& log : logs) {
        if (!tells_answer(log)) continue;
        const auto known = answer_of_.find(log.address);
        if (known == answer_of_.end()) continue;
        if (!std::exchange(any, true)) supposed_ = answers_;
        supposed_[known->second].answer = answer_in(log);
        suppose(known->second, supposed_, prices, moved);
    }
    return moved;
}

std::vector<ReserveId> PriceLeaves::what_if(const Address& aggregator, const Answer& answer,
                                            PriceVector& prices) const {
    std::vector<ReserveId> moved;
    const auto known = answer_of_.find(aggregator);
    if (known == answer_of_.end()) return moved;
    supposed_ = answers_;
    supposed_[known->second].answer = answer;
    suppose(known->second, supposed_, prices, moved);
    return moved;
}

}  // namespace plimsoll::strategy
