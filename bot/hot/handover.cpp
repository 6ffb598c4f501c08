// SPDX-License-Identifier: Apache-2.0
#include "bot/hot/handover.hpp"

#include <utility>

namespace plimsoll::bot {

void Handover::publish(std::shared_ptr<ArmedTable> table) {
    std::erase_if(retired_, [](const std::shared_ptr<ArmedTable>& one) { return one.use_count() == 1; });
    if (table_) retired_.push_back(std::move(table_));
    std::shared_ptr<ArmedTable> handed = table;
    if (!tables_.push(std::move(handed))) return table_.reset();  // it sleeps: the writer thread sends alone
    table_ = std::move(table);
    open();
}

void Handover::open() {
    if (table_) gate_.open(table_->epoch());
}

std::optional<HotDeparture> Handover::close() {
    const auto entry = gate_.close();
    if (!entry) return std::nullopt;
    const ArmedEntry& left = table_->entries()[*entry];
    const ArmedTable::Cause& cause = table_->cause;
    const HotDeparture out{left.key,         left.slot,
                           cause.block_hash, cause.block_number,
                           cause.received,   table_->left_at.load(std::memory_order_acquire)};
    retired_.push_back(std::move(table_));
    return out;
}

}  // namespace plimsoll::bot
