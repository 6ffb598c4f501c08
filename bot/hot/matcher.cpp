// SPDX-License-Identifier: Apache-2.0
#include "bot/hot/matcher.hpp"

#include "strategy/prices/price_leaves.hpp"

#include <algorithm>
#include <utility>

namespace plimsoll::bot {

void Matcher::take(std::shared_ptr<ArmedTable> table) noexcept {
    table_ = std::move(table);
    count_moved();
}

void Matcher::count_moved() noexcept {
    moved_ = 0;
    if (!table_ || table_->block() != block_) return;
    if (answered_count_ > answered_.size()) moved_ = ~std::uint64_t{0};
    for (std::size_t i = 0; i < std::min(answered_count_, answered_.size()); ++i) {
        if (const auto place = table_->place_of(answered_[i])) moved_ |= std::uint64_t{1} << *place;
    }
}

void Matcher::note_answer(const Log& log) noexcept {
    if (log.block_number != block_) {
        block_ = log.block_number;
        answered_count_ = 0;
        moved_ = 0;
    }
    const auto end =
        answered_.begin() + static_cast<std::ptrdiff_t>(std::min(answered_count_, answered_.size()));
    if (std::find(answered_.begin(), end, log.address) != end) return;
    if (answered_count_ < answered_.size()) answered_[answered_count_] = log.address;
    if (answered_count_ <= answered_.size()) ++answered_count_;
    count_moved();
}

std::optional<std::uint32_t> Matcher::match(const Log& log) noexcept {
    if (log.topic_count < 2 || log.topic0() != strategy::kAnswerUpdated) return std::nullopt;
    if (log.removed) {
        table_.reset();
        return std::nullopt;
    }
    note_answer(log);
    if (!table_ || log.block_number != table_->block()) return std::nullopt;
    const auto place = table_->place_of(log.address);
    if (!place) return std::nullopt;
    const std::uint64_t own = std::uint64_t{1} << *place;
    const U256 answer = log.topics[1].as_u256();  // one below zero is beyond all bounds
    const auto& entries = table_->entries();
    for (const std::uint32_t i : table_->candidates(*place, answer)) {
        const ArmedEntry& entry = entries[i];
        if (answer < entry.least || answer > entry.most) continue;
        if ((moved_ & ~own & entry.others) == 0 && !table_->is_void(i)) return i;
    }
    return std::nullopt;
}

}  // namespace plimsoll::bot
