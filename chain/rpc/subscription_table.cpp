// SPDX-License-Identifier: Apache-2.0
#include "chain/rpc/subscription_table.hpp"

#include <algorithm>
#include <utility>

namespace plimsoll::rpc {
namespace {

constexpr std::size_t kMaxHeldFrames = 256;
constexpr std::size_t kMaxHeldBytes = std::size_t{1} << 20U;

}  // namespace

void SubscriptionTable::give_up() noexcept {
    if (expected_ != 0) --expected_;
    drop_held_if_none_expected();
}

std::uint32_t SubscriptionTable::confirm(std::string id, SubscriptionKind kind) {
    // A node that gives one id twice means one subscription; the newer number takes it over.
    std::erase_if(entries_, [&id](const Entry& entry) { return entry.id == id; });
    if (expected_ != 0) --expected_;
    entries_.push_back(Entry{++last_number_, kind, std::move(id)});
    return last_number_;
}

std::vector<HeldFrame> SubscriptionTable::take_held(std::string_view id) {
    std::vector<HeldFrame> out;
    for (Held& held : held_) {
        if (held.id != id) continue;
        held_bytes_ -= held.frame.text.size();
        out.push_back(std::move(held.frame));
    }
    std::erase_if(held_, [id](const Held& held) { return held.id == id; });
    drop_held_if_none_expected();
    return out;
}

bool SubscriptionTable::hold(std::string_view id, std::string_view frame, ReceiveTime received) {
    if (expected_ == 0 || held_.size() >= kMaxHeldFrames || held_bytes_ + frame.size() > kMaxHeldBytes)
        return false;
    held_bytes_ += frame.size();
    held_.push_back(Held{std::string{id}, HeldFrame{std::string{frame}, received}});
    return true;
}

const SubscriptionTable::Entry* SubscriptionTable::find(std::string_view id) const noexcept {
    const auto found =
        std::find_if(entries_.begin(), entries_.end(), [id](const Entry& entry) { return entry.id == id; });
    return found == entries_.end() ? nullptr : &*found;
}

const SubscriptionTable::Entry* SubscriptionTable::find(std::uint32_t number) const noexcept {
    const auto found = std::find_if(entries_.begin(), entries_.end(),
                                    [number](const Entry& entry) { return entry.number == number; });
    return found == entries_.end() ? nullptr : &*found;
}

void SubscriptionTable::remove(std::uint32_t number) {
    std::erase_if(entries_, [number](const Entry& entry) { return entry.number == number; });
}

void SubscriptionTable::clear() {
    entries_.clear();
    held_.clear();
    held_bytes_ = 0;
    expected_ = 0;
}

void SubscriptionTable::drop_held_if_none_expected() {
    if (expected_ != 0) return;
    held_.clear();
    held_bytes_ = 0;
}

}  // namespace plimsoll::rpc
